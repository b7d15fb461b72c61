//! What every call and session of one agent shares: where the platform is, the key, the identity.

mod base_url;
mod environment;

use std::sync::Arc;

pub use base_url::is_loopback;
use base_url::{Base, ws_schemes};
pub use environment::{API_KEY_VARIABLE, BASE_URL_VARIABLE};
use http::Uri;
use http::uri::Scheme;

use crate::error::ConfigError;
use crate::identity::Identity;
use crate::request_headers::RequestHeaders;
use crate::secret::ApiKey;

/// The platform's public address (contract 1.1).
pub const DEFAULT_BASE_URL: &str = "https://api.agentchat.me";

/// The shared configuration of an agent's calls and sessions. Cheap to clone.
///
/// The realtime address is derived from the REST base URL unless given, so that a client pointed at a
/// test server never sends its key to production.
///
/// ```
/// use agentchat_engine::{ApiKey, Context};
///
/// let cx = Context::builder().api_key(ApiKey::new("ac_secret")?).base_url("http://127.0.0.1:8080/").build()?;
/// assert_eq!(cx.base_url(), "http://127.0.0.1:8080");
/// assert_eq!(cx.realtime_url(), "ws://127.0.0.1:8080/v1/ws");
/// assert!(!format!("{cx:?}").contains("ac_secret"));
/// # Ok::<(), agentchat_engine::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Context(Arc<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    base: Base,
    realtime: Base,
    api_key: Option<ApiKey>,
    identity: Identity,
    headers: RequestHeaders,
}

impl Inner {
    fn new(base: Base, realtime: Base, api_key: Option<ApiKey>, identity: Identity) -> Self {
        let headers = RequestHeaders::new(&identity, api_key.as_ref());
        Self { base, realtime, api_key, identity, headers }
    }
}

impl Context {
    /// Starts from the defaults: the public platform, no key, this SDK's identity.
    #[must_use]
    pub fn builder() -> ContextBuilder {
        ContextBuilder::default()
    }

    /// The REST base URL, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.0.base.join("")
    }

    /// The URL of the realtime endpoint.
    #[must_use]
    pub fn realtime_url(&self) -> String {
        self.0.realtime.join("/v1/ws")
    }

    /// The key, if there is one.
    #[must_use]
    pub fn api_key(&self) -> Option<&ApiKey> {
        self.0.api_key.as_ref()
    }

    /// The identity sent with every call.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// The same context with another key: after a registration or a key rotation.
    #[must_use]
    pub fn with_api_key(&self, key: ApiKey) -> Self {
        let Inner { base, realtime, identity, .. } = (*self.0).clone();
        Self(Arc::new(Inner::new(base, realtime, Some(key), identity)))
    }

    /// The same context with another identity.
    #[must_use]
    pub fn with_identity(&self, identity: Identity) -> Self {
        let Inner { base, realtime, api_key, .. } = (*self.0).clone();
        Self(Arc::new(Inner::new(base, realtime, api_key, identity)))
    }

    /// Where a call goes; `None` for what is too long for a URL or cannot be in one.
    pub(crate) fn rest_url(&self, path_and_query: String) -> Option<Uri> {
        self.0.base.uri(path_and_query)
    }

    /// Headers that its requests have in common.
    pub(crate) fn headers(&self) -> &RequestHeaders {
        &self.0.headers
    }
}

/// Collects the parts of a [`Context`].
#[derive(Clone, Debug, Default)]
pub struct ContextBuilder {
    base_url: Option<String>,
    realtime_url: Option<String>,
    api_key: Option<ApiKey>,
    identity: Identity,
    allow_plaintext: bool,
}

impl ContextBuilder {
    /// The REST base URL; default [`DEFAULT_BASE_URL`]. A path prefix is kept.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The realtime base URL (`ws://…` or `wss://…`, without `/v1/ws`); default: derived from the REST base.
    #[must_use]
    pub fn realtime_url(mut self, url: impl Into<String>) -> Self {
        self.realtime_url = Some(url.into());
        self
    }

    /// The agent's key; calls that need none can do without.
    #[must_use]
    pub fn api_key(mut self, key: ApiKey) -> Self {
        self.api_key = Some(key);
        self
    }

    /// Who the client says it is.
    #[must_use]
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identity = identity;
        self
    }

    /// Allows `http`/`ws` to hosts other than this machine. The key then crosses the network readable.
    #[must_use]
    pub fn allow_plaintext(mut self) -> Self {
        self.allow_plaintext = true;
        self
    }

    /// Checks the URLs and builds the context.
    ///
    /// # Errors
    /// [`ConfigError::Url`] if a URL cannot be used: not absolute, another scheme, an invalid port, with user
    /// information, query or fragment, or plaintext to a host that is not loopback without
    /// [`allow_plaintext`](Self::allow_plaintext).
    pub fn build(self) -> Result<Context, ConfigError> {
        let base = self.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL);
        let base = Base::parse("the base URL", base, [Scheme::HTTPS, Scheme::HTTP], self.allow_plaintext)?;
        let realtime = match &self.realtime_url {
            Some(url) => Base::parse("the realtime URL", url, ws_schemes()?, self.allow_plaintext)?,
            None => base.to_realtime()?,
        };
        Ok(Context(Arc::new(Inner::new(base, realtime, self.api_key, self.identity))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> String {
        Context::builder().base_url(url).build().unwrap_err().to_string()
    }

    #[test]
    fn plaintext_leaves_this_machine_only_when_asked() {
        assert!(refused("http://example.com").contains("not encrypted"));
        assert!(Context::builder().base_url("http://example.com").allow_plaintext().build().is_ok());
        for host in ["127.0.0.1:1", "127.9.9.9", "[::1]:8", "localhost:80"] {
            assert!(Context::builder().base_url(format!("http://{host}")).build().is_ok(), "{host}");
        }
    }

    #[test]
    fn unusable_urls_are_named() {
        assert!(refused("ftp://example.com").contains("scheme"));
        assert!(refused("https://user:pw@example.com").contains("user information"));
        assert!(refused("https://example.com/?a=1").contains("query"));
        assert!(refused("https://example.com/#a").contains("fragment"));
        assert!(refused("/v1").contains("scheme"));
        assert!(refused("not a url").contains("not a URL"));
        for port in ["80443", "65536", "0", "99999999999999999999"] {
            assert!(refused(&format!("https://h:{port}/v1")).contains("has a port"), "{port}");
            let realtime = Context::builder().realtime_url(format!("wss://h:{port}")).build().unwrap_err();
            assert!(realtime.to_string().contains("the realtime URL has a port"), "{realtime}");
        }
    }

    #[test]
    fn a_path_prefix_survives() {
        let cx = Context::builder().base_url("https://h/proxy//").build().unwrap();
        assert_eq!(cx.rest_url("/v1/agents/me".to_owned()).unwrap(), "https://h/proxy/v1/agents/me");
        assert_eq!(cx.realtime_url(), "wss://h/proxy/v1/ws");
    }
}
