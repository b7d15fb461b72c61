//! What the WebSocket library holds to be written. It answers every ping, and keeps the answers that the connection does not
//! take: a peer that pings and does not read would fill the memory.

/// Bytes of answers that may wait. A ping is answered with 131 bytes at most, so that a peer which has not read for a
/// while, but pings as peers do, stays far below.
pub(crate) const ROOM: usize = 1024 * 1024;

/// Counts what waits, since the library does not tell.
#[derive(Debug, Default)]
pub(crate) struct UnsentBytes {
    waiting: usize,
    /// The last frame of our own. There is one at a time, and however large it is, it is no fault of the peer's.
    own: usize,
}

impl UnsentBytes {
    /// A frame of ours is about to be written.
    pub(crate) fn send(&mut self, payload: usize) {
        self.own = masked(payload);
        self.waiting = self.waiting.saturating_add(self.own);
    }

    /// A ping will be answered with what it held.
    pub(crate) fn answer(&mut self, payload: usize) {
        self.waiting = self.waiting.saturating_add(masked(payload));
    }

    /// Bytes have left.
    pub(crate) fn left(&mut self, bytes: usize) {
        self.waiting = self.waiting.saturating_sub(bytes);
    }

    /// Nothing waits.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether more answers wait than there is room for.
    pub(crate) fn is_too_much(&self) -> bool {
        self.waiting.saturating_sub(self.own) > ROOM
    }
}

/// The size of a client's frame.
fn masked(payload: usize) -> usize {
    let length = match payload {
        0..126 => 2,
        126..0x1_0000 => 4,
        _ => 10,
    };
    payload.saturating_add(length + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_that_do_not_leave_are_limited_and_a_frame_of_ours_is_not() {
        let mut unsent = UnsentBytes::default();
        unsent.send(4 * 1024 * 1024);
        assert!(!unsent.is_too_much());
        let mut answers = 0;
        while !unsent.is_too_much() {
            unsent.answer(125);
            answers += 1;
        }
        assert_eq!(answers, ROOM / 131 + 1);
        unsent.left(131);
        assert!(!unsent.is_too_much());
    }

    #[test]
    fn answers_that_leave_may_go_on_for_ever() {
        let mut unsent = UnsentBytes::default();
        for payload in (0..126).cycle().take(1_000_000) {
            unsent.answer(payload);
            unsent.left(payload + 6);
            assert!(!unsent.is_too_much());
        }
        unsent.send(10);
        unsent.clear();
        assert_eq!(unsent.waiting, 0);
    }
}
