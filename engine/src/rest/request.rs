//! Building the parts of a request: path segments, query, JSON body, headers.

use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::endpoint::{Auth, Body, Parts, Place, Route};
use super::options::CallOptions;
use super::table::TABLE;
use crate::context::Context;
use crate::error::InvalidArgument;

/// All but RFC 3986's unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The media type of requests and answers.
const JSON: &str = "application/json";

/// Headers that a request has room for at once: its own, and those that a driver adds.
const HEADERS: usize = 8;

/// Fills a template's `{parameters}` in order; the values were checked before.
pub(crate) fn path(template: &'static str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut path = String::with_capacity(template.len().saturating_add(32));
    for (index, segment) in template.split('/').enumerate() {
        if index > 0 {
            path.push('/');
        }
        match values.as_slice().first() {
            Some(value) if segment.starts_with('{') => {
                path.extend(utf8_percent_encode(value, SEGMENT));
                values.next();
            }
            _ => path.push_str(segment),
        }
    }
    path
}

/// Form-encodes what is present.
pub(crate) fn query(pairs: &[(&'static str, Option<String>)]) -> Option<String> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    let mut any = false;
    for (name, value) in pairs {
        if let Some(value) = value {
            form.append_pair(name, value);
            any = true;
        }
    }
    any.then(|| form.finish())
}

/// A JSON object as body.
pub(crate) fn json(fields: &impl Serialize) -> Result<Body, InvalidArgument> {
    let text = serde_json::to_vec(fields).map_err(|_| InvalidArgument::new("body", "cannot be written as JSON"))?;
    Ok(Body::Json(Bytes::from(text)))
}

/// Compile-time check that a template's parameters are exactly the path fields, in order.
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "runs at compile time, where a slip is a compile error"
)]
pub(crate) const fn template_names(template: &str, fields: &[&str]) -> bool {
    let (bytes, mut at, mut field) = (template.as_bytes(), 0, 0);
    while at < bytes.len() {
        if bytes[at] == b'{' {
            if field == fields.len() {
                return false;
            }
            let (name, mut i) = (fields[field].as_bytes(), 0);
            while i < name.len() {
                if at + 1 + i >= bytes.len() || bytes[at + 1 + i] != name[i] {
                    return false;
                }
                i += 1;
            }
            if at + 1 + i >= bytes.len() || bytes[at + 1 + i] != b'}' {
                return false;
            }
            field += 1;
        }
        at += 1;
    }
    field == fields.len()
}

/// Puts a request together. The same call gives the same request at every attempt.
pub(crate) fn assemble(
    cx: &Context,
    route: &'static Route,
    parts: Parts,
    options: &CallOptions,
) -> Result<Request<Bytes>, InvalidArgument> {
    unambiguous(route, &parts.path)?;
    let mut target = parts.path;
    if let Some(query) = parts.query {
        target.push('?');
        target.push_str(&query);
    }
    let uri = cx.rest_url(target).ok_or_else(|| InvalidArgument::new("url", "is too long or cannot be a URL"))?;
    let mut headers = HeaderMap::with_capacity(HEADERS);
    headers.extend(cx.headers().identity()?);
    headers.insert(ACCEPT, HeaderValue::from_static(JSON));
    let body = match parts.body {
        Body::None => Bytes::new(),
        Body::Json(bytes) => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
            bytes
        }
        Body::Raw { bytes, content_type } => {
            headers.insert(CONTENT_TYPE, content_type);
            bytes
        }
    };
    options.apply(&mut headers)?;
    if route.auth == Auth::Required {
        let missing = || Err(InvalidArgument::new("api_key", "is required for this call"));
        headers.insert(AUTHORIZATION, cx.headers().authorization().unwrap_or_else(missing)?);
    }
    let mut request = Request::new(body);
    *request.method_mut() = route.method.into();
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Ok(request)
}

/// Refuses a value that turns one endpoint's path into another's: history of a conversation named `sync`, a profile
/// of an agent named `me`.
fn unambiguous(route: &'static Route, path: &str) -> Result<(), InvalidArgument> {
    let Some(param) = route.params.iter().find(|param| param.place == Place::Path) else { return Ok(()) };
    let literals = |template: &str| template.split('/').filter(|s| !s.starts_with('{')).count();
    let is_path_of = |other: &Route| {
        let mut segments = path.split('/');
        let mut template = other.template.split('/');
        template.by_ref().zip(segments.by_ref()).all(|(t, s)| t.starts_with('{') || t == s)
            && other.template.split('/').count() == path.split('/').count()
    };
    let taken = TABLE.iter().any(|other| {
        other.method == route.method && literals(other.template) > literals(route.template) && is_path_of(other)
    });
    if taken { Err(InvalidArgument::new(param.name, "is a word of the platform's own paths")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_encoded_as_one() {
        assert_eq!(path("/v1/agents/{handle}", &["a/b c@é?#%"]), "/v1/agents/a%2Fb%20c%40%C3%A9%3F%23%25");
        assert_eq!(path("/v1/groups/{g}/members/{h}", &["grp_1", "~x.y-z"]), "/v1/groups/grp_1/members/~x.y-z");
    }

    #[test]
    fn queries_are_form_encoded_and_empty_ones_absent() {
        assert_eq!(query(&[("a", None)]), None);
        assert_eq!(query(&[("q", Some("a b+&ü".into())), ("n", Some("0".into()))]).unwrap(), "q=a+b%2B%26%C3%BC&n=0");
    }

    #[test]
    fn templates_are_checked_against_fields() {
        assert!(template_names("/v1/groups/{id}/members/{handle}", &["id", "handle"]));
        assert!(template_names("/v1/me", &[]));
        for (template, fields) in
            [("/{a}", &["b"][..]), ("/{a}", &[]), ("/x", &["a"]), ("/{ab}", &["a"]), ("/{a", &["a"])]
        {
            assert!(!template_names(template, fields), "{template} {fields:?}");
        }
    }
}
