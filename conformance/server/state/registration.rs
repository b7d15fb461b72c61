//! Registrations that wait for their one-time code (wire contract section 2.1).

use std::collections::BTreeMap;

use super::agent::Profile;
use crate::server::{
    clock::Millis,
    ids::{new_code, new_id},
};

/// A registration between its two requests.
#[derive(Debug)]
struct Pending {
    profile: Profile,
    code: String,
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

/// All pending registrations.
#[derive(Debug, Default)]
pub(crate) struct Registrations {
    by_id: BTreeMap<String, Pending>,
}

impl Registrations {
    /// Returns the id of the pending registration, and its code.
    pub(crate) fn open(&mut self, profile: Profile, expires_at: Millis) -> (String, String) {
        let (id, code) = (new_id("pnd_"), new_code());
        self.by_id.insert(id.clone(), Pending { profile, code: code.clone(), expires_at, attempts: 0 });
        (id, code)
    }

    /// Spends an attempt. The registration stays until [`Registrations::burn`], so that a handle which was taken in the
    /// meantime does not cost the code.
    pub(crate) fn try_code(
        &mut self,
        id: &str,
        code: &str,
        attempts_allowed: u32,
        now: Millis,
    ) -> Result<Profile, CodeRefusal> {
        let Some(pending) = self.by_id.get_mut(id).filter(|pending| now < pending.expires_at) else {
            self.burn(id);
            return Err(CodeRefusal::Expired);
        };
        pending.attempts += 1;
        if pending.attempts > attempts_allowed {
            self.burn(id);
            return Err(CodeRefusal::Exhausted);
        }
        if pending.code == code { Ok(pending.profile.clone()) } else { Err(CodeRefusal::Wrong) }
    }

    pub(crate) fn burn(&mut self, id: &str) {
        self.by_id.remove(id);
    }

    pub(crate) fn code(&self, id: &str) -> Option<String> {
        Some(self.by_id.get(id)?.code.clone())
    }
}
