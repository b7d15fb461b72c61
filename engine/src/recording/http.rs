//! How requests and responses stand in a recording, and how responses come back out of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use serde::{Deserialize, Serialize};

use crate::redact::{Mask, Members};
use crate::rest::BodyTooLarge;

/// Headers: name and value; a byte of the value is the character of that number.
pub(super) type HeadersForm = Vec<(String, String)>;

/// A body: text where it is UTF-8, so that a person can read it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum BodyForm {
    Text(String),
    Base64(String),
}

impl BodyForm {
    pub(super) fn new(body: &[u8], mask: &Mask, members: Members) -> Self {
        match String::from_utf8(mask.body(body, members)) {
            Ok(text) => Self::Text(text),
            Err(other) => Self::Base64(STANDARD.encode(other.as_bytes())),
        }
    }

    pub(super) fn into_bytes(self) -> Result<Bytes, String> {
        match self {
            Self::Text(text) => Ok(text.into()),
            Self::Base64(text) => Ok(STANDARD.decode(text).map_err(|_| "a body is not base64".to_owned())?.into()),
        }
    }
}

/// A request; only ever written, because a machine makes its own.
#[derive(Debug, Serialize)]
pub(super) struct RequestForm {
    method: String,
    /// Without its query, because what follows a `?` is masked.
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<String>,
    headers: HeadersForm,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<BodyForm>,
}

impl RequestForm {
    pub(super) fn new(request: &Request<Bytes>, mask: &Mask) -> Self {
        let members = Members::of_request(request.uri().path());
        let body = request.body();
        let body = (!body.is_empty()).then(|| BodyForm::new(body, mask, members));
        Self { body, ..Self::upgrade(&request.clone().map(drop), mask) }
    }

    /// One that asks for a WebSocket, and has no body.
    pub(super) fn upgrade(request: &Request<()>, mask: &Mask) -> Self {
        let uri = request.uri().to_string();
        let (url, query) = uri.split_once('?').map_or((&*uri, None), |(url, query)| (url, Some(query)));
        Self {
            method: request.method().to_string(),
            url: url.to_owned(),
            query: query.map(str::to_owned),
            headers: mask.headers(request.headers()),
            body: None,
        }
    }
}

/// A response.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResponseForm {
    status: u16,
    headers: HeadersForm,
    body: BodyForm,
    /// The limit that the body was above, and was dropped for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    too_large: Option<usize>,
}

impl ResponseForm {
    pub(super) fn new(response: &Response<Bytes>, mask: &Mask) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: mask.headers(response.headers()),
            body: BodyForm::new(response.body(), mask, Members::Usual),
            too_large: response.extensions().get::<BodyTooLarge>().map(|marked| marked.limit),
        }
    }

    pub(super) fn into_response(self) -> Result<Response<Bytes>, String> {
        let mut response = Response::new(self.body.into_bytes()?);
        *response.status_mut() = StatusCode::from_u16(self.status).map_err(|_| "invalid status code".to_owned())?;
        *response.headers_mut() = read_headers(&self.headers)?;
        if let Some(limit) = self.too_large {
            response.extensions_mut().insert(BodyTooLarge { limit });
        }
        Ok(response)
    }
}

pub(super) fn read_headers(pairs: &[(String, String)]) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let name: HeaderName = name.parse().map_err(|_| "invalid header name".to_owned())?;
        let value = value.chars().map(u8::try_from).collect::<Result<Vec<_>, _>>().ok();
        let value = value.and_then(|bytes| HeaderValue::from_bytes(&bytes).ok());
        headers.append(name, value.ok_or("invalid header value")?);
    }
    Ok(headers)
}
