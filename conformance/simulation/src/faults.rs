//! What a schedule's steps do to the world, and how the world heals at the end.

use super::client::{Client, Outcome, Subject, Told};
use super::contract::REFUSED;
use super::judge::Knowledge;
use super::network::{Arrival, micros};
use super::platform::{Envelope, Sort};
use super::schedule::{Action, CutKind, Resume, What};
use super::tally::Violation;
use super::wire;
use super::world::World;

/// Ids of one process, more than any run needs.
const IDS: u64 = 1_000_000;

impl<S: Subject> World<'_, S> {
    pub(super) fn act(&mut self, action: Action) -> Result<(), Violation> {
        match action {
            Action::Before { conversation, acked } => {
                let envelope = if acked { Envelope::Delivered } else { Envelope::Stored };
                self.platform.store(conversation, Sort::Plain, envelope);
                self.tally.messages += 1;
                self.judge.stored(acked);
            }
            Action::Start => self.start()?,
            Action::Say { conversation, what } => self.say(conversation, what),
            Action::Burst { conversation, messages } => {
                self.tally.fault("burst of messages");
                (0..messages).for_each(|_| self.say(conversation, What::Message));
            }
            Action::Mute { conversation, on } => {
                self.tally.fault("conversation muted or unmuted");
                self.platform.mute(conversation, on);
            }
            Action::Hide { back } => {
                if let Some(number) = self.platform.messages.len().checked_sub(usize::from(back) + 1) {
                    self.tally.fault("message hidden");
                    self.platform.hide(number);
                }
            }
            Action::Frame(fault) => self.network.frame_faults.push_back(fault),
            Action::Http(purpose, fault) => self.network.arm(purpose, fault),
            Action::Dial(fault) => self.network.dial_faults.push_back(fault),
            Action::Cut(kind) => self.cut(kind)?,
            Action::Handler(fault) => self.application.faults.push_back(fault),
            Action::Consumer(present) => {
                self.tally.fault("consumer leaves or returns");
                self.consumer = present;
                self.tell(Told::Consumer(present))?;
            }
            Action::Drain => self.tell(Told::Drain)?,
            Action::Close if self.running && !self.closing => {
                self.tally.fault("client closed");
                self.closing = true;
                self.closing_since = Some(self.now);
                let acks = |socket| self.network.sockets.get(&socket).and_then(|s| s.acks);
                self.closing_acked = self.client.is_greeted() && self.current.and_then(acks) == Some(true);
                self.tell(Told::Close)?;
            }
            Action::Close => {}
            Action::Checkpoint => self.stored_checkpoint = self.checkpoint(),
            Action::Crash(resume) => self.crash(resume)?,
            Action::Sleep(time) => {
                self.tally.fault("machine asleep");
                self.now += micros(time);
            }
            Action::Typing { conversation } => self.typing(conversation)?,
            Action::Binary => {
                for (socket, _) in self.network.registered() {
                    self.tally.fault("frame of bytes");
                    self.network.at(self.now + micros(self.setup.socket_latency), Arrival::BytesToClient { socket });
                }
            }
            Action::EarlyTimeout => self.early_timeout()?,
            Action::WallClock(seconds) => {
                self.tally.fault("wall clock set");
                self.unix += i64::from(seconds) * 1_000;
            }
            Action::Nonsense(which) => {
                for (socket, _) in self.network.registered() {
                    self.tally.fault("frame of nonsense");
                    self.network.frame_to_client(
                        self.now,
                        self.setup.socket_latency,
                        socket,
                        wire::nonsense(which),
                        None,
                    );
                }
            }
        }
        Ok(())
    }

    pub(super) fn start(&mut self) -> Result<(), Violation> {
        if !self.running {
            self.running = true;
            self.closing = false;
            self.tell(Told::Start)?;
        }
        Ok(())
    }

    pub(super) fn say(&mut self, conversation: u16, what: What) {
        let (sort, envelope) = match what {
            What::Message => (Sort::Plain, Envelope::Stored),
            What::OddSeq(odd) => (Sort::OddSeq(odd), Envelope::Stored),
            What::Poison(poison) => (Sort::Poison(poison), Envelope::Stored),
            What::System => (Sort::System, Envelope::Stored),
            What::Skipped => (Sort::Plain, Envelope::None),
            What::OwnHere { .. } | What::OwnElsewhere => (Sort::Own, Envelope::None),
        };
        match what {
            What::Message => {}
            What::OddSeq(_) => self.tally.fault("message with a seq of no use"),
            What::Poison(_) => self.tally.fault("row that cannot be read"),
            What::System => self.tally.fault("group event, not pushed"),
            What::Skipped => self.tally.fault("message without a delivery"),
            What::OwnHere { answered: true } => self.tally.fault("own send"),
            What::OwnHere { answered: false } => self.tally.fault("own send without an answer"),
            What::OwnElsewhere => self.tally.fault("own send elsewhere"),
        }
        let number = self.platform.store(conversation, sort, envelope);
        self.tally.messages += 1;
        self.judge.stored(false);
        if what == (What::OwnHere { answered: true }) {
            let seq = self.platform.last_seq(conversation);
            let at = self.now + micros(self.setup.http_latency);
            self.network.at(at, Arrival::SentKnown { conversation, seq });
        }
        if self.platform.is_pushed(number) {
            for (socket, acks) in self.network.registered() {
                self.push(socket, acks, number, false);
            }
        }
    }

    fn cut(&mut self, kind: CutKind) -> Result<(), Violation> {
        let open = self.network.sockets.iter().filter(|(_, socket)| socket.open_at_client);
        let open: Vec<u64> = open.map(|(id, _)| *id).collect();
        for id in open {
            let (now, latency) = (self.now, micros(self.setup.socket_latency));
            let Some(socket) = self.network.sockets.get_mut(&id) else { continue };
            match kind {
                CutKind::Closed(_) | CutKind::Refused => {
                    let code = if let CutKind::Closed(code) = kind { code } else { REFUSED };
                    let at = socket.last.max(now + latency);
                    socket.open_at_platform = false;
                    socket.closed_by_platform = true;
                    self.network.at(at, Arrival::ClosedByPlatform { socket: id, code, reason: "" });
                    self.tally.fault(match kind {
                        CutKind::Refused => "key no longer good",
                        _ => "socket closed by the platform",
                    });
                }
                CutKind::Broken => {
                    socket.open_at_client = false;
                    socket.open_at_platform = false;
                    socket.silent = true;
                    self.tally.fault("socket broken");
                    self.connection_ended(id);
                    self.tell(Told::Broken(id))?;
                }
                CutKind::HalfOpen => {
                    socket.silent = true;
                    // The platform pings every 45 s and waits 30 s.
                    self.network.at(now + 75_000_000, Arrival::GoneAtPlatform { socket: id });
                    self.tally.fault("socket half open");
                }
            }
        }
        Ok(())
    }

    fn checkpoint(&self) -> Option<(<S::Client as Client>::Checkpoint, Knowledge)> {
        Some((self.client.checkpoint()?, self.judge.knowledge()))
    }

    fn crash(&mut self, resume: Resume) -> Result<(), Violation> {
        self.tally.fault(match resume {
            Resume::Fresh => "process dies, the next starts afresh",
            Resume::Stored => "process dies, the next resumes from an older checkpoint",
            Resume::Current => "process dies, the next resumes from the last moment",
        });
        let checkpoint = match resume {
            Resume::Fresh => None,
            Resume::Stored => self.stored_checkpoint.clone(),
            Resume::Current => self.checkpoint(),
        };
        self.network.abandon(self.now, self.setup.socket_latency);
        self.application.die();
        self.open.clear();
        self.judge.died(checkpoint.as_ref().map(|(_, knowledge)| knowledge));
        // What is known shrinks to what this checkpoint had: a later one of the dead process is not to be resumed from.
        self.stored_checkpoint.clone_from(&checkpoint);
        self.base += IDS;
        let seed = self.dice.bytes();
        let now = self.clock();
        self.client = self.subject.client(&self.setup.options, seed, self.base, checkpoint.map(|(c, _)| c), now);
        self.wake = None;
        self.reading = true;
        self.unread.clear();
        self.current = None;
        self.running = false;
        (self.closing, self.closing_acked) = (false, false);
        self.consumer = true;
        self.tell(Told::Consumer(true))?;
        self.start()
    }

    /// The faults stop: what is armed is taken back, what is stuck fails, and the application runs.
    pub(super) fn heal(&mut self) -> Result<(), Violation> {
        self.network.heal();
        for token in self.application.heal() {
            self.settle(token, Outcome::Failed { retry_after: None })?;
        }
        if !self.consumer {
            self.consumer = true;
            self.tell(Told::Consumer(true))?;
        }
        if self.closing {
            self.wait_for_close()?;
        }
        self.start()
    }

    /// A connection that is new, and a message in every conversation: nothing stays unnoticed.
    pub(super) fn last_words(&mut self) -> Result<(), Violation> {
        for conversation in 0..self.setup.conversations {
            self.platform.mute(conversation, false);
        }
        self.cut(CutKind::Broken)?;
        self.until_live()?;
        for conversation in 0..self.setup.conversations {
            self.say(conversation, What::Message);
        }
        Ok(())
    }
}
