//! What the official SDKs get wrong, one mistake at a time.
//!
//! | mistake | what the toy does wrong | scenario | the judge's verdict |
//! |---|---|---|---|
//! | W-08 own sends look like gaps | rows by ourselves are offered | groups | nothing lost: our own message was offered |
//! | W-09 sync rows are sparse | a row of the drain waits for what lies before it | backlog | bounded: history asked, and nothing is missing |
//! | W-10 idle state drop | the mark is forgotten when nothing waits | flaky | in order: offered over a gap without a word |
//! | W-11 failed rows are acked | the cursor passes what has failed | handlers | nothing lost: acked by cursor, never settled |
//! | W-12 buffered rows are acked | the cursor passes what has arrived | backlog | nothing lost: acked by cursor, never settled |
//! | W-12b frozen drain | behind a stuck row nothing is acked, not by frame either | handlers | nothing lost: handled, and still undelivered |
//! | W-13 live beats drain | live messages are not held; rows below the mark count as seen | flaky | nothing lost: acked, never settled |
//! | W-14 the drain acks what failed | the cursor passes what was given up | handlers | nothing lost: acked by cursor, never settled |
//! | W-14b below the mark is dropped | a live message below the mark is ignored | legacy | nothing lost: has arrived, never handled |
//! | W-15 ack without consumer | without a consumer messages count as handled | handlers | nothing lost: acked by frame, never settled |
//! | W-16 ack not kept | what settles between connections is not acked | socket-only | nothing lost: handled, and still undelivered |
//! | W-17 overlapping handlers | the next message does not wait for the one in flight | calm | in order: offered while another was handled |
//! | W-18 (a) one page | one page of history; the rest is called absent | groups | nothing lost: said not to exist, and history has it |
//! | W-18 (b) recovered | what could not be filled is not mentioned | http-faults | in order: offered over a gap without a word |
//! | W-18 (c) arrived meanwhile | a message that arrives while history is asked is taken once more | http-faults | no duplicates: offered, had been settled |
//! | W-18 (d) two gaps | the second has the window and the name of the first | socket-only | in order: a gap begins with what was offered |
//! | W-18 (e) re-anchored | a late message takes the mark back | handlers | bounded: history asked, and nothing is missing |
//! | W-19 overlapping drains | a row that comes again in flight is committed | handlers | nothing lost: acked by cursor, never settled |
//! | W-26 ambiguous 1008 | every 1008 is final | flaky | live: given up, and nothing final has happened |
//! | W-27 close loses acks | nothing is acked any more once the close began | closing | nothing lost: handled before the close, never acked |
//! | W-28 close discards | early messages go with the socket | legacy | nothing lost: missing, and nothing said about it |
//! | W-29 poison seq | the mark follows any seq | poison | in order: offered as late, and nothing higher before it |
//! | own sends unheard | a send through the client itself leaves a gap | groups | bounded: history asked, and nothing is missing |
//! | paging waits | the next page waits until the last is handled | backlog | live: full page, and the next not asked for |
//! | signals vanish | a signal without a connection is dropped | closing | nothing lost: neither sent nor handed back |
//! | no close is final | a key that is no longer good is tried for ever | closing | live: ended for good, and the client goes on |
//! | close leaves handlers | a close does not wait for what is in flight | closing | nothing lost: closed while handlers were at work |
//! | acks for nobody | acks go to a platform that takes none | legacy | nothing lost: acks sent to a platform that takes none |
//! | bytes end connections | a frame of bytes makes the client close its connection | poison | live: a frame made the client close |
//! | given up is forgotten | a gap that was given up waits for the next connection | groups | nothing lost: asked for by nothing |
//! | one failure ends a fill | a question to history that fails gives the gap up | http-faults | in order: given up early |
//! | W-21 no deadlines | a socket that does not open, or whose HELLO is not answered, is waited for for ever | flaky | live: not connected |
//! | W-25 silent end | after a few attempts in a row the client ends without a word | flaky | live: ended, and said nothing |
//! | given up for good | what was given up for now is never asked for again | legacy | nothing lost: never offered again |
//! | a flood is shed | the socket is read on, and what there is no room for is dropped | flood | bounded: read, and not held |
//! | no bounds (W-18b) | the socket is read on, and all of it is kept | flood | bounded: more is buffered than is allowed |
//!
//! W-18 (f), fetched rows that bypass the bounds, needs no switch: the toy has no room to keep free for history, and in
//! tiny-buffers it breaks *bounded*, where the engine keeps it.
//!
//! W-18 (g), a drain that goes on while the cursor repeats, takes a platform that repeats cursors. The model of it is
//! one that does not; the engine's own tests have the other kind (`a_cursor_that_leads_nowhere_new_ends_the_drain`).

/// A mistake that a client of the platform can make; the numbers are those of the list that the engine is built to beat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Mistake {
    /// W-08: rows by ourselves are messages like others.
    OwnRowsAreMessages,
    /// W-09: rows of the drain wait for what lies between them.
    RowsOpenGaps,
    /// W-10: the mark of a conversation is forgotten once nothing of it waits.
    IdleMarksForgotten,
    /// W-11: the cursor passes what failed.
    FailedIsAcked,
    /// W-12: the cursor passes what has merely arrived.
    ArrivedIsAcked,
    /// W-12b: behind a row that is stuck nothing is acked.
    StuckRowsAreNotAcked,
    /// W-13: live messages do not wait for the drain, whose rows below the mark then count as seen.
    BelowIsAcked,
    /// W-14: what was given up counts as seen when the drain brings it.
    GivenUpIsAcked,
    /// W-14b: a live message below the mark is dropped.
    BelowIsDropped,
    /// W-15: without a consumer, messages count as handled.
    AckedWithoutConsumer,
    /// W-16: an ack that cannot be sent now is never sent.
    AckNotKept,
    /// W-17: handlers of one conversation overlap.
    HandlersOverlap,
    /// W-18 (a): a gap is filled with one page, and called recovered.
    OnePageFill,
    /// W-18 (b): what could not be filled is not mentioned.
    FailureIsRecovered,
    /// W-18 (c): a message that arrives while history is asked is taken from its answer once more.
    FillForgetsArrivals,
    /// W-18 (d): the next gap gets what is left of the window of the one before, and its name.
    OneWindow,
    /// W-18 (e): a late message takes the mark back.
    MarkGoesBack,
    /// W-19: a row that comes again while it is handled counts as handled.
    InFlightIsAcked,
    /// W-26: every 1008 is final.
    EveryPolicyCloseIsFinal,
    /// W-27: during a close nothing is acked any more.
    CloseLosesAcks,
    /// W-28: what waits for its turn is discarded with the socket.
    CloseDiscards,
    /// W-29: the mark follows any seq.
    FarSeqIsBelieved,
    /// A send through the client itself leaves a gap.
    OwnSendsLeaveGaps,
    /// The drain's next page is not asked for before the last one is handled.
    PagingWaits,
    /// A signal that cannot be sent is dropped.
    SignalsVanish,
    /// After a final close the client connects again.
    NoCloseIsFinal,
    /// A close does not wait for what is in flight.
    CloseLeavesHandlers,
    /// Acks are sent whether or not the platform takes them.
    AcksForNobody,
    /// A frame of bytes ends the connection.
    BytesEndConnections,
    /// A gap that was given up is asked for by nothing while the connection lives.
    GivenUpIsForgotten,
    /// One answer of history that cannot be read ends the gap.
    OneFailureEndsFill,
    /// W-21: nothing is too long for a socket to open, or for HELLO to be answered.
    NoDeadlines,
    /// W-25: after a few attempts in a row the client ends, and says nothing.
    SilentEnd,
    /// What was given up for now is not asked for again.
    GivenUpForGood,
    /// The socket is read although the buffers are full, and what comes is dropped.
    ReadsOnWhenFull,
    /// W-18b: the socket is read although the buffers are full, and what comes is kept.
    NoBounds,
}

impl Mistake {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::OwnRowsAreMessages,
        Self::RowsOpenGaps,
        Self::IdleMarksForgotten,
        Self::FailedIsAcked,
        Self::ArrivedIsAcked,
        Self::StuckRowsAreNotAcked,
        Self::BelowIsAcked,
        Self::GivenUpIsAcked,
        Self::BelowIsDropped,
        Self::AckedWithoutConsumer,
        Self::AckNotKept,
        Self::HandlersOverlap,
        Self::OnePageFill,
        Self::FailureIsRecovered,
        Self::FillForgetsArrivals,
        Self::OneWindow,
        Self::MarkGoesBack,
        Self::InFlightIsAcked,
        Self::EveryPolicyCloseIsFinal,
        Self::CloseLosesAcks,
        Self::CloseDiscards,
        Self::FarSeqIsBelieved,
        Self::OwnSendsLeaveGaps,
        Self::PagingWaits,
        Self::SignalsVanish,
        Self::NoCloseIsFinal,
        Self::CloseLeavesHandlers,
        Self::AcksForNobody,
        Self::BytesEndConnections,
        Self::GivenUpIsForgotten,
        Self::OneFailureEndsFill,
        Self::NoDeadlines,
        Self::SilentEnd,
        Self::GivenUpForGood,
        Self::ReadsOnWhenFull,
        Self::NoBounds,
    ];
}
