//! [`Checkpoint`]: what a session has to remember across a restart of the process, as a small value.
//!
//! Everything in a stored checkpoint is untrusted: it is checked as it is read, and bounded.

mod stored;

use serde::{Deserialize, Serialize};

use self::stored::{Stored, VERSION};
use super::message_key::MessageKey;
use super::seq_set::SeqSet;
use crate::json::Object;
use crate::limits;
use crate::types::{ConversationId, MessageId};

/// What a [`Session`](super::Session) knows that the next one needs, so that a restart loses, repeats and reorders nothing.
///
/// Take it with [`Session::checkpoint`](super::Session::checkpoint), store it where you like, give it to the next
/// [`Session::new`](super::Session::new).
///
/// # What it holds
/// - the marks: the seq expected next in each conversation, and what above it needs no waiting for;
/// - the ids of handled messages: those whose ack the platform may not have seen, and the most recent
///   [`limits::CHECKPOINT_IDS`](crate::limits::CHECKPOINT_IDS) others;
/// - the acks that could not be sent yet.
///
/// # What it does not hold
/// - **Messages.** What was buffered or in flight is not acked, so the platform still has it: the next session's
///   drain brings it. A platform without acks counts a message as delivered when it writes it: the checkpoint holds the seqs of
///   such messages, and the next session fetches them from history. One that arrived after the checkpoint was taken shows
///   as a gap once the conversation goes on, and is filled like any other.
/// - **How often a message failed.** A restart is often the cure, so the next session starts counting anew.
/// - **Secrets**, or anything of a message but its id, its conversation and its seq.
///
/// An old checkpoint is safe to use: what was handled after it was taken may be offered again, nothing is lost. But if the
/// platform has begun since to take no acks, what it wrote to the last socket counts as handled: store one when
/// [`Session::checkpoint_revision`](super::Session::checkpoint_revision) has grown.
///
/// # Stored form
/// A JSON object; members that are not known are ignored, so that it may be wrapped or extended. A member that may be absent
/// is added under the same version; whatever an older reader would misunderstand gets a new one.
///
/// | member | what it is |
/// |---|---|
/// | `format`, `version` | `"agentchat-checkpoint"`, 1 |
/// | `legacy` | whether some platform took no acks; if absent, `true` when any conversation has `owed` ranges |
/// | `conversations` | the quietest first: `id`; `mark`, the seq expected next, if known; `offered`, the highest seq offered; `seen`, pairs of first and last seq above the mark that are not waited for; `owed`, the missing seqs as pairs of first and last: not received, and the platform may not send them again |
/// | `handled` | ids of handled messages, the oldest first |
/// | `rows`, `texts` | the same for rows that could not be read: the delivery ids of those with no other, and a SHA-256 of the others |
/// | `unacked` | message ids whose ack is still to be sent |
///
/// ```
/// use agentchat_engine::realtime::{Checkpoint, CheckpointError};
///
/// let stored = Checkpoint::default().to_json();
/// assert_eq!(Checkpoint::from_json(&stored)?, Checkpoint::default());
/// assert!(matches!(Checkpoint::from_json("{"), Err(CheckpointError::Damaged { .. })));
/// let newer = stored.replace("\"version\":1", "\"version\":2");
/// assert!(matches!(Checkpoint::from_json(&newer), Err(CheckpointError::Newer { version: 2 })));
/// # Ok::<(), CheckpointError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Object<Stored>")]
pub struct Checkpoint {
    /// Whether some connection took no acks.
    pub(super) legacy: bool,
    /// The quietest conversation first.
    pub(super) places: Vec<Place>,
    /// Handled, the oldest first.
    pub(super) handled: Vec<MessageKey>,
    /// Handled, and the ack is still to be sent.
    pub(super) unacked: Vec<MessageId>,
}

/// How far a conversation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) id: ConversationId,
    pub(super) next_seq: Option<u64>,
    pub(super) offered: u64,
    pub(super) skip: SeqSet,
    pub(super) missing: SeqSet,
}

/// Why a stored checkpoint cannot be used. None of them quotes it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// It is not what was stored. Starting without one is safe: what the platform still holds is offered again.
    #[error("the checkpoint is damaged: {problem}")]
    Damaged {
        /// What is wrong with it.
        problem: String,
    },
    /// A newer version of this crate wrote it.
    #[error("the checkpoint has version {version}, and this program reads versions up to {VERSION}")]
    Newer {
        /// Its version.
        version: u64,
    },
    /// It is larger than any session's can be ([`limits::CHECKPOINT`](crate::limits::CHECKPOINT)).
    #[error("the checkpoint has {bytes} bytes, more than any session needs")]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
}

impl Checkpoint {
    /// The stored form.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings, numbers and lists: there is nothing that JSON could refuse.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads the stored form. Bounds are enforced: of more conversations or ids than a session remembers, the
    /// youngest are kept.
    ///
    /// # Errors
    /// [`CheckpointError`]: damaged, newer, or too large.
    pub fn from_json(text: &str) -> Result<Self, CheckpointError> {
        if text.len() > limits::CHECKPOINT {
            return Err(CheckpointError::TooLarge { bytes: text.len() });
        }
        stored::read(text)
    }

    /// Conversations whose place is remembered.
    #[must_use]
    pub fn conversations(&self) -> usize {
        self.places.len()
    }

    /// Messages that are remembered as handled.
    #[must_use]
    pub fn handled(&self) -> usize {
        self.handled.len()
    }

    /// Acks that are still to be sent.
    #[must_use]
    pub fn unacked(&self) -> usize {
        self.unacked.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Checkpoint {
        let mut skip = SeqSet::default();
        skip.insert(12, 8);
        Checkpoint {
            legacy: true,
            places: vec![Place {
                id: "conv_1".into(),
                next_seq: Some(10),
                offered: 9,
                skip,
                missing: SeqSet::default(),
            }],
            handled: vec![
                MessageKey::Text([0xab; 32]),
                MessageKey::Row("del_1".into()),
                MessageKey::Message("msg_1".into()),
            ],
            unacked: vec!["msg_1".into()],
        }
    }

    #[test]
    fn the_stored_form_is_pinned() {
        let text = filled().to_json();
        let digest = "ab".repeat(32);
        assert_eq!(
            text,
            format!(
                r#"{{"format":"agentchat-checkpoint","version":1,"legacy":true,"conversations":[{{"id":"conv_1","mark":10,"offered":9,"seen":[[12,12]]}}],"handled":["msg_1"],"rows":["del_1"],"texts":["{digest}"],"unacked":["msg_1"]}}"#
            )
        );
        assert_eq!(Checkpoint::from_json(&text), Ok(filled()));
        assert_eq!(serde_json::from_str::<Checkpoint>(&text).unwrap(), filled());
    }

    #[test]
    fn what_is_damaged_is_an_error_that_quotes_nothing() {
        let text = filled().to_json();
        for (from, to) in [
            ("{", "["),
            ("checkpoint\"", "secret\""),
            ("\"version\":1", "\"version\":0"),
            ("\"version\":1", "\"version\":\"secret\""),
            ("\"mark\":10", "\"mark\":-1"),
            ("\"mark\":10", "\"mark\":0"),
            ("\"mark\":10", "\"mark\":9007199254740993"),
            ("12]]", "9007199254740992]]"),
            ("[[12,12]]", "[[13,12]]"),
            ("conv_1", ""),
            ("[\"msg_1\"]", "\"secret\""),
            ("abab", "aba"),
            ("abab", "secr"),
            ("abab", "+a+a"),
        ] {
            let broken = text.replacen(from, to, 1);
            assert_ne!(broken, text);
            let error = Checkpoint::from_json(&broken).unwrap_err();
            assert!(matches!(error, CheckpointError::Damaged { .. }), "{from} {to}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        for cut in 0..text.len() {
            assert!(Checkpoint::from_json(&text[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn an_array_is_no_object() {
        let place = r#"{"format":"agentchat-checkpoint","version":1,"conversations":[["conv_1",10,9,[],[]]]}"#;
        assert!(matches!(Checkpoint::from_json(place), Err(CheckpointError::Damaged { .. })));
        let whole = r#"["agentchat-checkpoint",1,true,[],["msg_1"],[],[],[]]"#;
        assert!(matches!(Checkpoint::from_json(whole), Err(CheckpointError::Damaged { .. })));
        assert!(serde_json::from_str::<Checkpoint>(whole).is_err());
    }

    #[test]
    fn a_newer_version_is_named_whatever_its_shape() {
        let newer = r#"{"format":"agentchat-checkpoint","version":7,"conversations":"elsewhere"}"#;
        assert_eq!(Checkpoint::from_json(newer), Err(CheckpointError::Newer { version: 7 }));
    }

    #[test]
    fn bounds_are_enforced_and_the_youngest_kept() {
        let ids: Vec<_> = (0..limits::HANDLED_IDS + 3).map(|n| format!("\"m{n}\"")).collect();
        let ids = ids.join(",");
        let text = format!(r#"{{"format":"agentchat-checkpoint","version":1,"handled":[{ids}],"unacked":[{ids}]}}"#);
        let checkpoint = Checkpoint::from_json(&text).unwrap();
        assert_eq!((checkpoint.handled(), checkpoint.unacked()), (limits::HANDLED_IDS, limits::HANDLED_IDS));
        assert_eq!(checkpoint.handled[0], MessageKey::Message("m3".into()));
        let bytes = limits::CHECKPOINT + 1;
        assert_eq!(Checkpoint::from_json(&" ".repeat(bytes)), Err(CheckpointError::TooLarge { bytes }));
    }
}
