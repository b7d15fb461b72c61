//! [`Checkpoint`]: what a session has to remember across a restart of the process, as a small value.
//!
//! It is asked to be written and read, and for how much it holds. Everything in a stored checkpoint is untrusted: it is checked
//! as it is read, and bounded. It decides nothing and touches no file: the inbox takes a snapshot and goes on from one, and
//! storing it is the program's affair.

mod error;
mod json;
mod stored;

pub use self::error::CheckpointError;
use super::message_key::MessageKey;
use super::seq_set::SeqSet;
use crate::types::{ConversationId, MessageId};

/// The version that this crate writes. Older ones are read for as long as this crate's major version lasts.
const VERSION: u64 = 1;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

impl Checkpoint {
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
