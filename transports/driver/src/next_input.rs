//! The wait in the loop of a machine: for a call, an upload and a download alike.

use std::future::{Future, poll_fn};
use std::task::{Context, Poll};

use agentchat_engine::{Machine, Mono};

use crate::Transport;
use crate::timer::Timer;

/// Waits until `source` has an input or the machine's wake-up has come, whichever is first, and gives it to the machine.
pub(crate) async fn next_input<T: Transport, M: Machine, F: Future<Output = ()>>(
    transport: &T,
    machine: &mut M,
    timer: &mut Timer<F, impl Fn(Mono) -> F>,
    wake: Option<Mono>,
    mut source: impl FnMut(&mut Context<'_>) -> Poll<M::Input>,
) {
    let input = poll_fn(|cx| match source(cx) {
        Poll::Ready(input) => Poll::Ready(Some(input)),
        Poll::Pending => timer.poll(cx, wake).map(|()| None),
    })
    .await;
    let now = transport.now();
    if input.is_none() {
        timer.handled(now.mono);
    }
    machine.handle_input(now, input.unwrap_or(M::TIMEOUT));
}
