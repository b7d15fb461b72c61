//! The stored form of a checkpoint, member by member, read with suspicion.

use hex::FromHex;
use serde::{Deserialize, Deserializer, Serialize};

use super::super::event::SeqRange;
use super::super::message_key::MessageKey;
use super::super::seq_set::SeqSet;
use super::error::CheckpointError;
use super::{Checkpoint, Place, VERSION};
use crate::json::Object;
use crate::limits;
use crate::types::{DeliveryId, MessageId};

const FORMAT: &str = "agentchat-checkpoint";

#[derive(Deserialize)]
pub(super) struct Head {
    format: String,
    version: u64,
}

impl Head {
    pub(super) fn check(&self) -> Result<(), CheckpointError> {
        match self.version {
            _ if self.format != FORMAT => Err(CheckpointError::damaged("it is something else")),
            0 => Err(CheckpointError::damaged("it has no version")),
            1..=VERSION => Ok(()),
            version => Err(CheckpointError::Newer { version }),
        }
    }
}

/// The stored form, member by member.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    format: String,
    version: u64,
    /// Absent in what the first versions stored: there only a platform without acks left `owed` ranges.
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
            seen: pairs(&place.skip),
            owed: pairs(&place.missing),
            id: place.id.to_string(),
            mark: place.next_seq,
            offered: place.offered,
        };
        let (mut handled, mut rows, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for key in checkpoint.handled {
            match key {
                MessageKey::Message(id) => handled.push(id.to_string()),
                MessageKey::Row(id) => rows.push(id.to_string()),
                MessageKey::Text(digest) => texts.push(hex::encode(digest)),
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
        for place in youngest(stored.conversations, limits::REMEMBERED_CONVERSATIONS) {
            places.push(Place {
                id: usable(place.id)?.into(),
                next_seq: place.mark.map(mark).transpose()?,
                offered: seq(place.offered)?,
                skip: seqs(&place.seen)?,
                missing: seqs(&place.owed)?,
            });
        }
        let mut handled = Vec::new();
        for text in youngest(stored.texts, limits::HANDLED_IDS) {
            handled.push(MessageKey::Text(digest(&text)?));
        }
        for id in youngest(stored.rows, limits::HANDLED_IDS) {
            handled.push(MessageKey::Row(DeliveryId::from(usable(id)?)));
        }
        for id in youngest(stored.handled, limits::HANDLED_IDS) {
            handled.push(MessageKey::Message(MessageId::from(usable(id)?)));
        }
        let mut unacked = Vec::new();
        for id in youngest(stored.unacked, limits::HANDLED_IDS) {
            unacked.push(MessageId::from(usable(id)?));
        }
        let legacy = stored.legacy.unwrap_or_else(|| places.iter().any(|place| !place.missing.is_empty()));
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
        _ => Err(CheckpointError::damaged("an id is empty or longer than 256 bytes")),
    }
}

fn seq(seq: u64) -> Result<u64, CheckpointError> {
    if seq < 1 << 53 { Ok(seq) } else { Err(CheckpointError::damaged("a seq is above 2^53 - 1")) }
}

/// One more than a seq, at most.
fn mark(mark: u64) -> Result<u64, CheckpointError> {
    if (1..=1 << 53).contains(&mark) { Ok(mark) } else { Err(CheckpointError::damaged("a mark is not from 1 to 2^53")) }
}

fn seqs(ranges: &[(u64, u64)]) -> Result<SeqSet, CheckpointError> {
    let mut set = SeqSet::default();
    for (first, last) in ranges.iter().take(limits::SEQ_RANGES) {
        let range = SeqRange { first: seq(*first)?, last: seq(*last)? };
        if range.first > range.last {
            return Err(CheckpointError::damaged("a range of seqs ends before it begins"));
        }
        set.insert_range(range, limits::SEQ_RANGES);
    }
    Ok(set)
}

fn digest(text: &str) -> Result<[u8; 32], CheckpointError> {
    FromHex::from_hex(text).map_err(|_| CheckpointError::damaged("a digest is not 64 hexadecimal digits"))
}
