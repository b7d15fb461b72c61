//! What became of requests with an `Idempotency-Key` (contract 1.5).

use std::collections::BTreeMap;

use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;

use super::agent::AgentId;
use crate::clock::Millis;

/// A digest of a request.
pub(crate) type Fingerprint = [u8; 32];

/// An answer that can be given again.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A key in use. Without an answer yet, the request is still running.
#[derive(Debug)]
struct Entry {
    fingerprint: Fingerprint,
    expires_at: Millis,
    answer: Option<Answer>,
}

/// What to do with a request that carries a key.
#[derive(Debug)]
pub(crate) enum Turn {
    Run,
    Replay(Answer),
    InProgress,
    Conflict,
}

/// The outcomes of all agents, by agent and key.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    entries: BTreeMap<(AgentId, String), Entry>,
}

impl Outcomes {
    /// Claims the key until `free_at`, unless it is taken.
    pub(crate) fn begin(
        &mut self,
        scope: &(AgentId, String),
        fingerprint: Fingerprint,
        now: Millis,
        free_at: Millis,
    ) -> Turn {
        match self.entries.get(scope).filter(|entry| now < entry.expires_at) {
            Some(entry) if entry.fingerprint != fingerprint => Turn::Conflict,
            Some(Entry { answer: Some(answer), .. }) => Turn::Replay(answer.clone()),
            Some(_) => Turn::InProgress,
            None => {
                self.entries.insert(scope.clone(), Entry { fingerprint, expires_at: free_at, answer: None });
                Turn::Run
            }
        }
    }

    pub(crate) fn keep(&mut self, scope: &(AgentId, String), answer: Answer, expires_at: Millis) {
        if let Some(entry) = self.entries.get_mut(scope) {
            (entry.answer, entry.expires_at) = (Some(answer), expires_at);
        }
    }

    pub(crate) fn free(&mut self, scope: &(AgentId, String)) {
        self.entries.remove(scope);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_request_holds_its_key_until_it_is_overdue() {
        let mut outcomes = Outcomes::default();
        let scope = ("agt_1".to_owned(), "12345678".to_owned());
        let (one, other) = ([1; 32], [2; 32]);
        assert!(matches!(outcomes.begin(&scope, one, 0, 60), Turn::Run));
        assert!(matches!(outcomes.begin(&scope, one, 59, 119), Turn::InProgress));
        assert!(matches!(outcomes.begin(&scope, other, 59, 119), Turn::Conflict));
        assert!(matches!(outcomes.begin(&scope, one, 60, 120), Turn::Run));
        outcomes.free(&scope);
        assert!(matches!(outcomes.begin(&scope, other, 61, 121), Turn::Run));
    }
}
