//! Limits of the platform that are checked before anything is sent.

use core::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::secret::OneTimeCode;
use crate::types::{Content, ConversationId, DeliveryId, Handle, MessageId, MessageType, PendingId};

/// What every argument must satisfy to be sent at all.
pub(crate) trait Outgoing {
    fn problem(&self) -> Option<String> {
        None
    }
}

macro_rules! segments {
    ($($Type:ty),+) => { $(
        impl Outgoing for $Type {
            fn problem(&self) -> Option<String> {
                crate::types::segment_problem(self.as_str()).map(str::to_owned)
            }
        }
    )+ };
}

segments!(Handle, MessageId, ConversationId, DeliveryId, PendingId);

impl Outgoing for String {}
impl Outgoing for u32 {}
impl Outgoing for u64 {}
impl Outgoing for MessageType {}
impl Outgoing for Content {}
impl Outgoing for Map<String, Value> {}

impl Outgoing for OneTimeCode {
    fn problem(&self) -> Option<String> {
        (self.expose().chars().count() != 6).then(|| "must be 6 characters".to_owned())
    }
}

/// A number within a range.
pub(crate) fn range<N: PartialOrd + core::fmt::Display>(allowed: RangeInclusive<N>) -> impl Fn(&N) -> Option<String> {
    move |n| (!allowed.contains(n)).then(|| format!("must be {} to {}, was {n}", allowed.start(), allowed.end()))
}

/// Text of so many characters.
pub(crate) fn chars(allowed: RangeInclusive<usize>) -> impl Fn(&String) -> Option<String> {
    move |text| {
        let count = text.chars().count();
        let (low, high) = (allowed.start(), allowed.end());
        (!allowed.contains(&count)).then(|| format!("must be {low} to {high} characters long, was {count}"))
    }
}
