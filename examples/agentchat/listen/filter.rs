//! `--from` and `--only`: what is handled and printed.

use agentchat_tokio::Delivery;
use agentchat_tokio::engine::types::{EventKind, Handle, MessageType};

use crate::arguments::Listen;
use crate::exit::Exit;

/// The kinds of messages.
const KINDS: [MessageType; 4] = [MessageType::Text, MessageType::Structured, MessageType::File, MessageType::System];

/// Without options it takes everything.
#[derive(Debug)]
pub(super) struct Filter {
    from: Vec<Handle>,
    only: Vec<String>,
}

impl Filter {
    pub(super) fn new(listen: &Listen) -> Result<Self, Exit> {
        let unknown = listen.only.iter().find(|kind| !is_kind(kind));
        if let Some(kind) = unknown {
            let kinds = KINDS.map(|kind| kind.as_str().to_owned()).join(", ");
            return Err(Exit::usage(format!(
                "--only has no type {kind:?}: there are {kinds}, and the types of lines, such as message.new and presence.update"
            )));
        }
        let from = listen.from.iter().map(|handle| Handle::from(handle.as_str())).collect();
        Ok(Self { from, only: listen.only.clone() })
    }

    /// Whether a message is handled and printed.
    pub(super) fn takes(&self, delivery: &Delivery) -> bool {
        let header = delivery.header();
        let sender = header.and_then(|header| header.sender.as_ref());
        let kind = header.and_then(|header| header.kind.as_ref()).map(MessageType::as_str);
        (self.from.is_empty() || sender.is_some_and(|sender| self.from.contains(sender)))
            && (self.takes_line(EventKind::MessageNew.as_str()) || kind.is_some_and(|kind| self.takes_line(kind)))
    }

    /// Whether a line of this type is printed.
    pub(super) fn takes_line(&self, kind: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == kind)
    }
}

/// Whether there may be such a type: the platform's events grow in number, and their names have a dot.
fn is_kind(kind: &str) -> bool {
    let mut parts = kind.split('.');
    let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    KINDS.iter().any(|known| known.as_str() == kind) || (parts.clone().count() == 2 && parts.all(is_name))
}
