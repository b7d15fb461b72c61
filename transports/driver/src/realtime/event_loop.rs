//! [`Connection`]: the loop that runs a session. It decides nothing.

use std::cell::LazyCell;
use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use agentchat_engine::realtime::{ConnectionState, Input, Outcome, Output, Session};
use agentchat_engine::recording::Recorder;
use futures_channel::oneshot;
use futures_util::future::select;
use tracing::{Instrument, debug};

use super::closing_socket::CLOSE_HANDSHAKE;
use super::command::Command;
use super::command_queue::CommandQueue;
use super::handle::Realtime;
use super::keep;
use super::requests::Requests;
use super::shared::{EndGuard, Shared};
use super::sockets::Sockets;
use super::traced_calls::TracedCalls;
use super::unsent::Unsent;
use crate::agent_name::AgentName;
use crate::hooks::Queues;
use crate::observe::metrics::SessionMetrics;
use crate::record::Sink;
use crate::sessions::Sessions;
use crate::timer::Timer;
use crate::{BodyLimit, CheckpointFile, SocketCommand, Transport, observe};

/// Rounds before other tasks get their turn.
const ROUNDS: usize = 4;

/// Frames that are taken in a round.
const FRAMES: usize = 16;

/// Deliveries that a consumer is woken for at once.
const AT_ONCE: usize = 16;

/// A session's loop. Spawn or join [`run`](Self::run); the [`Realtime`] that came with it is the handle.
///
/// ```
/// # use agentchat_driver::{Client, Transport};
/// # use agentchat_engine::realtime::{ConnectionState, SessionOptions};
/// # async fn example<T: Transport>(client: &Client<T>, spawn: impl Fn(std::pin::Pin<Box<dyn Future<Output = ()> + '_>>)) {
/// let (realtime, connection) = client.realtime(SessionOptions::default());
/// spawn(Box::pin(async {
///     if let ConnectionState::Halted { reason } = connection.run().await {
///         eprintln!("the session ended: {reason:?}");
///     }
/// }));
/// # }
/// ```
#[must_use = "a session does nothing unless its connection is run"]
pub struct Connection<T> {
    transport: Arc<T>,
    queues: Queues,
    orders: Orders,
    end: EndGuard,
}

impl<T> fmt::Debug for Connection<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("state", &self.end.shared.state.get()).finish_non_exhaustive()
    }
}

impl<T: Transport> Connection<T> {
    pub(crate) fn new(
        session: Recorder<Session, Sink>,
        transport: Arc<T>,
        sessions: &Sessions,
        queues: Queues,
        agent: AgentName,
        file: Option<CheckpointFile>,
    ) -> (Realtime, Self) {
        let commands = Arc::new(CommandQueue::default());
        sessions.add(Arc::clone(&commands));
        let shared = Arc::new(Shared::new(session, agent, transport.panic_observer(), transport.now()));
        let file = file.map(Arc::new);
        let end = EndGuard { shared: Arc::clone(&shared), file: file.clone() };
        let orders = Orders { queue: Arc::clone(&commands), taken: VecDeque::new(), shared: Arc::clone(&shared) };
        (Realtime::new(commands, shared, file), Self { transport, queues, orders, end })
    }

    /// Connects and stays connected until the session has ended; returns how: `Closed` on request, `Halted` on its
    /// own account. The last socket's close handshake, up to [`CLOSE_HANDSHAKE`], is waited for, and so is the last checkpoint.
    ///
    /// Dropping the future drops the socket without a close frame. Nothing is lost by that: what was not acked the platform
    /// offers again.
    pub async fn run(self) -> ConnectionState {
        let span = self.end.shared.span.clone();
        self.drive().instrument(span).await
    }

    async fn drive(self) -> ConnectionState {
        // The orders are dropped before the guard: the last settlements count before the end is published.
        let Self { transport, queues, end, mut orders } = self;
        let (transport, shared) = (&*transport, &*end.shared);
        let closing_socket = || transport.sleep_until(transport.now().mono + CLOSE_HANDSHAKE);
        let (mut sockets, mut requests) = (Sockets::new(), Requests::new());
        let mut timer = Timer::new(|at| transport.sleep_until(at));
        let mut traced = TracedCalls::new(&queues, shared.agent());
        let mut metrics = SessionMetrics::new();
        let (mut closing, mut signalled) = (false, None);
        shared.handle_input(transport.now(), Input::Start { api_key: None });
        let (over, ended) = oneshot::channel();
        let mut keeping = pin!(keep::keep(&end, transport, ended));

        // Deliveries that the consumer has not been woken for.
        let mut unannounced = 0;
        let driving = poll_fn(|cx| {
            for _ in 0..ROUNDS {
                let before = unannounced;
                let (wake, read) = loop {
                    match shared.poll_output() {
                        Output::Open { connection, request, .. } => sockets.open(connection, transport.open(*request)),
                        Output::Text(connection, text) => {
                            sockets.send(connection, SocketCommand::Text(text.into_text()));
                        }
                        Output::Ping(connection) => sockets.send(connection, SocketCommand::Ping),
                        Output::Close { connection, code, reason } => {
                            sockets.close(connection, code, reason, closing_socket)
                        }
                        Output::Request { request, call, route, attempt, http, .. } => {
                            traced.request(call, route, attempt, &http, transport.now().mono);
                            requests.start(request, transport.request(*http, BodyLimit::new(route.largest)));
                        }
                        Output::Cancel(request) => requests.cancel(request),
                        Output::Call(call, step) => traced.step(call, step, transport.now().mono),
                        Output::Deliver(delivery) => {
                            shared.deliveries.push(delivery);
                            unannounced += 1;
                        }
                        Output::Unsent { signal, why } => answer(&mut signalled, Err(Unsent { signal, why })),
                        Output::Event(event) => {
                            shared.learn_agent();
                            observe::session(&event);
                            shared.events.publish(&event);
                        }
                        Output::Idle { wake, read } => break (wake, read),
                        Output::Finished => return Poll::Ready(()),
                    }
                };
                answer(&mut signalled, Ok(()));

                // A few inputs of each kind a round, so that a busy source starves no other. They have come by now.
                let mut idle = true;
                let now = LazyCell::new(|| transport.now());
                let tell = |input| shared.handle_input(*now, input);
                while let Poll::Ready(command) = orders.poll_next(cx) {
                    let input = match command {
                        Command::Settle(delivery, outcome) => Input::Settled { delivery, outcome },
                        // The commands of one consumer's leave and the next one's arrival may come in the wrong order.
                        Command::Input(input) if matches!(*input, Input::Consumer(_)) => {
                            Input::Consumer(shared.deliveries.is_taken())
                        }
                        Command::Input(input) => *input,
                        Command::Signal(signal, asked) => {
                            signalled = Some(asked);
                            Input::Signal(signal)
                        }
                    };
                    closing |= matches!(input, Input::Close);
                    tell(input);
                    // No consumer can attach while closing, so queued deliveries are settled as failed.
                    for delivery in if closing { shared.deliveries.orphans() } else { Default::default() } {
                        let outcome = Outcome::Failed { retry_after: None };
                        tell(Input::Settled { delivery: delivery.token, outcome });
                    }
                    idle = false;
                    // Whether a signal was sent shows before the next input.
                    if signalled.is_some() || orders.taken.is_empty() {
                        break;
                    }
                }
                // What is not read holds the peer back.
                let mut left = if read { FRAMES } else { 0 };
                while left > 0
                    && let Poll::Ready(input) = sockets.poll_input(cx, closing_socket)
                {
                    let is_frame = matches!(input, Input::Text(..));
                    left = if tell(input) && is_frame { left - 1 } else { 0 };
                    idle = false;
                }
                if let Poll::Ready(input) = requests.poll(cx) {
                    tell(input);
                    idle = false;
                }
                if timer.poll(cx, wake).is_ready() {
                    let now = transport.now();
                    timer.handled(now.mono);
                    shared.handle_input(now, Input::Timeout);
                    idle = false;
                }
                // The consumer learns of many deliveries at once, and of the last one at once.
                if unannounced > 0 && (idle || unannounced == before || unannounced >= AT_ONCE) {
                    shared.deliveries.announce();
                    unannounced = 0;
                }
                // Flushes only when no input is ready, to coalesce writes.
                if idle && sockets.poll_write(cx).is_pending() {
                    metrics.publish(shared.agent(), || shared.stats());
                    let _ = sockets.poll_closing(cx);
                    return Poll::Pending;
                }
            }
            shared.deliveries.announce();
            unannounced = 0;
            let _ = sockets.poll_write(cx);
            cx.waker().wake_by_ref();
            Poll::Pending
        });
        select(driving, keeping.as_mut()).await;

        shared.deliveries.end();
        select(poll_fn(|cx| sockets.poll_closing(cx)), keeping.as_mut()).await;
        drop(over);
        keeping.await;
        // What was settled after the loop's last round counts.
        drop(orders);
        keep::store(&end).await;
        metrics.end(shared.agent(), || shared.stats());
        let state = shared.state.get();
        debug!(?state, "session ended");
        state
    }
}

/// The loop's end of what handles tell. Settlements that it has not taken by its end are remembered all the same.
struct Orders {
    queue: Arc<CommandQueue>,
    /// What was taken out of the queue and is still to be done.
    taken: VecDeque<Command>,
    shared: Arc<Shared>,
}

impl Orders {
    fn poll_next(&mut self, cx: &Context<'_>) -> Poll<Command> {
        if self.taken.is_empty() {
            ready!(self.queue.poll_take(cx, &mut self.taken));
        }
        self.taken.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}

impl Drop for Orders {
    fn drop(&mut self) {
        let left = self.queue.close();
        for command in self.taken.drain(..).chain(left) {
            self.shared.remember(command);
        }
    }
}

/// Sends the result of a signal to its caller. Ignored if the caller's future was dropped.
fn answer(signalled: &mut Option<oneshot::Sender<Result<(), Unsent>>>, result: Result<(), Unsent>) {
    if let Some(asked) = signalled.take() {
        let _ = asked.send(result);
    }
}
