//! Reading success answers. A problem names place and cause, never what stands there.

use bytes::Bytes;
use http::header::LOCATION;
use http::{Response, StatusCode, Uri};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::endpoint::{AnswerKind, Route};
use crate::json::{self, is_too_heavy};
use crate::transfer::url_problem;
use crate::types::SignedUrl;

/// Marks a response whose body was larger than the limit and was dropped: an extension of the response, set by the transport that
/// reads it. The call then goes by the status and the headers. Without it a body above the limit is not looked at
/// either; this spares reading it.
///
/// ```
/// use agentchat_engine::rest::{BodyTooLarge, GetMe, RetryPolicy};
/// use agentchat_engine::{ApiKey, Call, CallInput, CallOptions, CallOutput, Context, Now, Seed, limits};
/// use bytes::Bytes;
///
/// let cx = Context::builder().api_key(ApiKey::new("ac_x")?).build()?;
/// let options = CallOptions::default().retry(RetryPolicy::never());
/// let mut call = Call::new(&cx, GetMe::new(), options, Seed::from_bytes([1; 32]), Now::default())?;
/// let CallOutput::Send(attempt) = call.poll_output() else { panic!() };
///
/// let response = http::Response::builder().status(500).extension(BodyTooLarge { limit: limits::ERROR_BODY });
/// let response = response.body(Bytes::new())?;
/// call.handle_input(Now::default(), CallInput::Response { attempt: attempt.number, response });
/// let CallOutput::Done(Err(error)) = call.poll_output() else { panic!() };
/// assert_eq!(error.api().map(|api| api.status), Some(500));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyTooLarge {
    /// How many bytes would have been read.
    pub limit: usize,
}

impl BodyTooLarge {
    /// The limit that a response's body is above.
    pub(crate) fn of(response: &Response<Bytes>, limit: usize) -> Option<usize> {
        let marked = response.extensions().get::<Self>().map(|marked| marked.limit);
        marked.or_else(|| (response.body().len() > limit).then_some(limit))
    }
}

/// A JSON body; an empty one is `null`. One that would take too much memory is refused before it is parsed.
pub(crate) fn json<T: DeserializeOwned>(response: &Response<Bytes>, route: &Route) -> Result<T, String> {
    let text = text(response)?;
    if is_too_heavy(text, route.largest) {
        return Err("it has too many values".to_owned());
    }
    json::read(text).map_err(problem)
}

/// A JSON body whose rows are kept as text, so that it weighs no more than that.
pub(crate) fn rows<T: for<'de> Deserialize<'de>>(response: &Response<Bytes>, _: &Route) -> Result<T, String> {
    read(text(response)?)
}

/// The status has said it all.
pub(crate) fn ignored(_: &Response<Bytes>, _: &Route) -> Result<(), String> {
    Ok(())
}

/// A JSON body, or none where there is nothing.
pub(crate) fn or_missing<T: for<'de> Deserialize<'de>>(
    response: &Response<Bytes>,
    route: &Route,
) -> Result<Option<T>, String> {
    if response.status() == StatusCode::NOT_FOUND { Ok(None) } else { json(response, route).map(Some) }
}

fn text(response: &Response<Bytes>) -> Result<&str, String> {
    let text = core::str::from_utf8(response.body()).map_err(|_| "it is not UTF-8".to_owned())?;
    Ok(if text.is_empty() { "null" } else { text })
}

fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, String> {
    serde_json::from_str(text).map_err(problem)
}

fn problem(error: serde_json::Error) -> String {
    // serde's message can quote a value of the answer; category and position cannot.
    format!("{:?} error at line {} column {}", error.classify(), error.line(), error.column())
}

/// The target of a redirect: absolute, and `https` unless it is on this machine.
pub(crate) fn location(response: &Response<Bytes>, _: &Route) -> Result<SignedUrl, String> {
    let location = response.headers().get(LOCATION).ok_or("there is no Location")?;
    let text = location.to_str().map_err(|_| "its Location is not ASCII".to_owned())?.trim();
    let url = text.parse::<Uri>().map_err(|_| "its Location is not a URL".to_owned())?;
    match url_problem(&url) {
        Some(problem) => Err(format!("its Location {problem}")),
        None => Ok(SignedUrl::from(text)),
    }
}

/// Any answer as JSON, unparsed.
pub(crate) fn raw(response: &Response<Bytes>, route: &Route) -> Result<Box<RawValue>, String> {
    let nothing = || RawValue::NULL.to_owned();
    match route.answer {
        AnswerKind::OrMissing if response.status() == StatusCode::NOT_FOUND => Ok(nothing()),
        AnswerKind::Json | AnswerKind::Rows | AnswerKind::OrMissing => read(text(response)?),
        AnswerKind::Ignored => Ok(text(response).and_then(read).unwrap_or_else(|_| nothing())),
        AnswerKind::Location => {
            let url = location(response, route)?;
            serde_json::value::to_raw_value(url.expose()).map_err(|_| "its Location is not text".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rest::GetAttachmentDownloadUrl;

    #[test]
    fn a_location_is_absolute_and_encrypted_or_local() {
        let to = |target: &str| {
            let response = Response::builder().status(302).header(LOCATION, target).body(Bytes::new());
            location(&response.unwrap(), GetAttachmentDownloadUrl::ROUTE)
        };
        assert!(to("https://storage.example/f?signature=x").is_ok());
        assert!(to("http://127.0.0.1:1/f").is_ok());
        for refused in ["http://storage.example/f", "/f", "ftp://storage.example/f", "javascript:x", "", "//h/f"] {
            let problem = to(refused).unwrap_err();
            assert!(problem.contains("Location"), "{refused}");
        }
        assert!(location(&Response::new(Bytes::new()), GetAttachmentDownloadUrl::ROUTE).is_err());
    }
}
