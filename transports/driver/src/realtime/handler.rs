//! Running handlers: pulls deliveries and settles each by its handler's result.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::task::Poll;

use agentchat_engine::error::Report;
use agentchat_engine::realtime::Outcome;
use futures_util::future::{FutureExt, OptionFuture};
use futures_util::stream::{FuturesUnordered, StreamExt};
use tracing::field::display;
use tracing::{Instrument, error, warn};

use super::deliveries::Deliveries;
use super::delivery::Delivery;
use crate::observe;

/// Handlers that are begun before other tasks get their turn.
const AT_ONCE: usize = 64;

/// Ends when the deliveries have ended and the last handler has.
pub(crate) async fn run<F, Fut, E>(deliveries: Deliveries, handler: F)
where
    F: Fn(Delivery) -> Fut,
    Fut: Future<Output = Result<(), E>>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let mut deliveries = pin!(deliveries.fuse());
    let mut running = FuturesUnordered::new();
    // Where a handler begins. Many are over at once, and leave the place to the next one.
    let mut place = Box::pin(OptionFuture::default());
    poll_fn(|cx| {
        for begun in 1..=AT_ONCE {
            let Poll::Ready(Some(delivery)) = deliveries.poll_next_unpin(cx) else { break };
            place.set(Some(handle(&handler, delivery)).into());
            if place.poll_unpin(cx).is_pending() {
                running.push(std::mem::replace(&mut place, Box::pin(OptionFuture::default())));
            }
            if begun == AT_ONCE {
                cx.waker().wake_by_ref();
            }
        }
        while let Poll::Ready(Some(_)) = running.poll_next_unpin(cx) {}
        if deliveries.is_done() && running.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

async fn handle<F, Fut, E>(handler: &F, delivery: Delivery)
where
    F: Fn(Delivery) -> Fut,
    Fut: Future<Output = Result<(), E>>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let ticket = delivery.ticket();
    let span = observe::delivery(&delivery);
    let message_id = delivery.header().map(|header| header.id.clone());
    let attempt = delivery.attempt();
    // One handler's panic must end neither the others nor the consumer; the ticket makes it a failure.
    match AssertUnwindSafe(async { handler(delivery).await }).catch_unwind().instrument(span).await {
        Ok(Ok(())) => ticket.settle(Outcome::Handled),
        Ok(Err(error)) => {
            let error = error.into();
            let message_id = message_id.as_ref().map(display);
            warn!(message_id, attempt, error = %Report::new(&*error), "handler failed");
            ticket.settle(Outcome::Failed { retry_after: None });
        }
        Err(panic) => {
            error!(message_id = message_id.as_ref().map(display), attempt, "handler panicked");
            ticket.tell_of_panic(&*panic);
        }
    }
}
