//! An absolute URL that calls are put together from, and which hosts may be reached in plaintext.

use bytes::Bytes;
use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};

use crate::error::ConfigError;
use crate::port::port_of;

/// Secure first.
pub(super) fn ws_schemes() -> Result<[Scheme; 2], ConfigError> {
    let scheme = |text: &str| {
        text.parse().map_err(|_| ConfigError::Url { what: "the realtime URL", problem: "has an unusable scheme" })
    };
    Ok([scheme("wss")?, scheme("ws")?])
}

/// An absolute URL that paths are appended to verbatim, never normalised.
#[derive(Clone, Debug)]
pub(super) struct Base {
    scheme: Scheme,
    secure: bool,
    authority: Authority,
    prefix: String,
}

impl Base {
    pub(super) fn parse(
        what: &'static str,
        url: &str,
        [secure_scheme, plain_scheme]: [Scheme; 2],
        allow_plaintext: bool,
    ) -> Result<Self, ConfigError> {
        let refuse = |problem| ConfigError::Url { what, problem };
        if url.contains('#') {
            return Err(refuse("has a fragment"));
        }
        let parts = url.trim().parse::<Uri>().map_err(|_| refuse("is not a URL"))?.into_parts();
        let scheme = parts.scheme.ok_or_else(|| refuse("has no scheme"))?;
        let authority = parts.authority.ok_or_else(|| refuse("has no host"))?;
        let path = parts.path_and_query.ok_or_else(|| refuse("has no host"))?;
        if port_of(&authority).is_err() {
            return Err(refuse("has a port that is not a number from 1 to 65535"));
        }
        let secure = scheme == secure_scheme;
        if !secure && scheme != plain_scheme {
            return Err(refuse("has another scheme than http, https, ws or wss"));
        }
        if authority.as_str().contains('@') {
            return Err(refuse("carries user information"));
        }
        if path.query().is_some() {
            return Err(refuse("has a query"));
        }
        if !secure && !allow_plaintext && !is_loopback(authority.host()) {
            return Err(refuse("is not encrypted, which is allowed to this machine only"));
        }
        let prefix = path.path().trim_end_matches('/').to_owned();
        Ok(Self { scheme, secure, authority, prefix })
    }

    pub(super) fn to_realtime(&self) -> Result<Self, ConfigError> {
        let [secure, plain] = ws_schemes()?;
        Ok(Self { scheme: if self.secure { secure } else { plain }, ..self.clone() })
    }

    pub(super) fn uri(&self, path_and_query: String) -> Option<Uri> {
        let target = if self.prefix.is_empty() { path_and_query } else { format!("{}{path_and_query}", self.prefix) };
        let target = PathAndQuery::from_maybe_shared(Bytes::from(target)).ok()?;
        let (scheme, authority) = (self.scheme.clone(), self.authority.clone());
        Uri::builder().scheme(scheme).authority(authority).path_and_query(target).build().ok()
    }

    pub(super) fn join(&self, path_and_query: &str) -> String {
        format!("{}://{}{}{path_and_query}", self.scheme, self.authority, self.prefix)
    }
}

/// Whether a URL's host is this machine: what goes to it does not leave the machine, so plaintext is allowed and no proxy is
/// to be asked.
///
/// ```
/// use agentchat_engine::is_loopback;
/// assert!(["localhost", "127.0.0.1", "[::1]"].into_iter().all(is_loopback));
/// assert!(!is_loopback("localhost.example"));
/// ```
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<core::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
