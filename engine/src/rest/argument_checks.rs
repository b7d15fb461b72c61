//! What an argument must satisfy before anything is sent: the limits of the platform, and what every id of a path must satisfy.
//! A problem names the limit and the value.

use core::fmt::Display;
use core::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::endpoint::ParamKind;
use super::patch::Patch;
use crate::secret::{OneTimeCode, SecretText};
use crate::types::{
    AttachmentId, Content, ConversationId, DeliveryId, EventKind, GroupSettings, Handle, InviteId, Many, MessageId,
    MessageType, MuteKind, PendingId, PresenceStatus, Settings, Timestamp, WebhookId, segment_problem,
};

/// What every argument must satisfy to be sent at all.
pub(crate) trait Outgoing {
    /// What JSON it is.
    const KIND: ParamKind;

    fn problem(&self) -> Option<String> {
        None
    }
}

macro_rules! outgoing {
    (segments: $($Segment:ty),+; $($kind:ident: $($Any:ty),+;)+) => {
        $( impl Outgoing for $Segment {
            const KIND: ParamKind = ParamKind::Text;

            fn problem(&self) -> Option<String> {
                segment_problem(self.as_str()).map(str::to_owned)
            }
        } )+
        $( $( impl Outgoing for $Any {
            const KIND: ParamKind = ParamKind::$kind;
        } )+ )+
    };
}

outgoing! {
    segments: MessageId, ConversationId, DeliveryId, PendingId, InviteId, WebhookId, AttachmentId;
    Text: String, SecretText, MessageType, MuteKind, PresenceStatus, EventKind;
    Number: u32, u64;
    Boolean: bool;
    Object: Settings, GroupSettings, Map<String, Value>;
}

impl Outgoing for Content {
    /// A text alone is a content, too.
    const KIND: ParamKind = ParamKind::Either(&[ParamKind::Text, ParamKind::Object]);
}

impl Outgoing for Handle {
    const KIND: ParamKind = ParamKind::Text;

    /// One `@` was dropped; the platform would drop another.
    fn problem(&self) -> Option<String> {
        let problem = segment_problem(self.as_str());
        problem.or(self.as_str().starts_with('@').then_some("begins with more than one @")).map(str::to_owned)
    }
}

impl<T: Outgoing> Outgoing for Many<T> {
    const KIND: ParamKind = ParamKind::List(&T::KIND);

    fn problem(&self) -> Option<String> {
        let first = self.iter().enumerate().find_map(|(index, item)| Some((index, item.problem()?)));
        first.map(|(index, problem)| format!("has item {index}, which {problem}"))
    }
}

impl<T: Outgoing> Outgoing for Patch<T> {
    const KIND: ParamKind = ParamKind::Either(&[T::KIND, ParamKind::Null]);

    fn problem(&self) -> Option<String> {
        self.set().and_then(Outgoing::problem)
    }
}

impl Outgoing for OneTimeCode {
    const KIND: ParamKind = ParamKind::Text;

    fn problem(&self) -> Option<String> {
        length_problem(self.expose(), &(6..=6))
    }
}

impl Outgoing for Timestamp {
    const KIND: ParamKind = ParamKind::Text;

    fn problem(&self) -> Option<String> {
        self.unix().is_none().then(|| "must be a time with its offset, such as 2026-04-20T10:00:00Z".to_owned())
    }
}

/// A number within a range.
pub(crate) fn range<N: PartialOrd + Display>(allowed: RangeInclusive<N>) -> impl Fn(&N) -> Option<String> {
    move |n| (!allowed.contains(n)).then(|| format!("must be {} to {}, was {n}", allowed.start(), allowed.end()))
}

/// Text of so many characters.
pub(crate) fn chars(allowed: RangeInclusive<usize>) -> impl Fn(&String) -> Option<String> {
    move |text| length_problem(text, &allowed)
}

/// Text of any length but none.
#[allow(clippy::ptr_arg, reason = "rules take a reference to the field")]
pub(crate) fn filled(text: &String) -> Option<String> {
    text.is_empty().then(|| "must not be empty".to_owned())
}

/// A secret of so many characters.
pub(crate) fn secret_chars(allowed: RangeInclusive<usize>) -> impl Fn(&SecretText) -> Option<String> {
    move |secret| length_problem(secret.expose(), &allowed)
}

/// The same, without the white space around it.
pub(crate) fn trimmed_chars(allowed: RangeInclusive<usize>) -> impl Fn(&String) -> Option<String> {
    move |text| length_problem(text.trim(), &allowed)
}

/// A handle of so many characters.
pub(crate) fn handle_chars(allowed: RangeInclusive<usize>) -> impl Fn(&Handle) -> Option<String> {
    move |handle| length_problem(handle.as_str(), &allowed)
}

/// Characters are counted as the platform counts them, in UTF-16: it is written in JavaScript.
fn length_problem(text: &str, allowed: &RangeInclusive<usize>) -> Option<String> {
    let count = text.encode_utf16().count();
    let (low, high) = (allowed.start(), allowed.end());
    (!allowed.contains(&count)).then(|| format!("must be {low} to {high} characters long, was {count}"))
}

/// The same for text that can be cleared.
pub(crate) fn patch_chars(allowed: RangeInclusive<usize>) -> impl Fn(&Patch<String>) -> Option<String> {
    move |patch| patch.set().and_then(chars(allowed.clone()))
}

/// So many items.
pub(crate) fn items<T>(allowed: RangeInclusive<usize>) -> impl Fn(&Many<T>) -> Option<String> {
    move |list| {
        let (low, high, count) = (allowed.start(), allowed.end(), list.len());
        (!allowed.contains(&count)).then(|| format!("must have {low} to {high} items, had {count}"))
    }
}

/// One of a list of words.
pub(crate) fn one_of(allowed: &'static [&'static str]) -> impl Fn(&String) -> Option<String> {
    move |word| (!allowed.contains(&word.as_str())).then(|| format!("must be one of {}", allowed.join(", ")))
}

/// A SHA-256 in lower-case hex.
#[allow(clippy::ptr_arg, reason = "rules take a reference to the field")]
pub(crate) fn sha256(text: &String) -> Option<String> {
    let hex = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (!hex).then(|| format!("must be 64 lower-case hex digits, was {} bytes of text", text.len()))
}
