//! A session, written down or not.

use agentchat_engine::Now;
use agentchat_engine::realtime::{Input, Output, Session};
use agentchat_engine::recording::Recorder;

pub(crate) enum Machine {
    Plain(Box<Session>),
    Recorded(Box<Recorder<Session, Sink>>),
}

pub(crate) type Sink = Box<dyn FnMut(&str)>;

impl Machine {
    pub(crate) fn handle_input(&mut self, now: Now, input: Input) {
        match self {
            Self::Plain(session) => session.handle_input(now, input),
            Self::Recorded(recorder) => recorder.handle_input(now, input),
        }
    }

    pub(crate) fn poll_output(&mut self) -> Output {
        match self {
            Self::Plain(session) => session.poll_output(),
            Self::Recorded(recorder) => recorder.poll_output(),
        }
    }

    pub(crate) fn session(&self) -> &Session {
        match self {
            Self::Plain(session) => session,
            Self::Recorded(recorder) => recorder.machine(),
        }
    }
}
