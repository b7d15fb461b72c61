//! Sessions whose every input and output is written down.

use std::cell::RefCell;
use std::rc::Rc;

use agentchat_engine::Now;
use agentchat_engine::realtime::Checkpoint;

use super::client::Subject;
use super::engine::{Engine, Engines};
use super::schedule::Knobs;

/// Makes sessions whose recordings it keeps, one for each process.
pub(super) struct RecordedEngines {
    engines: Engines,
    recordings: RefCell<Vec<Rc<RefCell<String>>>>,
}

impl RecordedEngines {
    pub(super) fn new(engines: Engines) -> Self {
        Self { engines, recordings: RefCell::default() }
    }

    /// What was recorded so far, the first process first.
    pub(super) fn recordings(&self) -> Vec<String> {
        self.recordings.borrow().iter().map(|recording| recording.borrow().clone()).collect()
    }
}

impl Subject for RecordedEngines {
    type Client = Engine;

    fn client(&self, knobs: &Knobs, seed: [u8; 32], base: u64, resume: Option<Checkpoint>, now: Now) -> Engine {
        let recording = Rc::new(RefCell::new(String::new()));
        self.recordings.borrow_mut().push(Rc::clone(&recording));
        let sink = Box::new(move |line: &str| recording.borrow_mut().push_str(line));
        self.engines.client_with(knobs, seed, base, resume, now, Some(sink))
    }

    fn bounds(&self, knobs: &Knobs) -> (usize, usize) {
        self.engines.bounds(knobs)
    }
}
