//! A context from the variables that programs of AgentChat are configured by.

use std::env;
use std::ffi::OsString;

use super::{Context, ContextBuilder};
use crate::error::ConfigError;
use crate::secret::ApiKey;

/// The variable that holds an agent's key.
pub const API_KEY_VARIABLE: &str = "AGENTCHAT_API_KEY";

/// The variable that says where the platform is; without it, at [`DEFAULT_BASE_URL`](super::DEFAULT_BASE_URL).
pub const BASE_URL_VARIABLE: &str = "AGENTCHAT_BASE_URL";

impl Context {
    /// The context that the process's environment describes: the key of [`API_KEY_VARIABLE`], and the platform at
    /// [`BASE_URL_VARIABLE`] if that is set. A variable that is empty counts as not set.
    ///
    /// The environment is read here and by [`ContextBuilder::from_env`] only, when they are called.
    ///
    /// ```no_run
    /// let context = agentchat_engine::Context::from_env()?;
    /// # Ok::<(), agentchat_engine::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// [`ConfigError::NotSet`] if there is no key; [`ConfigError::NotText`], [`ConfigError::ApiKey`] and [`ConfigError::Url`]
    /// for values that cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        ContextBuilder::from_env()?.with_key()
    }

    /// The same from variables that are given, such as those of a test or a configuration file.
    ///
    /// ```
    /// use agentchat_engine::Context;
    ///
    /// let context = Context::from_variables(|name| match name {
    ///     "AGENTCHAT_API_KEY" => Some("ac_secret".into()),
    ///     "AGENTCHAT_BASE_URL" => Some("http://127.0.0.1:8080".into()),
    ///     _ => None,
    /// })?;
    /// assert_eq!(context.base_url(), "http://127.0.0.1:8080");
    ///
    /// let refused = Context::from_variables(|_| None).unwrap_err();
    /// assert_eq!(refused.to_string(), "AGENTCHAT_API_KEY is not set");
    /// # Ok::<(), agentchat_engine::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// As for [`from_env`](Self::from_env).
    pub fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, ConfigError> {
        ContextBuilder::from_variables(variable)?.with_key()
    }
}

impl ContextBuilder {
    /// Starts from what the process's environment says, as [`Context::from_env`] reads it; the key may be missing, as before a
    /// registration.
    ///
    /// ```no_run
    /// let context = agentchat_engine::ContextBuilder::from_env()?.allow_plaintext().build()?;
    /// # Ok::<(), agentchat_engine::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// [`ConfigError::NotText`] if a variable is not text, [`ConfigError::ApiKey`] if the key cannot be one.
    #[expect(clippy::disallowed_methods, reason = "asked for by name, and by nothing in the engine")]
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(|name| env::var_os(name))
    }

    /// The same from variables that are given.
    ///
    /// # Errors
    /// As for [`from_env`](Self::from_env).
    pub fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, ConfigError> {
        let mut builder = Self::default();
        if let Some(key) = text(API_KEY_VARIABLE, &variable)? {
            builder = builder.api_key(ApiKey::new(key)?);
        }
        if let Some(url) = text(BASE_URL_VARIABLE, &variable)? {
            builder = builder.base_url(url);
        }
        Ok(builder)
    }

    fn with_key(self) -> Result<Context, ConfigError> {
        if self.api_key.is_none() {
            return Err(ConfigError::NotSet { name: API_KEY_VARIABLE });
        }
        self.build()
    }
}

/// What a variable says, if it says anything.
fn text(name: &'static str, variable: impl Fn(&str) -> Option<OsString>) -> Result<Option<String>, ConfigError> {
    let Some(value) = variable(name).filter(|value| !value.is_empty()) else { return Ok(None) };
    value.into_string().map(Some).map_err(|_| ConfigError::NotText { name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(key: &str, url: &str) -> Result<Context, ConfigError> {
        Context::from_variables(|name| Some(if name == API_KEY_VARIABLE { key } else { url }.into()))
    }

    #[test]
    fn what_is_empty_is_not_set() {
        assert_eq!(built("ac_key", "").unwrap().base_url(), crate::DEFAULT_BASE_URL);
        assert_eq!(built("", "").unwrap_err().to_string(), "AGENTCHAT_API_KEY is not set");
        let keyless = ContextBuilder::from_variables(|_| Some(OsString::new())).unwrap().build().unwrap();
        assert!(keyless.api_key().is_none());
    }

    #[test]
    fn a_value_that_cannot_be_used_is_an_error_that_does_not_quote_it() {
        assert_eq!(built("ac key", "").unwrap_err(), ApiKey::new("ac key").unwrap_err());
        assert!(matches!(built("ac_key", "ftp://h").unwrap_err(), ConfigError::Url { .. }));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_text_is_named() {
        use std::os::unix::ffi::OsStringExt;

        let refused = Context::from_variables(|_| Some(OsString::from_vec(vec![0xFF]))).unwrap_err();
        assert_eq!(refused.to_string(), "AGENTCHAT_API_KEY is not text");
    }
}
