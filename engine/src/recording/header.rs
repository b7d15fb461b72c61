//! The first line of a recording: which machine it is, and all that it was made from.

use serde::{Deserialize, Serialize};

use super::FORMAT;
use super::error::ReplayError;
use super::http::BodyForm;
use super::options::{CallForm, SessionForm};
use crate::context::Context;
use crate::entropy::Seed;
use crate::identity::Identity;
use crate::secret::ApiKey;
use crate::time::Now;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) agentchat_recording: u32,
    /// The version of this crate that wrote it.
    pub(super) engine: String,
    /// The clocks when the machine was made.
    pub(super) at: Now,
    pub(super) seed: Seed,
    pub(super) context: ContextForm,
    pub(super) machine: MachineForm,
}

impl Header {
    pub(super) fn new(cx: &Context, seed: &Seed, at: Now, machine: MachineForm) -> Self {
        Self {
            agentchat_recording: FORMAT,
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            at,
            seed: seed.clone(),
            context: ContextForm::new(cx),
            machine,
        }
    }

    pub(super) fn read(line: &str) -> Result<Self, ReplayError> {
        /// What every version of the format has.
        #[derive(Deserialize)]
        struct Version {
            agentchat_recording: u32,
        }
        let version: Version = serde_json::from_str(line).map_err(|_| ReplayError::NotARecording)?;
        if version.agentchat_recording != FORMAT {
            return Err(ReplayError::Version { found: version.agentchat_recording });
        }
        serde_json::from_str(line).map_err(|e| ReplayError::header(e.to_string()))
    }
}

/// A machine and its options.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum MachineForm {
    Session {
        #[serde(with = "SessionForm")]
        options: crate::realtime::SessionOptions,
        /// Where it went on from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume: Option<crate::realtime::Checkpoint>,
    },
    Call {
        endpoint: EndpointForm,
        options: CallForm,
    },
}

/// What an endpoint made of its arguments.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndpointForm {
    /// Its name in the table.
    pub(super) name: String,
    /// Whether answers were read as the endpoint's own type, or only as JSON.
    pub(super) typed: bool,
    /// Whether an id was minted for the request, which takes entropy.
    pub(super) minted: bool,
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) body: Option<BodyForm>,
}

/// A [`Context`] without its key.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContextForm {
    base_url: String,
    realtime_url: String,
    client: String,
    version: String,
    user_agent: String,
    /// How long the key is, if there is one; so long is the one that stands for it in the replay.
    key_length: Option<usize>,
}

/// What the session appends to the realtime base URL.
const REALTIME_PATH: &str = "/v1/ws";

impl ContextForm {
    fn new(cx: &Context) -> Self {
        let realtime = cx.realtime_url();
        let identity = cx.identity();
        Self {
            base_url: cx.base_url(),
            realtime_url: realtime.strip_suffix(REALTIME_PATH).unwrap_or(&realtime).to_owned(),
            client: identity.client().to_owned(),
            version: identity.version().unwrap_or_default().to_owned(),
            user_agent: identity.user_agent(),
            key_length: cx.api_key().map(|key| key.expose().len()),
        }
    }

    /// A context that leads to the same outputs. Nothing is sent, so plaintext is no risk.
    pub(super) fn context(&self) -> Result<Context, ReplayError> {
        let refused = |e: crate::error::ConfigError| ReplayError::header(e.to_string());
        let identity = Identity::new(&self.client, &self.version).map_err(refused)?;
        let identity = identity.with_user_agent(&self.user_agent).map_err(refused)?;
        let builder = Context::builder().base_url(&self.base_url).realtime_url(&self.realtime_url).allow_plaintext();
        let builder = builder.identity(identity);
        let builder = match self.key_length {
            Some(length) => builder.api_key(stand_in(length)?),
            None => builder,
        };
        builder.build().map_err(refused)
    }
}

/// The key of a replay.
pub(super) fn stand_in(length: usize) -> Result<ApiKey, ReplayError> {
    // A key is never longer; a header that says so is no reason to allocate.
    ApiKey::new("*".repeat(length.min(1_024))).map_err(|e| ReplayError::header(e.to_string()))
}
