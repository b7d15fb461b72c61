//! What the official SDKs get wrong, one mistake at a time.
//!
//! | mistake | what the toy does wrong | scenario | the judge's verdict |
//! |---|---|---|---|
//! | W-08 own sends are holes | rows by ourselves are offered | groups | nothing lost: our own message was offered |
//! | W-10 idle state drop | the mark is forgotten when nothing waits | flaky | in order: offered over a hole without a word |
//! | W-11 failed rows are acked | the cursor passes what has failed | handlers | nothing lost: acked by cursor, never settled |
//! | W-12 buffered rows are acked | the cursor passes what has arrived | backlog | nothing lost: acked by cursor, never settled |
//! | W-13 live beats drain | live messages are not held; rows below the mark count as seen | flaky | nothing lost: acked, never settled |
//! | W-14 the drain acks what failed | the cursor passes what was given up | handlers | nothing lost: acked by cursor, never settled |
//! | W-14b below the mark is dropped | a live message below the mark is ignored | legacy | nothing lost: has arrived, never handled |
//! | W-15 ack without consumer | without a consumer messages count as handled | handlers | nothing lost: acked by frame, never settled |
//! | W-16 ack not kept | what settles between connections is not acked | socket-only | nothing lost: handled, and still owed |
//! | W-17 overlapping handlers | the next message does not wait for the one in flight | calm | in order: offered while another was handled |
//! | W-18 fill bookkeeping | one page of history; the rest is called absent | groups | nothing lost: said not to exist, and history has it |
//! | W-19 overlapping drains | a row that comes again in flight is committed | handlers | nothing lost: acked by cursor, never settled |
//! | W-26 ambiguous 1008 | every 1008 is final | flaky | live: given up, and nothing final has happened |
//! | W-28 close discards | early messages go with the socket | legacy | nothing lost: missing, and nothing said about it |
//!
//! Of W-18 only the page (a) is made.
//!
//! # Not yet proven
//! | mistake | why |
//! |---|---|
//! | W-09 sync rows are sparse | the judge cannot yet tell, exactly, what history brought needlessly from what it had to bring |
//! | W-12b frozen drain | a toy with it was caught only for how few ids it remembered, which is not the mistake |
//! | W-18b unbounded memory | the toy has no bounds, so none of it is right where buffers are small |
//! | W-27 close loses acks | a toy that sent no acks during the close was not caught in 60 seeds of any scenario it was run in |
//! | W-29 poison seq | the toy without it breaks the order in one of 100 seeds of poison (69) |

/// A mistake that a client of the platform can make; the numbers are those of the list that the engine is built to beat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Mistake {
    /// W-08: rows by ourselves are messages like others.
    OwnRowsAreMessages,
    /// W-10: the mark of a conversation is forgotten once nothing of it waits.
    IdleMarksForgotten,
    /// W-11: the cursor passes what failed.
    FailedIsAcked,
    /// W-12: the cursor passes what has merely arrived.
    ArrivedIsAcked,
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
    /// W-18: a hole is filled with one page, and called recovered.
    OnePageFill,
    /// W-19: a row that comes again while it is handled counts as handled.
    InFlightIsAcked,
    /// W-26: every 1008 is final.
    EveryPolicyCloseIsFinal,
    /// W-28: what waits for its turn is discarded with the socket.
    CloseDiscards,
}

impl Mistake {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::OwnRowsAreMessages,
        Self::IdleMarksForgotten,
        Self::FailedIsAcked,
        Self::ArrivedIsAcked,
        Self::BelowIsAcked,
        Self::GivenUpIsAcked,
        Self::BelowIsDropped,
        Self::AckedWithoutConsumer,
        Self::AckNotKept,
        Self::HandlersOverlap,
        Self::OnePageFill,
        Self::InFlightIsAcked,
        Self::EveryPolicyCloseIsFinal,
        Self::CloseDiscards,
    ];
}
