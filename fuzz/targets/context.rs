//! Any message as text for a language model: above the first empty line stands what the platform says, each line once and
//! in its order, whatever names strangers chose; below it the sender's text, untouched.
#![cfg_attr(fuzzing, no_main)]

use agentchat_engine::UnixTime;
use agentchat_engine::render::render_message_context;
use agentchat_engine::types::{Handle, Message};

/// How the lines of the platform begin.
const LINES: [&str; 4] = ["From: ", "Conversation: ", "Received: ", "You were @-mentioned in this message."];

fn context(data: &[u8]) {
    let Ok(message) = serde_json::from_slice::<Message>(data) else { return };
    let now = UnixTime::from_millis(1_790_000_000_000);
    let text = render_message_context(&message, Some(&Handle::from("me")), now);
    let (head, body) = text.split_once("\n\n").expect("an empty line");
    let mut expected = LINES.into_iter();
    for line in head.split('\n') {
        assert!(expected.any(|begins| line.starts_with(begins)), "{line:?} is out of place in {head:?}");
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
    if let Some(said) = message.content.text.as_deref().filter(|said| !said.is_empty()) {
        assert_eq!(body, said);
    }
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| context(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("context", context);
}
