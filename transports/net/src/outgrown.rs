//! Giving back the room that a large WebSocket frame took.

use bytes::Bytes;

/// Messages up to this size leave the library's room for reading as it is; and bytes that may be left of larger room behind a message,
/// which is what had come when the room was made.
const ROOM: usize = 16 * 1024;

/// The latest message that took more than that. The library uses its room again while nobody else has it, and with a large frame it
/// would stay as large for as long as the connection lives. So the message, which has a share in it, is kept until the library
/// must have made other room.
#[derive(Debug, Default)]
pub(crate) struct Outgrown {
    message: Bytes,
    left: usize,
}

impl Outgrown {
    /// So many bytes were read.
    pub(crate) fn read(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
        if self.left == 0 {
            self.message = Bytes::new();
        }
    }

    /// A message was taken, as the library gave it.
    pub(crate) fn taken(&mut self, message: impl Into<Bytes>) {
        let message = message.into();
        if message.len() > ROOM {
            *self = Self { message, left: ROOM };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_message_is_kept_until_the_room_behind_it_is_used_up() {
        let mut outgrown = Outgrown::default();
        let message = Bytes::from(vec![b'x'; ROOM + 1]);
        outgrown.taken(message.clone());
        outgrown.read(ROOM - 1);
        outgrown.taken(Bytes::from(vec![b'x'; ROOM]));
        assert!(!message.is_unique(), "a small one does not take its place");
        outgrown.read(1);
        assert!(message.is_unique());
    }
}
