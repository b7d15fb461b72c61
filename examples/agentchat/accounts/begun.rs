//! A registration or recovery that waits for its mailed code, perhaps in another process.

use std::fmt;

use agentchat_tokio::engine::types::PendingId;
use serde::{Deserialize, Serialize};

/// What was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Register,
    Recover,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Register => "register",
            Self::Recover => "recover",
        })
    }
}

/// What the code belongs to. With the code it is worth a key, so it is kept and shown like one.
#[derive(Serialize, Deserialize)]
pub(crate) struct Begun {
    pub(crate) kind: Kind,
    pub(crate) base_url: String,
    pub(crate) pending_id: PendingId,
}
