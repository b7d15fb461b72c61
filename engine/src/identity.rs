//! Who the client says it is: `User-Agent`, `X-AgentChat-Client` and the HELLO frame.

use crate::error::ConfigError;

/// The product name and version sent with every call and in HELLO (contract 1.3).
///
/// The default is this SDK. A product built on top names itself, so that its traffic can be told apart.
///
/// ```
/// use agentchat_engine::Identity;
///
/// let identity = Identity::default().with_runtime("tokio/1.54");
/// assert!(identity.user_agent().starts_with("agentchatme-rs/"));
/// assert!(identity.user_agent().ends_with(" tokio/1.54"));
/// assert_eq!(identity.client(), "rust_sdk");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    client: String,
    version: String,
    user_agent: Option<String>,
    runtime: Option<String>,
}

impl Default for Identity {
    fn default() -> Self {
        Self { client: "rust_sdk".into(), version: env!("CARGO_PKG_VERSION").into(), user_agent: None, runtime: None }
    }
}

impl Identity {
    /// An identity for a product built on this SDK: a low-cardinality name and its version. Without a version, which is empty
    /// text, none is sent.
    ///
    /// # Errors
    /// [`ConfigError::Identity`] if the name is empty, or either is longer than 128 bytes or not visible ASCII.
    pub fn new(client: impl Into<String>, version: impl Into<String>) -> Result<Self, ConfigError> {
        let identity = Self { client: client.into(), version: version.into(), ..Self::default() };
        visible("the client name", &identity.client)?;
        if !identity.version.is_empty() {
            visible("the client version", &identity.version)?;
        }
        Ok(identity)
    }

    /// Names the runtime at the end of the `User-Agent`; adapters call it. Text that could not be sent
    /// as a header is ignored.
    #[must_use]
    pub fn with_runtime(mut self, runtime: &str) -> Self {
        self.runtime = visible("the runtime", runtime).is_ok().then(|| runtime.to_owned());
        self
    }

    /// Replaces the whole `User-Agent`.
    ///
    /// # Errors
    /// [`ConfigError::Identity`] if it is empty, longer than 256 bytes or not printable ASCII.
    pub fn with_user_agent(mut self, user_agent: impl Into<String>) -> Result<Self, ConfigError> {
        let user_agent = user_agent.into();
        let printable = user_agent.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        if user_agent.trim().is_empty() || user_agent.len() > 256 || !printable {
            return Err(ConfigError::Identity { what: "the user agent" });
        }
        self.user_agent = Some(user_agent);
        Ok(self)
    }

    /// The product name, for `X-AgentChat-Client` and HELLO.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.client
    }

    /// The product's version, for `X-AgentChat-Client-Version` and HELLO, if it has one.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        Some(self.version.as_str()).filter(|version| !version.is_empty())
    }

    /// The `User-Agent` header.
    #[must_use]
    pub fn user_agent(&self) -> String {
        match (&self.user_agent, &self.runtime) {
            (Some(whole), _) => whole.clone(),
            (None, Some(runtime)) => format!("agentchatme-rs/{} {runtime}", env!("CARGO_PKG_VERSION")),
            (None, None) => concat!("agentchatme-rs/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

fn visible(what: &'static str, text: &str) -> Result<(), ConfigError> {
    let ok = !text.is_empty() && text.len() <= 128 && text.bytes().all(|b| b.is_ascii_graphic());
    if ok { Ok(()) } else { Err(ConfigError::Identity { what }) }
}
