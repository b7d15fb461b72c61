//! [`RequestHeaders`]: the headers that all requests of a context have in common.

use http::header::USER_AGENT;
use http::{HeaderName, HeaderValue};

use crate::error::InvalidArgument;
use crate::identity::Identity;
use crate::rest::header;
use crate::secret::ApiKey;

/// Made once, because every call has them.
#[derive(Clone, Debug)]
pub(crate) struct RequestHeaders {
    identity: Result<Vec<(HeaderName, HeaderValue)>, InvalidArgument>,
    authorization: Option<Result<HeaderValue, InvalidArgument>>,
}

impl RequestHeaders {
    pub(crate) fn new(identity: &Identity, key: Option<&ApiKey>) -> Self {
        Self { identity: identity_headers(identity), authorization: key.map(authorization) }
    }

    /// `User-Agent` and the client's name and version: on calls and on the upgrade alike.
    pub(crate) fn identity(&self) -> Result<impl Iterator<Item = (HeaderName, HeaderValue)>, InvalidArgument> {
        self.identity.as_ref().map(|headers| headers.iter().cloned()).map_err(Clone::clone)
    }

    /// `Authorization`, if there is a key.
    pub(crate) fn authorization(&self) -> Option<Result<HeaderValue, InvalidArgument>> {
        self.authorization.clone()
    }
}

fn identity_headers(identity: &Identity) -> Result<Vec<(HeaderName, HeaderValue)>, InvalidArgument> {
    let mut headers = vec![
        (USER_AGENT, header("user_agent", &identity.user_agent())?),
        (HeaderName::from_static("x-agentchat-client"), header("client", identity.client())?),
    ];
    if let Some(version) = identity.version() {
        headers.push((HeaderName::from_static("x-agentchat-client-version"), header("client", version)?));
    }
    Ok(headers)
}

fn authorization(key: &ApiKey) -> Result<HeaderValue, InvalidArgument> {
    let mut value = header("api_key", &format!("Bearer {}", key.expose()))?;
    value.set_sensitive(true);
    Ok(value)
}
