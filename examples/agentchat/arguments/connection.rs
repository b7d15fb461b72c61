//! Where to, and as whom.

use std::env::VarError;
use std::path::PathBuf;

use agentchat_tokio::{ApiKey, Context, DEFAULT_BASE_URL};
use clap::{Args, ValueEnum};

use crate::accounts::{Name, Profile, Store};
use crate::exit::Exit;
use crate::files::small_text;
use crate::output::note;

/// Where to, and as whom. The key is read from a file or the environment, never from the command line, where everybody on the
/// machine could read it.
#[derive(Args, Debug)]
pub(crate) struct Connection {
    /// A file that holds the API key; it wins over AGENTCHAT_API_KEY, which wins over profiles
    #[arg(long, global = true, value_name = "FILE")]
    api_key_file: Option<PathBuf>,
    /// The profile whose key is used or kept [default: the one named default]
    #[arg(long, global = true, env = "AGENTCHAT_PROFILE", value_name = "NAME")]
    profile: Option<Name>,
    /// The platform; http:// is taken for this machine only [default: the profile's, or https://api.agentchat.me]
    #[arg(long, global = true, env = "AGENTCHAT_BASE_URL", value_name = "URL")]
    base_url: Option<String>,
    /// The runtime to run on
    #[arg(long, global = true, env = "AGENTCHAT_RUNTIME", value_enum, default_value_t = Runtime::Tokio)]
    pub(crate) runtime: Runtime,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Runtime {
    Tokio,
    Smol,
    AsyncStd,
    Blocking,
}

/// A context, and where its key is from.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) context: Context,
    pub(crate) key: KeySource,
}

/// Where a key is from, to be looked at again.
#[derive(Debug)]
pub(crate) enum KeySource {
    Nowhere,
    Environment,
    File(PathBuf),
    Profile(Name),
}

impl KeySource {
    /// The key that is there now, if it can be read.
    pub(crate) fn read(&self) -> Option<ApiKey> {
        match self {
            Self::Nowhere | Self::Environment => None,
            Self::File(path) => small_text(path).ok().and_then(|text| ApiKey::new(text).ok()),
            Self::Profile(name) => Some(Store::open().ok()?.load(name).ok()??.api_key),
        }
    }

    /// Whether it may hold another key later. A pipe has given all that it had.
    pub(crate) fn may_change(&self) -> bool {
        match self {
            Self::Nowhere | Self::Environment => false,
            Self::File(path) => path.is_file(),
            Self::Profile(_) => true,
        }
    }
}

impl Connection {
    /// Where to, and the key if there is one.
    pub(crate) fn access(&self) -> Result<Access, Exit> {
        if let Some((key, source)) = self.given_key()? {
            // Both may stand in the environment for good; what is on the command line was meant.
            if let Some(name) = self.profile.as_ref().filter(|name| !name.is_in_environment()) {
                let wins =
                    if matches!(source, KeySource::Environment) { "AGENTCHAT_API_KEY" } else { "--api-key-file" };
                note(format_args!("the key of {wins} is used, not that of the profile {name}"));
            }
            return Ok(Access { context: self.context(None, Some(key))?, key: source });
        }
        let name = self.profile_name();
        match self.profile(&name)? {
            Some(profile) => {
                let context = self.context(Some(&profile.base_url), Some(profile.api_key))?;
                Ok(Access { context, key: KeySource::Profile(name) })
            }
            None => Ok(Access { context: self.context(None, None)?, key: KeySource::Nowhere }),
        }
    }

    /// The key of the file or the environment.
    pub(crate) fn given_key(&self) -> Result<Option<(ApiKey, KeySource)>, Exit> {
        let (text, source) = match &self.api_key_file {
            Some(path) => (small_text(path)?, KeySource::File(path.clone())),
            None => match std::env::var("AGENTCHAT_API_KEY") {
                Ok(key) if !key.is_empty() => (key, KeySource::Environment),
                Ok(_) | Err(VarError::NotPresent) => return Ok(None),
                Err(VarError::NotUnicode(_)) => return Err(Exit::usage("AGENTCHAT_API_KEY is not text")),
            },
        };
        ApiKey::new(text).map(|key| Some((key, source))).map_err(Exit::usage)
    }

    /// The profile that is used or kept.
    pub(crate) fn profile_name(&self) -> Name {
        self.profile.clone().unwrap_or_default()
    }

    /// A context at the platform that was asked for, else at this one, else at the default one.
    pub(crate) fn context(&self, otherwise: Option<&str>, key: Option<ApiKey>) -> Result<Context, Exit> {
        let base_url = self.base_url.as_deref().or(otherwise).unwrap_or(DEFAULT_BASE_URL);
        let mut context = Context::builder().base_url(base_url);
        if let Some(key) = key {
            context = context.api_key(key);
        }
        context.build().map_err(Exit::usage)
    }

    /// A profile, if it may be used: its key is for one platform, and no other gets to see it.
    fn profile(&self, name: &Name) -> Result<Option<Profile>, Exit> {
        let profile = match Store::open() {
            Ok(store) => store.load(name)?,
            // Who never asked for a profile needs no place for them.
            Err(problem) if self.profile.is_some() => return Err(problem),
            Err(_) => None,
        };
        let Some(profile) = profile else {
            return match &self.profile {
                Some(name) => Err(Exit::usage(format!("there is no profile {name}; see agentchat profiles"))),
                None => Ok(None),
            };
        };
        let asked = self.context(Some(&profile.base_url), None)?.base_url();
        match asked == profile.base_url {
            true => Ok(Some(profile)),
            false if self.profile.is_none() => Ok(None),
            false => Err(Exit::usage(format!("the profile {name} is for {}, not for {asked}", profile.base_url))),
        }
    }
}
