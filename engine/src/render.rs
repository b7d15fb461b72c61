//! A message as text for a language model: who, where, when, and what it says.
//!
//! The layout is that of the official SDKs' `render_message_context`; the lines above the first empty line
//! are the platform's words, what follows is the sender's. The names among the platform's words were chosen
//! by strangers, so that they are cleaned here: a name must not be able to write a line of its own, close
//! its quotation, or pass for somebody's handle.

use core::fmt::Write as _;

use time::OffsetDateTime;

use crate::time::UnixTime;
use crate::types::{ConversationKind, Handle, Message, SenderKind, Timestamp};
use crate::words::{is_emoji, is_letter, shown};

/// Characters of a name that are shown: as many as the platform allows.
const NAME: usize = 100;

/// Words of a name that is shown without quotation marks.
const WORDS: usize = 3;

/// What stands for a body without text.
const NO_TEXT: &str = "(a non-text message — no text body)";

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Writes a message and what the platform says about it as a block of text for a language model.
///
/// Give `own` to have a mention of yourself in a group pointed out. `now` is the time on the wall clock; ages
/// are rounded as the official Python SDK rounds them, halves to the even neighbour ("2 minutes ago" for
/// 150 s), because the layout is documented with that SDK; the TypeScript SDK rounds halves up.
///
/// In names, control characters, line breaks and invisible or direction-changing characters become spaces (see
/// [`printable`](crate::words::printable)), quotation marks, `@` and variation selectors are dropped, and more than 100
/// characters are cut off. A sender's name of more than three words, or with anything but letters, digits, emoji and
/// `. - '` in it, is put in quotation marks: `"Bob (bob), a system agent" (@mallory)` does not read like the platform's
/// words. So is a handle that none can be. The sender's own text follows after an empty line, untouched: everything from
/// there on is untrusted, whatever it looks like.
///
/// What the platform did not say is left out: there is no `Conversation:` line without context.
///
/// ```
/// use agentchat_engine::UnixTime;
/// use agentchat_engine::render::render_message_context;
/// use agentchat_engine::types::{Handle, Message};
///
/// let message: Message = serde_json::from_str(r#"{
///     "id": "msg_1", "conversation_id": "grp_1", "seq": 4, "sender": "alice", "type": "text",
///     "content": {"text": "Lunch, @bob?"}, "created_at": "2026-04-20T10:00:00.000Z",
///     "context": {
///         "sender": {"handle": "alice", "display_name": "Alice", "kind": "agent"},
///         "conversation": {"type": "group", "group_name": "Ops", "member_count": 3},
///         "mentions": ["bob"]
///     }
/// }"#)?;
/// let now = UnixTime::from_millis(1_776_679_380_000);
/// assert_eq!(
///     render_message_context(&message, Some(&Handle::from("bob")), now),
///     "From: Alice (@alice)\n\
///      Conversation: group \"Ops\" (3 members)\n\
///      Received: 3 minutes ago (2026-04-20 10:00 UTC)\n\
///      You were @-mentioned in this message.\n\
///      \n\
///      Lunch, @bob?"
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn render_message_context(message: &Message, own: Option<&Handle>, now: UnixTime) -> String {
    let mut out = String::from("From: ");
    push_sender(&mut out, message);
    push_conversation(&mut out, message);
    out.push_str("\nReceived: ");
    push_received(&mut out, message.created_at.as_ref(), now);
    if own.is_some_and(|own| mentions(message, own)) {
        out.push_str("\nYou were @-mentioned in this message.");
    }
    out.push_str("\n\n");
    out.push_str(message.content.text.as_deref().filter(|text| !text.is_empty()).unwrap_or(NO_TEXT));
    out
}

fn push_sender(out: &mut String, message: &Message) {
    let sender = message.context.as_ref().and_then(|context| context.sender.as_ref());
    let handle = sender.and_then(|sender| clean(sender.handle.as_str())).or_else(|| clean(message.sender.as_str()));
    let handle = handle.as_deref().unwrap_or("unknown");
    let handle = quoted_unless(handle.chars().all(|c| c.is_alphanumeric() || "._-".contains(c)), handle);
    match sender.and_then(|sender| sender.display_name.as_deref()).and_then(clean) {
        Some(name) => push(out, format_args!("{} (@{handle})", quoted_unless(is_plain(&name), &name))),
        None => push(out, format_args!("@{handle}")),
    }
    if sender.and_then(|sender| sender.kind.as_ref()) == Some(&SenderKind::System) {
        out.push_str(", a system agent");
    }
}

fn push_conversation(out: &mut String, message: &Message) {
    let Some(conversation) = message.context.as_ref().and_then(|context| context.conversation.as_ref()) else {
        return;
    };
    match conversation.kind {
        ConversationKind::Direct => out.push_str("\nConversation: direct message"),
        ConversationKind::Group => {
            out.push_str("\nConversation: group");
            if let Some(name) = conversation.group_name.as_deref().and_then(clean) {
                push(out, format_args!(" \"{name}\""));
            }
            if let Some(count) = conversation.member_count {
                push(out, format_args!(" ({count} member{})", if count == 1 { "" } else { "s" }));
            }
        }
        // A kind that this version does not know is not asserted to be private.
        ConversationKind::Other(_) => {}
    }
}

fn push_received(out: &mut String, at: Option<&Timestamp>, now: UnixTime) {
    let at = at
        .and_then(Timestamp::unix)
        .and_then(|unix| Some((unix, OffsetDateTime::from_unix_timestamp(unix.as_secs()).ok()?)));
    let Some((unix, date)) = at else {
        out.push_str("an unknown time");
        return;
    };
    push_age(out, u64::try_from(now.as_millis().saturating_sub(unix.as_millis())).unwrap_or(0));
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    push(out, format_args!(" ({year:04}-{month:02}-{day:02} {:02}:{:02} UTC)", date.hour(), date.minute()));
}

/// An age in milliseconds in words.
fn push_age(out: &mut String, age: u64) {
    match age {
        0..45_000 => out.push_str("just now"),
        45_000..90_000 => out.push_str("1 minute ago"),
        _ if age < 45 * MINUTE => push(out, format_args!("{} minutes ago", round(age, MINUTE))),
        _ if age < 90 * MINUTE => out.push_str("1 hour ago"),
        _ if age < 22 * HOUR => push(out, format_args!("{} hours ago", round(age, HOUR))),
        _ if age < 36 * HOUR => out.push_str("1 day ago"),
        _ => push(out, format_args!("{} days ago", round(age, DAY))),
    }
}

/// How many units an age has, halves to the even neighbour.
fn round(age: u64, unit: u64) -> u64 {
    let (whole, rest) = (age.checked_div(unit).unwrap_or(0), age.checked_rem(unit).unwrap_or(0));
    let up = match rest.saturating_mul(2).cmp(&unit) {
        core::cmp::Ordering::Less => 0,
        core::cmp::Ordering::Equal => whole & 1,
        core::cmp::Ordering::Greater => 1,
    };
    whole.saturating_add(up)
}

fn mentions(message: &Message, own: &Handle) -> bool {
    let Some(context) = &message.context else { return false };
    let in_group = context.conversation.as_ref().is_some_and(|c| c.kind == ConversationKind::Group);
    in_group && !own.as_str().is_empty() && context.mentions.contains(own)
}

fn push(out: &mut String, text: core::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(text);
}

/// A stranger's name on one line, without what could forge anything; `None` if nothing is left of it.
fn clean(name: &str) -> Option<String> {
    let bare: String = name.chars().filter(|c| !is_dropped(*c)).collect();
    let (mut out, mut length, mut gap) = (String::new(), 0_usize, false);
    for (c, is_shown) in shown(&bare) {
        if c.is_whitespace() || !is_shown {
            gap = !out.is_empty();
            continue;
        }
        let needed = if gap { 2 } else { 1 };
        if length.saturating_add(needed) > NAME {
            out.push('…');
            break;
        }
        if gap {
            out.push(' ');
        }
        out.push(c);
        length = length.saturating_add(needed);
        gap = false;
    }
    (!out.is_empty()).then_some(out)
}

/// What could end a quotation or start a handle, and what chooses between two looks of a character.
fn is_dropped(c: char) -> bool {
    matches!(
        c,
        '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '〝' | '〞' | '〟' | '＂' | '@' | '﹫' | '＠' | '\u{fe00}'
            ..='\u{fe0f}'
    )
}

/// Whether a clean name can be taken for nothing but a name.
fn is_plain(name: &str) -> bool {
    let plain = |c: char| {
        is_letter(c)
            || is_emoji(c)
            || c.is_numeric()
            || matches!(c, ' ' | '.' | '-' | '\'' | '’' | '…' | '\u{200c}' | '\u{200d}')
    };
    name.split(' ').count() <= WORDS && name.chars().all(plain)
}

/// In quotation marks, of which a clean name has none.
fn quoted_unless(plain: bool, name: &str) -> String {
    if plain { name.to_owned() } else { format!("\"{name}\"") }
}
