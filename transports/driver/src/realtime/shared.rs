//! What the connection's loop and its handles share.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Waker;

use agentchat_engine::Now;
use agentchat_engine::realtime::{Checkpoint, ConnectionState, Input, Output, Session, SessionStats};
use agentchat_engine::recording::Recorder;
use tracing::Span;

use super::command::Command;
use super::delivery_queue::DeliveryQueue;
use super::events::Hub;
use super::watch::Watch;
use crate::agent_name::AgentName;
use crate::lock::lock;
use crate::record::Sink;
use crate::{CheckpointFile, PanicObserver, observe};

/// Sessions of this process are told apart by a number, from 1.
static SESSIONS: AtomicU64 = AtomicU64::new(1);

#[derive(Debug)]
pub(crate) struct Shared {
    /// Locked by the loop for one input or output at a time, and by callers that take a checkpoint: also before the
    /// loop runs, and after it has ended or was dropped.
    session: Mutex<Driven>,
    /// What the loop, and the handlers of its consumer, run in.
    pub(crate) span: Span,
    agent: AgentName,
    /// Who hears of handlers that panic.
    pub(crate) panics: Option<PanicObserver>,
    /// Whether the span has the agent.
    named: AtomicBool,
    pub(crate) deliveries: DeliveryQueue,
    pub(crate) events: Hub,
    pub(crate) state: Watch<ConnectionState>,
    /// Grows whenever a stored checkpoint has become old.
    pub(crate) revision: Watch<u64>,
}

#[derive(Debug)]
struct Driven {
    session: Recorder<Session, Sink>,
    /// What the clocks last showed.
    now: Now,
}

impl Shared {
    pub(crate) fn new(
        session: Recorder<Session, Sink>,
        agent: AgentName,
        panics: Option<PanicObserver>,
        now: Now,
    ) -> Self {
        let revision = Watch::new(session.machine().checkpoint_revision());
        let state = Watch::new(session.machine().state().clone());
        let session = Mutex::new(Driven { session, now });
        let span = observe::realtime(SESSIONS.fetch_add(1, Ordering::Relaxed));
        Self {
            session,
            span,
            agent,
            panics,
            named: AtomicBool::new(false),
            deliveries: DeliveryQueue::default(),
            events: Hub::default(),
            state,
            revision,
        }
    }

    /// Watchers learn what has changed before anybody takes the next output. Nobody is woken under the lock. Returns whether
    /// frames are wanted after it.
    pub(crate) fn handle_input(&self, now: Now, input: Input) -> bool {
        let mut driven = lock(&self.session);
        driven.now = now;
        driven.session.handle_input(now, input);
        let session = driven.session.machine();
        let woken = [self.state.set(session.state()), self.revision.set(&session.checkpoint_revision())];
        let wants_frames = session.wants_frames();
        drop(driven);
        woken.into_iter().flatten().for_each(Waker::wake);
        wants_frames
    }

    /// A delivery that is settled when the loop is gone: it is remembered, also in the file, which is written at once, because
    /// the program may be about to end.
    pub(crate) fn after_the_end(&self, command: Command, file: Option<&CheckpointFile>) {
        self.remember(command);
        if let Some(file) = file {
            file.store_newest(|| self.checkpoint());
        }
    }

    /// A settlement that the loop has not taken. It cannot be acked any more, but a checkpoint remembers it.
    pub(crate) fn remember(&self, command: Command) {
        if let Command::Settle(delivery, outcome) = command {
            let now = lock(&self.session).now;
            self.handle_input(now, Input::Settled { delivery, outcome });
        }
    }

    pub(crate) fn poll_output(&self) -> Output {
        lock(&self.session).session.poll_output()
    }

    /// Names the agent in traces and metrics once the session knows it, which it may learn with any event.
    pub(crate) fn learn_agent(&self) {
        if self.named.load(Ordering::Relaxed) {
            return;
        }
        if let Some(handle) = lock(&self.session).session.machine().own_handle() {
            self.agent.learn(handle);
        }
        if self.agent.is_known() {
            observe::named(&self.span, &self.agent);
            self.named.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn agent(&self) -> &AgentName {
        &self.agent
    }

    pub(crate) fn stats(&self) -> SessionStats {
        lock(&self.session).session.machine().stats()
    }

    pub(crate) fn checkpoint(&self) -> Checkpoint {
        lock(&self.session).session.machine().checkpoint()
    }
}

/// Held by the connection: however it ends, and if it is dropped, everybody who waits is woken. By then its hold on the file is
/// gone: a task that has waited for the end, and keeps no handle, can open it.
#[derive(Debug)]
pub(crate) struct EndGuard {
    pub(crate) shared: Arc<Shared>,
    pub(crate) file: Option<Arc<CheckpointFile>>,
}

impl Drop for EndGuard {
    fn drop(&mut self) {
        self.file = None;
        self.shared.deliveries.end();
        self.shared.state.end();
        self.shared.revision.end();
        self.shared.events.end();
    }
}
