//! What waits for a one-time code: registrations, recoveries and key rotations (contract 2.1).

use std::collections::BTreeMap;

use secrecy::{ExposeSecret as _, SecretString};

use super::agent::{AgentId, Profile};
use crate::app::CodePurpose;
use crate::clock::Millis;
use crate::ids::{new_code, new_id};

/// What the right code will bring about.
#[derive(Clone, Debug)]
pub(crate) enum Intent {
    /// A new agent.
    Register(Profile),
    /// A new key for the one agent of this list; if there are more, the caller has to say which.
    Recover(Vec<AgentId>),
    /// A new key for the agent that asked.
    Rotate(AgentId),
}

impl Intent {
    pub(crate) fn purpose(&self) -> CodePurpose {
        match self {
            Intent::Register(_) => CodePurpose::Register,
            Intent::Recover(_) => CodePurpose::Recover,
            Intent::Rotate(_) => CodePurpose::RotateKey,
        }
    }
}

/// One of these between its two requests.
#[derive(Debug)]
struct Pending {
    intent: Intent,
    /// `None` if no mail was sent, although the caller was told so: then no code is right.
    code: Option<SecretString>,
    expires_at: Millis,
    attempts: u32,
}

/// Why a code was not accepted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CodeRefusal {
    Expired,
    Wrong,
    Exhausted,
}

/// All that is pending.
#[derive(Debug, Default)]
pub(crate) struct PendingCodes {
    by_id: BTreeMap<String, Pending>,
}

impl PendingCodes {
    /// Returns the id of the pending request, and its code.
    pub(crate) fn open(&mut self, intent: Intent, expires_at: Millis) -> (String, String) {
        let code = new_code();
        (self.insert(intent, Some(code.clone().into()), expires_at), code)
    }

    /// Returns an id that looks like any other, and leads nowhere.
    pub(crate) fn open_without_code(&mut self, intent: Intent, expires_at: Millis) -> String {
        self.insert(intent, None, expires_at)
    }

    fn insert(&mut self, intent: Intent, code: Option<SecretString>, expires_at: Millis) -> String {
        let id = new_id("pnd_");
        self.by_id.insert(id.clone(), Pending { intent, code, expires_at, attempts: 0 });
        id
    }

    /// Spends an attempt. The request stays until [`PendingCodes::burn`], so that a handle which was taken in the
    /// meantime does not cost the code.
    pub(crate) fn try_code(
        &mut self,
        purpose: CodePurpose,
        id: &str,
        code: &str,
        attempts_allowed: u32,
        now: Millis,
    ) -> Result<Intent, CodeRefusal> {
        let Some(pending) = self.by_id.get_mut(id).filter(|one| one.intent.purpose() == purpose) else {
            return Err(CodeRefusal::Expired);
        };
        if pending.expires_at <= now {
            self.burn(id);
            return Err(CodeRefusal::Expired);
        }
        pending.attempts += 1;
        if pending.attempts > attempts_allowed {
            self.burn(id);
            return Err(CodeRefusal::Exhausted);
        }
        let is_right = pending.code.as_ref().is_some_and(|right| right.expose_secret() == code);
        if is_right { Ok(pending.intent.clone()) } else { Err(CodeRefusal::Wrong) }
    }

    /// What is pending under an id.
    pub(crate) fn intent(&self, id: &str) -> Option<&Intent> {
        Some(&self.by_id.get(id)?.intent)
    }

    pub(crate) fn burn(&mut self, id: &str) {
        self.by_id.remove(id);
    }

    pub(crate) fn code(&self, id: &str) -> Option<String> {
        Some(self.by_id.get(id)?.code.as_ref()?.expose_secret().to_owned())
    }
}
