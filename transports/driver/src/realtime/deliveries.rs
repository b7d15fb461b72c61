//! [`Deliveries`]: the pull style.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use agentchat_engine::realtime::Input;
use futures_core::Stream;

use super::delivery::Delivery;
use super::loop_access::LoopAccess;

/// Somebody already takes this session's deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("another consumer takes this session's deliveries; drop its stream or its on_message future first")]
pub struct ConsumerTaken;

/// The messages of a session, to be pulled one by one and settled explicitly.
///
/// While this exists the session has a consumer, whether it is polled or not: messages are taken from the
/// platform, up to the session's `max_in_flight`. Without one nothing is dispatched, so nothing is acked.
///
/// What was dispatched but not pulled when this is dropped waits for the next consumer. The stream ends with the
/// connection; what it had not given out by then the platform offers again.
///
/// ```
/// # use agentchat_driver::{ConsumerTaken, Realtime};
/// use futures_util::StreamExt;
///
/// async fn pull(realtime: &Realtime) -> Result<(), ConsumerTaken> {
///     let mut deliveries = realtime.deliveries()?;
///     while let Some(delivery) = deliveries.next().await {
///         println!("{}", delivery.text());
///         delivery.handled();
///     }
///     Ok(())
/// }
/// ```
#[derive(Debug)]
#[must_use = "dropping it leaves the session without a consumer"]
pub struct Deliveries(Arc<LoopAccess>);

impl Deliveries {
    pub(crate) fn new(handle: Arc<LoopAccess>) -> Result<Self, ConsumerTaken> {
        if !handle.shared.deliveries.take() {
            return Err(ConsumerTaken);
        }
        handle.tell(Input::Consumer(true));
        Ok(Self(handle))
    }
}

impl Stream for Deliveries {
    type Item = Delivery;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Delivery>> {
        let offer = self.0.shared.deliveries.poll_next(cx);
        offer.map(|offer| Some(Delivery::new(offer?, &self.0)))
    }
}

impl Drop for Deliveries {
    fn drop(&mut self) {
        self.0.shared.deliveries.release();
        self.0.tell(Input::Consumer(false));
    }
}
