//! A schedule: the explicit list of what is done to a client and around it, and when. Everything else in a run
//! follows from it, so a run is shortened by leaving steps out.

use std::fmt;
use std::time::Duration;

/// One run: its surroundings and its steps.
#[derive(Clone, Debug)]
pub struct Schedule {
    pub(super) seed: u64,
    pub(super) setup: Setup,
    pub(super) steps: Vec<Step>,
}

impl Schedule {
    /// How many steps it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether nothing is done at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.setup)?;
        for step in &self.steps {
            writeln!(f, "  after {:>9.3} ms  {:?}", step.wait.as_secs_f64() * 1e3, step.action)?;
        }
        Ok(())
    }
}

/// What stays the same during a run.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    pub(super) conversations: u16,
    /// Whether the platform offers acks; otherwise it counts what it wrote to a socket as delivered.
    pub(super) acks: Acks,
    /// Whether the platform pushes its backlog over every new socket.
    pub(super) backlog: bool,
    /// Rows that the platform gives at most for one question to history.
    pub(super) history_page: usize,
    /// One way, over the socket and over HTTP.
    pub(super) socket_latency: Duration,
    pub(super) http_latency: Duration,
    /// How long a handler takes.
    pub(super) handling: Duration,
    /// Whether nothing but volume disturbs: the client holds the platform back.
    pub(super) flood: bool,
    pub(super) options: Knobs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Acks {
    Always,
    Never,
    /// Every other connection.
    Alternating,
}

/// The client's options, as far as they differ from run to run.
#[derive(Clone, Debug)]
pub(super) struct Knobs {
    pub(super) handle_known: bool,
    pub(super) drain: bool,
    pub(super) drain_page: u32,
    pub(super) fill: bool,
    pub(super) fill_after: Duration,
    pub(super) max_in_flight: usize,
    pub(super) buffered_messages: usize,
    pub(super) buffered_bytes: usize,
    /// Waits before a failed message is offered again.
    pub(super) redelivery: Vec<Duration>,
    pub(super) reoffers: u32,
}

impl Knobs {
    /// Whether the buffers may be full at some time.
    pub(super) fn is_small(&self) -> bool {
        self.buffered_messages < 1_000 || self.buffered_bytes < 1_000_000
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) wait: Duration,
    pub(super) action: Action,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// A message that was stored before the client's time, and may have been handled by an earlier process.
    Before { conversation: u16, acked: bool },
    /// The application starts the client, if it is not running.
    Start,
    /// A message is stored.
    Say { conversation: u16, what: What },
    /// So many messages are stored at once.
    Burst { conversation: u16, messages: u16 },
    /// The agent mutes a conversation, or no longer does.
    Mute { conversation: u16, on: bool },
    /// The agent hides one of the newest messages, counted from the newest.
    Hide { back: u16 },
    /// What happens to the next message that is pushed.
    Frame(FrameFault),
    /// What happens to the next request of this kind.
    Http(Purpose, HttpFault),
    /// What happens to the next socket that is opened.
    Dial(DialFault),
    /// Every open socket ends.
    Cut(CutKind),
    /// What the handler does with the next message that it has not seen.
    Handler(HandlerFault),
    /// Whether the application takes messages.
    Consumer(bool),
    /// The application asks for a drain.
    Drain,
    /// The application closes the client, and starts it again when it has ended.
    Close,
    /// The application stores a checkpoint.
    Checkpoint,
    /// The process dies and another begins.
    Crash(Resume),
    /// The machine sleeps: nothing runs, and all that was due comes afterwards.
    Sleep(Duration),
    /// The wall clock is set by so many seconds.
    WallClock(i32),
    /// The application begins to write in a conversation, and says so.
    Typing { conversation: u16 },
    /// The platform sends a frame of bytes.
    Binary,
    /// The platform sends a frame that is nothing of the kind.
    Nonsense(u8),
    /// The client gets a timeout before it asked for one.
    EarlyTimeout,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// By somebody else.
    Message,
    /// By somebody else, and its `seq` cannot be used.
    OddSeq(OddSeq),
    /// By somebody else, and its row cannot be read.
    Poison(Poison),
    /// A group event: stored, not pushed.
    System,
    /// By somebody else while our inbox was full: in history only.
    Skipped,
    /// By ourselves through this client, which hears of it when the answer comes, if it comes.
    OwnHere { answered: bool },
    /// By ourselves through another one.
    OwnElsewhere,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OddSeq {
    Absent,
    Fraction,
    Text,
    /// 10^15.
    Huge,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Poison {
    /// No conversation is named.
    Nowhere,
    /// The id is a number.
    NumberedId,
    /// Nested too deeply to be read.
    Deep,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameFault {
    /// The platform believes that it wrote it.
    Drop,
    Twice,
    /// It comes so much later, and others overtake it.
    Late(Duration),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    Sync,
    SyncAck,
    History,
    Me,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HttpFault {
    /// An error answer; nothing was done.
    Status(u16),
    /// 429, to be asked again after so many seconds.
    Limited(u16),
    /// It never left.
    Unsent,
    /// It broke before the platform had it.
    LostOnTheWay,
    /// The platform did it, and the answer was lost.
    AnswerLost,
    /// The answer breaks off in the middle.
    Truncated,
    /// The answer is something else.
    NotAPage,
    /// The answer comes so much later, perhaps after the client has given up.
    Slow(Duration),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DialFault {
    Refused,
    /// Nothing ever comes back.
    Hangs,
    /// The socket opens, and HELLO is not answered.
    NoHelloOk,
    /// The platform's own time for HELLO is over: 1008 and its reason.
    HelloTooLate,
    /// The server is shutting down.
    Shutdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CutKind {
    /// A close frame that is final: the key is no longer good. The application has another when it starts again.
    Refused,
    /// A close frame; what the client sent before still arrives.
    Closed(u16),
    /// The socket breaks; what is under way in either direction is gone.
    Broken,
    /// Nothing passes any more, and neither side notices.
    HalfOpen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HandlerFault {
    Slow(Duration),
    /// Fails so many times.
    Fails(u8),
    /// Fails once, and asks for its own wait.
    FailsFor(Duration),
    /// Fails until the faults stop.
    AlwaysFails,
    /// Settles when the faults stop, as a handler that was dropped.
    NeverSettles,
    Discards,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resume {
    /// With nothing.
    Fresh,
    /// From the last checkpoint that was stored.
    Stored,
    /// From a checkpoint of the very moment.
    Current,
}
