//! Reading success answers. A problem names place and cause, never what stands there.

use bytes::Bytes;
use http::header::LOCATION;
use http::{Response, StatusCode, Uri};
use serde::Deserialize;
use serde_json::Value;

use super::endpoint::Answer;
use crate::transfer::url_problem;
use crate::types::SignedUrl;

/// A JSON body; an empty one is `null`.
pub(crate) fn json<T: for<'de> Deserialize<'de>>(response: &Response<Bytes>) -> Result<T, String> {
    let text = core::str::from_utf8(response.body()).map_err(|_| "it is not UTF-8".to_owned())?;
    let text = if text.is_empty() { "null" } else { text };
    serde_json::from_str(text).map_err(|e| {
        // serde's message can quote a value of the answer; category and position cannot.
        format!("{:?} error at line {} column {}", e.classify(), e.line(), e.column())
    })
}

/// The status has said it all.
pub(crate) fn ignored(_: &Response<Bytes>) -> Result<(), String> {
    Ok(())
}

/// A JSON body, or none where there is nothing.
pub(crate) fn or_missing<T: for<'de> Deserialize<'de>>(response: &Response<Bytes>) -> Result<Option<T>, String> {
    if response.status() == StatusCode::NOT_FOUND { Ok(None) } else { json(response).map(Some) }
}

/// The target of a redirect: absolute, and `https` unless it is on this machine.
pub(crate) fn location(response: &Response<Bytes>) -> Result<SignedUrl, String> {
    let location = response.headers().get(LOCATION).ok_or("there is no Location")?;
    let text = location.to_str().map_err(|_| "its Location is not ASCII".to_owned())?.trim();
    let url = text.parse::<Uri>().map_err(|_| "its Location is not a URL".to_owned())?;
    match url_problem(&url) {
        Some(problem) => Err(format!("its Location {problem}")),
        None => Ok(SignedUrl::from(text)),
    }
}

/// Any answer as JSON.
pub(crate) fn value(answer: Answer, response: &Response<Bytes>) -> Result<Value, String> {
    match answer {
        Answer::Json => json(response),
        Answer::Ignored => Ok(json(response).unwrap_or(Value::Null)),
        Answer::OrMissing => or_missing(response).map(Option::unwrap_or_default),
        Answer::Location => location(response).map(|url| Value::from(url.expose())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_absolute_and_encrypted_or_local() {
        let to = |target: &str| {
            let response = Response::builder().status(302).header(LOCATION, target).body(Bytes::new());
            location(&response.unwrap())
        };
        assert!(to("https://storage.example/f?signature=x").is_ok());
        assert!(to("http://127.0.0.1:1/f").is_ok());
        for refused in ["http://storage.example/f", "/f", "ftp://storage.example/f", "javascript:x", "", "//h/f"] {
            let problem = to(refused).unwrap_err();
            assert!(problem.contains("Location"), "{refused}");
        }
        assert!(location(&Response::new(Bytes::new())).is_err());
    }
}
