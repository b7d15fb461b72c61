//! A platform that does nothing by itself: the test says every answer and every frame.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};

use super::panics::Guard;
use super::transport::Host;
use super::{Clock, Exchange, Opening, TestTransport};
use crate::Client;
use crate::lock::lock;

/// What clients ask for waits here until the test answers it. Clones are the same script.
///
/// ```
/// use agentchat_driver::testkit::{Script, Task};
/// use serde_json::json;
///
/// let script = Script::new();
/// let client = script.client();
/// let mut call = Task::new(async move { client.get_agent("@alice").await });
/// assert!(call.run().is_none(), "it waits for the answer");
/// let exchange = script.next_exchange().expect("a request");
/// assert_eq!(exchange.request().uri().path(), "/v1/agents/alice");
/// exchange.answer(200, &json!({"handle": "alice"}));
/// assert_eq!(call.run().expect("it is done").unwrap().handle.as_str(), "alice");
/// ```
#[derive(Clone, Default)]
pub struct Script {
    clock: Clock,
    waiting: Arc<Waiting>,
    panics: Arc<Guard>,
}

#[derive(Default)]
struct Waiting {
    exchanges: Mutex<VecDeque<Exchange>>,
    openings: Mutex<VecDeque<Opening>>,
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (exchanges, openings) = (self.exchanges(), lock(&self.waiting.openings).len());
        f.debug_struct("Script").field("exchanges", &exchanges).field("openings", &openings).finish_non_exhaustive()
    }
}

impl Host for Waiting {
    fn exchange(&self, exchange: Exchange) {
        lock(&self.exchanges).push_back(exchange);
    }

    fn open(&self, opening: Opening) {
        lock(&self.openings).push_back(opening);
    }
}

impl Script {
    /// A script in which nothing has happened.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// A transport that asks this script.
    #[must_use]
    pub fn transport(&self) -> TestTransport {
        TestTransport::new(self.clock.clone(), Arc::clone(&self.waiting) as Arc<dyn Host>, self.panics.panics())
    }

    /// A client that asks this script.
    #[must_use]
    pub fn client(&self) -> Client<TestTransport> {
        self.transport().client()
    }

    /// What handlers panicked with, for tests in which they are to. Otherwise the last handle of the script to be dropped fails
    /// the test.
    #[must_use]
    pub fn take_panics(&self) -> Vec<String> {
        self.panics.take()
    }

    /// How many requests wait for an answer, given up or not.
    #[must_use]
    pub fn exchanges(&self) -> usize {
        lock(&self.waiting.exchanges).len()
    }

    /// The oldest request that waits for an answer.
    pub fn next_exchange(&self) -> Option<Exchange> {
        lock(&self.waiting.exchanges).pop_front()
    }

    /// The oldest request whose path ends so.
    pub fn exchange(&self, path: &str) -> Option<Exchange> {
        let mut waiting = lock(&self.waiting.exchanges);
        let index = waiting.iter().position(|exchange| exchange.request().uri().path().ends_with(path))?;
        waiting.remove(index)
    }

    /// The oldest attempt to open a socket.
    pub fn next_opening(&self) -> Option<Opening> {
        lock(&self.waiting.openings).pop_front()
    }
}
