//! A session in a world that means ill, and what it is held to whatever that world does.
//!
//! The world answers what it likes, when it likes, in any order; so what a well-meant platform is promised (nothing is lost, nothing is
//! late) cannot be asked for here: that is `schedule`'s, with the simulation's model. What is promised whatever comes is checked after
//! every step, by the [`Ledger`] for messages and in `outputs` for all else.

mod ledger;
mod outputs;
mod peer;
mod rest;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use agentchat_engine::realtime::{Checkpoint, ConnectionId, DeliveryToken, Input, RequestId, Session, SessionOptions};
use agentchat_engine::recording::{Recorder, replay};
use agentchat_engine::{ApiKey, Context, Mono, Now, Seed};
use bytes::Bytes;
use http::Request;

use self::ledger::Ledger;
use crate::Choices;

/// The key, which nobody guesses.
const KEY: &str = "ac_0f4e5d6c7b8a9f0e1d2c3b4a";

type Sink = Box<dyn FnMut(&str)>;

/// A session, its clock and its world.
pub struct Driven {
    cx: Context,
    options: SessionOptions,
    session: Recorder<Session, Sink>,
    recording: Rc<RefCell<String>>,
    inputs: u64,
    now: Now,
    wake: Option<Mono>,
    connection: Option<ConnectionId>,
    /// Connections that are over.
    past: Vec<ConnectionId>,
    is_open: bool,
    requests: Vec<(RequestId, Request<Bytes>)>,
    latest_request: Option<RequestId>,
    /// Deliveries that were made, the settled ones included.
    tokens: Vec<DeliveryToken>,
    /// Cursors that rows were given.
    cursors: u64,
    ledger: Ledger,
    stored: Option<(String, Ledger)>,
    consumer: bool,
    closing: bool,
    /// The final event was said.
    ended: bool,
    /// A signal that was neither sent nor handed back.
    signals: usize,
}

impl core::fmt::Debug for Driven {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Driven").field("session", self.session.machine()).finish_non_exhaustive()
    }
}

fn options(choices: &mut Choices<'_>) -> SessionOptions {
    let mut options = SessionOptions::default().close_wait(Duration::from_secs(5));
    options.own_handle = (choices.below(2) == 0).then(|| "me".into());
    if choices.rarely(3) {
        options = options.buffered_messages(1 + choices.below(12));
    }
    if choices.rarely(4) {
        options = options.buffered_bytes(500 * (1 + choices.below(12)));
    }
    if choices.rarely(3) {
        options = options.max_in_flight(1 + choices.below(3));
    }
    if choices.rarely(4) {
        options = options.redelivery(Vec::<Duration>::new()).reoffers(choices.below(3) as u32);
    }
    if choices.rarely(4) {
        options = options.key_wait(Duration::from_secs(30));
    }
    options.drain_page(choices.pick(&[100, 1, 3])).drain(!choices.rarely(6)).fill_gaps(!choices.rarely(6))
}

impl Driven {
    /// A session that has a consumer and was started.
    #[must_use]
    pub fn new(choices: &mut Choices<'_>) -> Self {
        let cx = Context::builder().api_key(ApiKey::new(KEY).expect("a key")).base_url("http://localhost:1");
        let (cx, options) = (cx.build().expect("a context"), options(choices));
        let now = Now { mono: Mono::from_micros(1_000_000), ..Now::default() };
        let (session, recording) = record(&cx, &options, None, now);
        let mut driven = Self {
            cx,
            options,
            session,
            recording,
            inputs: 0,
            now,
            wake: None,
            connection: None,
            past: Vec::new(),
            is_open: false,
            requests: Vec::new(),
            latest_request: None,
            tokens: Vec::new(),
            cursors: 0,
            ledger: Ledger::default(),
            stored: None,
            consumer: false,
            closing: false,
            ended: false,
            signals: 0,
        };
        driven.begin();
        driven
    }

    fn begin(&mut self) {
        self.consume(true);
        self.input(Input::Start { api_key: None });
    }

    fn consume(&mut self, consumer: bool) {
        self.consumer = consumer;
        self.input(Input::Consumer(consumer));
    }

    fn input(&mut self, input: Input) {
        self.inputs += 1;
        self.session.handle_input(self.now, input);
        self.poll();
    }

    fn pass(&mut self, time: Duration) {
        self.now.mono = self.now.mono + time;
        let millis = i64::try_from(time.as_millis()).unwrap_or(0);
        self.now.unix = agentchat_engine::UnixTime::from_millis(self.now.unix.as_millis().saturating_add(millis));
    }

    /// The time for which the session waits comes.
    fn time_out(&mut self) {
        if let Some(wake) = self.wake {
            self.pass(wake.saturating_since(self.now.mono));
        }
        self.timeout();
    }

    fn timeout(&mut self) {
        self.input(Input::Timeout);
        assert!(self.wake.is_none_or(|wake| wake > self.now.mono), "a timeout was handled and is still due");
    }

    /// What the application would store can be read, and is stored the same.
    fn store(&mut self) {
        let text = self.session.machine().checkpoint().to_json();
        let read = Checkpoint::from_json(&text).map(|read| read.to_json());
        assert_eq!(read.as_ref(), Ok(&text));
        self.stored = Some((text, self.ledger.clone()));
    }

    /// The process dies, and another goes on from what was stored last, or from nothing.
    fn restart(&mut self, with_checkpoint: bool) {
        self.check_recording();
        let stored = self.stored.clone().filter(|_| with_checkpoint);
        let (text, ledger) = stored.map_or((None, Ledger::default()), |(text, ledger)| (Some(text), ledger));
        self.ledger = ledger.inherited(&self.ledger);
        let checkpoint = text.map(|text| Checkpoint::from_json(&text).expect("what was stored can be read"));
        (self.session, self.recording) = record(&self.cx, &self.options, checkpoint, self.now);
        (self.inputs, self.wake, self.connection, self.is_open) = (0, None, None, false);
        (self.closing, self.ended, self.latest_request) = (false, false, None);
        self.past.clear();
        self.requests.clear();
        self.tokens.clear();
        self.begin();
    }

    /// What was recorded of this process replays, byte for byte.
    fn check_recording(&self) {
        let recording = self.recording.borrow();
        match replay(&recording) {
            Ok(replayed) => assert_eq!((replayed.inputs, replayed.truncated), (self.inputs, false)),
            Err(error) => panic!("{error}\n{recording}"),
        }
        assert!(!recording.contains(KEY), "the key is in the recording");
    }

    /// All that was open is settled, the world means well from now on, and the session comes to rest.
    pub fn finish(mut self) {
        self.come_to_rest();
        self.check_recording();
    }
}

fn record(
    cx: &Context,
    options: &SessionOptions,
    resume: Option<Checkpoint>,
    now: Now,
) -> (Recorder<Session, Sink>, Rc<RefCell<String>>) {
    let recording = Rc::new(RefCell::new(String::new()));
    let tape = Rc::clone(&recording);
    let sink: Sink = Box::new(move |line: &str| tape.borrow_mut().push_str(line));
    (Recorder::session(cx, options.clone(), Seed::from_bytes([6; 32]), resume, now, Some(sink)), recording)
}
