//! The simulated world: one client, the platform, the network between them, the application above, and the judge
//! beside. It does what the schedule says, and then all that follows until nothing is left to do.

use std::collections::VecDeque;

use agentchat_engine::{Mono, Now, UnixTime};

use super::application::{Application, Plan};
use super::client::{Client, Note, Offer, Outcome, Subject, Told, Wish};
use super::contract::LATE_HELLOS;
use super::dice::Dice;
use super::fault_names;
use super::judge::{Judge, Knowledge, describe};
use super::network::{Arrival, Network, micros};
use super::platform::{Number, Platform};
use super::schedule::{Schedule, Setup};
use super::tally::{Promise, Tally, Violation};

/// Inputs that one run may need: a client that needs more does not come to rest.
const MOST_INPUTS: u64 = 20_000;

pub(super) struct World<'a, S: Subject> {
    pub(super) subject: &'a S,
    pub(super) setup: &'a Setup,
    pub(super) dice: Dice,
    pub(super) client: S::Client,
    /// Where the next process's ids begin.
    pub(super) base: u64,
    /// In microseconds.
    pub(super) now: u64,
    pub(super) unix: i64,
    pub(super) wake: Option<u64>,
    /// Whether the client reads its socket.
    pub(super) reading: bool,
    /// What has come to the client's end of its socket and was not read yet.
    pub(super) unread: VecDeque<Arrival>,
    /// When something happened last that was more than a sign of life.
    pub(super) eventful: u64,
    pub(super) platform: Platform,
    pub(super) network: Network,
    pub(super) application: Application,
    pub(super) judge: Judge,
    pub(super) tally: Tally,
    pub(super) trace: Option<Vec<String>>,
    /// The socket that the client holds to be its connection.
    pub(super) current: Option<u64>,
    pub(super) connections: u64,
    pub(super) consumer: bool,
    pub(super) running: bool,
    pub(super) closing: bool,
    pub(super) closing_since: Option<u64>,
    /// The close began on an accepted connection that takes acks.
    pub(super) closing_acked: bool,
    /// A commit of the cursor has failed at some time: what waits for another try, a close does not wait for. Or a connection
    /// took no acks: what was settled during it is acked when a drain brings it again.
    pub(super) acks_disturbed: bool,
    /// HELLOs that were answered as too late, in a row.
    pub(super) late_hellos: u32,
    /// The platform has just said that the key is no longer good.
    pub(super) refused: bool,
    /// What is to become of the signal that was given just now: sent, or handed back.
    pub(super) signal: Option<bool>,
    /// Deliveries that are open: which message each is of.
    pub(super) open: Vec<(u64, Number)>,
    pub(super) stored_checkpoint: Option<(<S::Client as Client>::Checkpoint, Knowledge)>,
}

/// A line of the trace, written only if somebody reads it.
macro_rules! trace {
    ($world:expr, $($line:tt)*) => {
        if $world.trace.is_some() {
            let line = format!($($line)*);
            $world.write_down(&line);
        }
    };
}
pub(super) use trace;

impl<'a, S: Subject> World<'a, S> {
    pub(super) fn new(subject: &'a S, schedule: &'a Schedule, traced: bool) -> Self {
        let setup = &schedule.setup;
        let mut dice = Dice::new(schedule.seed, 2);
        let now = Now::new(Mono::from_micros(1_000_000), UnixTime::from_millis(1_790_000_000_000));
        Self {
            subject,
            setup,
            client: subject.client(&setup.options, dice.bytes(), 0, None, now),
            dice,
            base: 0,
            now: now.mono.as_micros(),
            unix: now.unix.as_millis(),
            wake: None,
            reading: true,
            unread: VecDeque::new(),
            eventful: 0,
            platform: Platform::new(setup.conversations),
            network: Network::default(),
            application: Application::default(),
            judge: Judge::new(setup),
            tally: Tally { schedules: 1, ..Tally::default() },
            trace: traced.then(Vec::new),
            current: None,
            connections: 0,
            consumer: false,
            running: false,
            closing: false,
            closing_since: None,
            closing_acked: false,
            acks_disturbed: false,
            late_hellos: 0,
            refused: false,
            signal: None,
            open: Vec::new(),
            stored_checkpoint: None,
        }
    }

    /// The whole run.
    pub(super) fn run(&mut self, schedule: &Schedule) -> Result<(), Violation> {
        let began = self.now;
        let result = self.story(schedule);
        self.tally.millis = (self.now - began) / 1_000;
        result
    }

    fn story(&mut self, schedule: &Schedule) -> Result<(), Violation> {
        self.tell(Told::Consumer(true))?;
        self.consumer = true;
        for step in &schedule.steps {
            self.pass(step.wait)?;
            trace!(self, "# {:?}", step.action);
            self.act(step.action)?;
        }
        trace!(self, "# the faults stop");
        self.heal()?;
        self.rest(|world| world.judge.is_at_rest(&world.platform, false))?;
        self.judge.rested(&self.platform, false)?;
        trace!(self, "# a last connection, and a last message everywhere");
        self.last_words()?;
        // A hidden message needs no delivery, but its redelivery may be yet to come.
        self.rest(|world| {
            let rests = world.judge.is_at_rest(&world.platform, true);
            rests && world.ended().is_ok() && world.client.buffered() == (0, 0)
        })?;
        self.judge.rested(&self.platform, true)?;
        self.ended()?;
        match self.client.buffered() {
            (0, 0) => Ok(()),
            (messages, bytes) => {
                let what = format!("all is settled, and {messages} messages with {bytes} bytes are still buffered");
                Err(Violation { promise: Promise::Bounded, what })
            }
        }
    }

    fn ended(&self) -> Result<(), Violation> {
        let acks = self.network.registered().iter().all(|(_, acks)| *acks);
        self.judge.ended(&self.platform, self.setup.options.drain, acks)
    }

    /// Tells the client, does what it wants, and judges.
    pub(super) fn tell(&mut self, what: Told) -> Result<(), Violation> {
        trace!(self, "> {what:?}");
        if !matches!(what, Told::Timeout | Told::Alive(_)) {
            self.eventful = self.now;
        }
        self.tally.inputs += 1;
        if self.tally.inputs > MOST_INPUTS {
            let what = format!("the client does not come to rest in {MOST_INPUTS} inputs");
            return Err(Violation { promise: Promise::Live, what });
        }
        self.client.told(self.clock(), what);
        for _ in 0..MOST_INPUTS {
            match self.client.wish() {
                Wish::Idle { wake, read } => {
                    (self.wake, self.reading) = (wake, read);
                    return self.judge_step();
                }
                Wish::Finished => {
                    (self.wake, self.reading) = (None, true);
                    if self.running {
                        let what = "the client has ended, and said nothing".to_owned();
                        return Err(Violation { promise: Promise::Live, what });
                    }
                    return self.judge_step();
                }
                wish => self.grant(wish)?,
            }
        }
        Err(Violation { promise: Promise::Live, what: "the client never becomes idle".to_owned() })
    }

    pub(super) fn clock(&self) -> Now {
        Now::new(Mono::from_micros(self.now), UnixTime::from_millis(self.unix + (self.now / 1_000) as i64))
    }

    pub(super) fn judge_step(&mut self) -> Result<(), Violation> {
        self.judge.batch_ended(&self.platform)?;
        let (messages, bytes) = self.client.buffered();
        let (most_messages, most_bytes) = self.subject.bounds(&self.setup.options);
        if messages > most_messages || bytes > most_bytes {
            let what = format!("{messages} messages with {bytes} bytes are buffered");
            return Err(Violation { promise: Promise::Bounded, what });
        }
        self.judge.holds(messages)
    }

    /// A delivery reaches the application.
    pub(super) fn deliver(&mut self, offer: &Offer) -> Result<(), Violation> {
        let Some(number) = self.platform.named(&offer.id) else {
            let what = format!("{:?} was offered, which does not exist", offer.id);
            return Err(Violation { promise: Promise::NothingLost, what });
        };
        trace!(
            self,
            "< offer {}, attempt {}{}",
            describe(number, &self.platform.messages[number]),
            offer.attempt,
            if offer.late { ", late" } else { "" }
        );
        self.tally.deliveries += 1;
        if !self.consumer || self.closing {
            let what = format!("msg_{number} was offered, and nobody takes messages");
            return Err(Violation { promise: Promise::NothingLost, what });
        }
        self.judge.offered(&self.platform, offer, number)?;
        self.open.push((offer.token, number));
        let (plan, fault) = self.application.handle(number, offer.token, self.setup.handling);
        if let Some(fault) = fault {
            self.tally.fault(fault_names::handler(fault));
        }
        if let Plan::Settle { after, outcome } = plan {
            self.network.at(self.now + micros(after), Arrival::Settle { token: offer.token, outcome });
        }
        Ok(())
    }

    /// The application says how a delivery ended.
    pub(super) fn settle(&mut self, token: u64, outcome: Outcome) -> Result<(), Violation> {
        let Some(at) = self.open.iter().position(|(open, _)| *open == token) else { return Ok(()) };
        let (_, number) = self.open.swap_remove(at);
        self.judge.settled(&self.platform, number, outcome);
        self.tell(Told::Settled { token, outcome })
    }

    /// What the client says besides.
    pub(super) fn note(&mut self, note: &Note) -> Result<(), Violation> {
        match note {
            Note::Other(what) => trace!(self, "< {what:?}"),
            _ => trace!(self, "< {note:?}"),
        }
        self.judge.noted(&self.platform, note)?;
        match note {
            Note::Unsent => self.signalled(false),
            Note::Halted if !self.refused && self.late_hellos <= LATE_HELLOS => {
                let what = "the client gave up for good, and nothing final has happened".to_owned();
                Err(Violation { promise: Promise::Live, what })
            }
            Note::Halted | Note::Closed => {
                if matches!(note, Note::Closed) {
                    self.closed()?;
                }
                self.running = false;
                (self.closing, self.closing_acked) = (false, false);
                self.current = None;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn write_down(&mut self, line: &str) {
        let time = self.now as f64 / 1e6;
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{time:>12.6}  {line}"));
        }
    }
}
