//! [`Checkpoint`]: what a session has to remember across a restart of the process, as a small value.
//!
//! Everything in a stored checkpoint is untrusted: it is checked as it is read, and bounded.

use serde::{Deserialize, Deserializer, Serialize};

use super::event::SeqRange;
use super::ledger::Key;
use super::seq_set::SeqSet;
use crate::json::Object;
use crate::limits;
use crate::types::{ConversationId, DeliveryId, MessageId};

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
///   drain brings it. A platform without acks counts a message as delivered when it writes it: of what came from one, the
///   checkpoint holds the seqs, and the next session fetches them from history. What came after the checkpoint was taken
///   shows there as a hole, once the conversation goes on, and is filled like any other.
/// - **How often a message failed.** A restart is often the cure, so the next session starts counting anew.
/// - **Secrets**, or anything of a message but its id, its conversation and its seq.
///
/// An old checkpoint is safe to use: what was handled after it was taken may be offered again, nothing is lost.
///
/// # Stored form
/// A JSON object; members that are not known are ignored, so that it may be wrapped or extended. A member that may be absent
/// is added under the same version; whatever an older reader would misunderstand gets a new one.
///
/// | member | what it is |
/// |---|---|
/// | `format`, `version` | `"agentchat-checkpoint"`, 1 |
/// | `legacy` | whether some platform took no acks; where it is absent, whether anything is owed |
/// | `conversations` | the quietest first: `id`; `mark`, the seq expected next, if known; `offered`, the highest seq offered; `seen`, pairs of first and last seq above the mark that are not waited for; `owed`, pairs of first and last seq of what is not here and may not come again |
/// | `handled` | ids of handled messages, the oldest first |
/// | `rows`, `texts` | the same for rows that could not be read: their delivery ids, and the SHA-256 of those without |
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
    pub(super) handled: Vec<Key>,
    /// Handled, and the ack is still to be sent.
    pub(super) unacked: Vec<MessageId>,
}

/// How far a conversation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) id: ConversationId,
    pub(super) next: Option<u64>,
    pub(super) offered: u64,
    pub(super) seen: SeqSet,
    pub(super) owed: SeqSet,
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
        // The version first: a newer one may have any shape.
        read::<Head>(text)?.check()?;
        Self::try_from(Object(read::<Stored>(text)?))
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

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, CheckpointError> {
    serde_json::from_str(text)
        .map(|Object(value)| value)
        .map_err(|e| damaged(format!("{:?} error at line {} column {}", e.classify(), e.line(), e.column())))
}

fn damaged(problem: impl Into<String>) -> CheckpointError {
    CheckpointError::Damaged { problem: problem.into() }
}

const FORMAT: &str = "agentchat-checkpoint";

#[derive(Deserialize)]
struct Head {
    format: String,
    version: u64,
}

impl Head {
    fn check(&self) -> Result<(), CheckpointError> {
        match self.version {
            _ if self.format != FORMAT => Err(damaged("it is something else")),
            0 => Err(damaged("it has no version")),
            1..=VERSION => Ok(()),
            version => Err(CheckpointError::Newer { version }),
        }
    }
}

/// The stored form, member by member.
#[derive(Serialize, Deserialize)]
struct Stored {
    format: String,
    version: u64,
    /// Not in what the first releases stored: there only a platform without acks left anything owed.
    legacy: Option<bool>,
    #[serde(default, deserialize_with = "objects")]
    conversations: Vec<StoredPlace>,
    #[serde(default)]
    handled: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rows: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    texts: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unacked: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredPlace {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<u64>,
    #[serde(default)]
    offered: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seen: Vec<(u64, u64)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    owed: Vec<(u64, u64)>,
}

fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let objects = Vec::<Object<T>>::deserialize(deserializer)?;
    Ok(objects.into_iter().map(|Object(value)| value).collect())
}

impl From<Checkpoint> for Stored {
    fn from(checkpoint: Checkpoint) -> Self {
        let pairs = |set: &SeqSet| set.ranges().iter().map(|range| (range.first, range.last)).collect();
        let place = |place: Place| StoredPlace {
            seen: pairs(&place.seen),
            owed: pairs(&place.owed),
            id: place.id.to_string(),
            mark: place.next,
            offered: place.offered,
        };
        let (mut handled, mut rows, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for key in checkpoint.handled {
            match key {
                Key::Message(id) => handled.push(id.to_string()),
                Key::Row(id) => rows.push(id.to_string()),
                Key::Text(digest) => texts.push(hex(&digest)),
            }
        }
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            legacy: Some(checkpoint.legacy),
            conversations: checkpoint.places.into_iter().map(place).collect(),
            handled,
            rows,
            texts,
            unacked: checkpoint.unacked.iter().map(ToString::to_string).collect(),
        }
    }
}

impl TryFrom<Object<Stored>> for Checkpoint {
    type Error = CheckpointError;

    fn try_from(Object(stored): Object<Stored>) -> Result<Self, CheckpointError> {
        Head { format: stored.format, version: stored.version }.check()?;
        let mut places = Vec::new();
        for place in youngest(stored.conversations, limits::MARKS) {
            places.push(Place {
                id: usable(place.id)?.into(),
                next: place.mark.map(mark).transpose()?,
                offered: seq(place.offered)?,
                seen: seqs(&place.seen)?,
                owed: seqs(&place.owed)?,
            });
        }
        let mut handled = Vec::new();
        for text in youngest(stored.texts, limits::HANDLED_IDS) {
            handled.push(Key::Text(unhex(&text)?));
        }
        for id in youngest(stored.rows, limits::HANDLED_IDS) {
            handled.push(Key::Row(DeliveryId::from(usable(id)?)));
        }
        for id in youngest(stored.handled, limits::HANDLED_IDS) {
            handled.push(Key::Message(MessageId::from(usable(id)?)));
        }
        let mut unacked = Vec::new();
        for id in youngest(stored.unacked, limits::HANDLED_IDS) {
            unacked.push(MessageId::from(usable(id)?));
        }
        let legacy = stored.legacy.unwrap_or_else(|| places.iter().any(|place| !place.owed.is_empty()));
        Ok(Self { legacy, places, handled, unacked })
    }
}

/// The last `most` of a list whose youngest is last.
fn youngest<T>(list: Vec<T>, most: usize) -> impl Iterator<Item = T> {
    let surplus = list.len().saturating_sub(most);
    list.into_iter().skip(surplus)
}

fn usable(id: String) -> Result<String, CheckpointError> {
    match id.len() {
        1..=limits::IDENTIFIER => Ok(id),
        _ => Err(damaged("an id is empty or longer than 256 bytes")),
    }
}

fn seq(seq: u64) -> Result<u64, CheckpointError> {
    if seq < 1 << 53 { Ok(seq) } else { Err(damaged("a seq is above 2^53 - 1")) }
}

/// One more than a seq, at most.
fn mark(mark: u64) -> Result<u64, CheckpointError> {
    if (1..=1 << 53).contains(&mark) { Ok(mark) } else { Err(damaged("a mark is not from 1 to 2^53")) }
}

fn seqs(ranges: &[(u64, u64)]) -> Result<SeqSet, CheckpointError> {
    let mut set = SeqSet::default();
    for (first, last) in ranges.iter().take(limits::SEQ_RANGES) {
        let range = SeqRange { first: seq(*first)?, last: seq(*last)? };
        if range.first > range.last {
            return Err(damaged("a range of seqs ends before it begins"));
        }
        set.insert_range(range, limits::SEQ_RANGES);
    }
    Ok(set)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Result<[u8; 32], CheckpointError> {
    let problem = || damaged("a digest is not 64 hexadecimal digits");
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.filter(|digits| digits.len() == 64).ok_or_else(problem)?;
    let bytes: Vec<u8> =
        digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    bytes.try_into().map_err(|_| problem())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Checkpoint {
        let mut seen = SeqSet::default();
        seen.insert(12, 8);
        Checkpoint {
            legacy: true,
            places: vec![Place { id: "conv_1".into(), next: Some(10), offered: 9, seen, owed: SeqSet::default() }],
            handled: vec![Key::Text([0xab; 32]), Key::Row("del_1".into()), Key::Message("msg_1".into())],
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
        assert_eq!(checkpoint.handled[0], Key::Message("m3".into()));
        let bytes = limits::CHECKPOINT + 1;
        assert_eq!(Checkpoint::from_json(&" ".repeat(bytes)), Err(CheckpointError::TooLarge { bytes }));
    }
}
