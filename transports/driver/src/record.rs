//! Recording what a client's machines are told and say, for whoever asks for it.

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use agentchat_engine::realtime::{Checkpoint, Input, Output, Session, SessionOptions};
use agentchat_engine::recording::Recorder;
use agentchat_engine::rest::{Endpoint, Route};
use agentchat_engine::{Call, CallInput, CallOptions, CallOutput, Context, InvalidArgument, Now, Seed};
use tracing::error;

/// What a recording is about to be made of.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Recordable {
    /// A call of this endpoint.
    Call(&'static Route),
    /// A realtime session.
    Session,
}

/// Takes the lines of one recording, each with its `\n`.
///
/// It is called from within the client's loop, so it should not wait: give the lines to a thread if what writes them may
/// be slow. After its first error, or a panic, it is dropped and the machine goes on unrecorded.
pub type RecordingSink = Box<dyn FnMut(&str) -> io::Result<()> + Send>;

type Open = dyn Fn(Recordable) -> Option<RecordingSink> + Send + Sync;

/// Opens a recording for each machine of a client, or none.
#[derive(Clone, Default)]
pub(crate) struct Recordings(Option<Arc<Open>>);

impl Recordings {
    pub(crate) fn new(open: impl Fn(Recordable) -> Option<RecordingSink> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(open)))
    }

    fn open(&self, what: Recordable) -> Option<Line> {
        self.0.as_ref().and_then(|open| open(what)).map(guarded)
    }

    pub(crate) fn call<E: Endpoint>(
        &self,
        cx: &Context,
        endpoint: E,
        options: CallOptions,
        seed: Seed,
        now: Now,
    ) -> Result<CallMachine<E>, InvalidArgument> {
        Ok(match self.open(Recordable::Call(endpoint.route())) {
            Some(line) => CallMachine::Recorded(Recorder::call(cx, endpoint, options, seed, now, line)?),
            None => CallMachine::Plain(Call::new(cx, endpoint, options, seed, now)?),
        })
    }

    pub(crate) fn session(
        &self,
        cx: &Context,
        options: SessionOptions,
        seed: Seed,
        resume: Option<Checkpoint>,
        now: Now,
    ) -> SessionMachine {
        match self.open(Recordable::Session) {
            Some(line) => SessionMachine::Recorded(Recorder::session(cx, options, seed, resume, now, line)),
            None => SessionMachine::Plain(Session::new(cx, options, seed, resume)),
        }
    }
}

impl fmt::Debug for Recordings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recordings").field(&self.0.is_some()).finish()
    }
}

type Line = Box<dyn FnMut(&str) + Send>;

/// Whatever a sink does, the machine goes on.
fn guarded(sink: RecordingSink) -> Line {
    let mut sink = Some(sink);
    Box::new(move |line| {
        let Some(write) = &mut sink else { return };
        match catch_unwind(AssertUnwindSafe(|| write(line))) {
            Ok(Ok(())) => return,
            Ok(Err(problem)) => error!(%problem, "the recording ends here"),
            Err(_) => error!("the recording ends here: its sink panicked"),
        }
        sink = None;
    })
}

/// A session, recorded or not, with the session's doors.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one a session, and it stays where it is")]
pub(crate) enum SessionMachine {
    Plain(Session),
    Recorded(Recorder<Session, Line>),
}

impl SessionMachine {
    pub(crate) fn handle_input(&mut self, now: Now, input: Input) {
        match self {
            Self::Plain(session) => session.handle_input(now, input),
            Self::Recorded(session) => session.handle_input(now, input),
        }
    }

    pub(crate) fn poll_output(&mut self) -> Output {
        match self {
            Self::Plain(session) => session.poll_output(),
            Self::Recorded(session) => session.poll_output(),
        }
    }

    pub(crate) fn session(&self) -> &Session {
        match self {
            Self::Plain(session) => session,
            Self::Recorded(session) => session.machine(),
        }
    }
}

/// A call, recorded or not, with the call's doors.
#[allow(clippy::large_enum_variant, reason = "there is one a call, and it stays where it is")]
pub(crate) enum CallMachine<E: Endpoint> {
    Plain(Call<E>),
    Recorded(Recorder<Call<E>, Line>),
}

impl<E: Endpoint> CallMachine<E> {
    pub(crate) fn handle_input(&mut self, now: Now, input: CallInput) {
        match self {
            Self::Plain(call) => call.handle_input(now, input),
            Self::Recorded(call) => call.handle_input(now, input),
        }
    }

    pub(crate) fn poll_output(&mut self) -> CallOutput<E::Output> {
        match self {
            Self::Plain(call) => call.poll_output(),
            Self::Recorded(call) => call.poll_output(),
        }
    }

    pub(crate) fn route(&self) -> &'static Route {
        match self {
            Self::Plain(call) => call.route(),
            Self::Recorded(call) => call.machine().route(),
        }
    }
}
