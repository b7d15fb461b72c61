//! What is known of each message and each conversation.

/// What is known of a message's way to the application.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MessageRecord {
    /// The present client has got it, by whichever way.
    pub(super) arrived: bool,
    /// Offers by the present client.
    pub(super) offers: u32,
    pub(super) in_flight: bool,
    /// When it was settled for good, as far as the present client can know: since its start, or in its checkpoint.
    pub(super) known_settled: Option<u64>,
    /// Whether it was settled for good by any client.
    pub(super) settled: bool,
    /// The present client gave up on it, perhaps for good.
    pub(super) gave_up: Option<bool>,
    /// It is one of those that the client holds in a flood.
    pub(super) held: bool,
    /// An ack for it was sent, by frame or cursor.
    pub(super) acked: bool,
    /// Handled before the first client's time.
    pub(super) earlier: bool,
    /// A higher seq came over a socket with nothing held back: that it is missing can be seen.
    pub(super) missed: bool,
    /// A drain went past it: it needs no delivery, and is not missed.
    pub(super) passed: bool,
    /// A drain that had room went past it with a row that shows its seq: the client knows that it needs no delivery.
    pub(super) stepped_over: bool,
    /// Its gap was announced when it was given up: what comes above it later need not say so again. An answer of
    /// history can show the client a gap before any socket shows it to the judge.
    pub(super) announced: bool,
    /// Our own, and the client knows of it.
    pub(super) told: bool,
    /// History was asked for it while it was missing, and no drain had stepped over it.
    pub(super) asked: bool,
}

impl MessageRecord {
    /// An earlier process settled it, or this one, and the platform knows: nobody misses it, and it is not offered again.
    pub(super) fn is_settled_and_acked(&self) -> bool {
        self.earlier || (self.settled && self.acked)
    }
}

/// What is known of a conversation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ConversationRecord {
    /// The first seq that arrived, also at an earlier process whose mark is known: what lies below it, nobody misses.
    pub(super) first: Option<u64>,
    /// The highest seq that has arrived.
    pub(super) highest: Option<u64>,
    /// The highest seq that came over a socket, which may show a gap.
    pub(super) pushed: u64,
    /// After which seq history was asked last.
    pub(super) asked_after: Option<u64>,
    /// The highest seq that was offered.
    pub(super) offered: u64,
    pub(super) in_flight: u32,
    /// A seq beyond belief came where no mark can be known to be, and may have become the mark: what is late is no
    /// longer told from what is not.
    pub(super) wild: bool,
}

impl ConversationRecord {
    pub(super) fn arrived(&mut self, seq: u64) {
        self.first.get_or_insert(seq);
        self.highest = self.highest.max(Some(seq));
    }

    /// A seq beyond belief has arrived. Where something was offered there is a mark, which it does not move.
    pub(super) fn doubt(&mut self, room: bool) {
        self.wild |= self.offered == 0 || !room;
    }
}
