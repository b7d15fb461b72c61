//! [`Delivery`]: one offer of a message, to be settled by the consumer that took it.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use agentchat_engine::error::Report;
use agentchat_engine::realtime::{self as engine, DeliveryBody, DeliveryToken, Origin, Outcome};
use agentchat_engine::rest::SendMessage;
use agentchat_engine::types::{Content, Header, Message};

use tracing::field::display;
use tracing::warn;

use super::command::Command;
use super::loop_access::{LoopAccess, LoopLink};

/// One offer of a message. The platform forgets the message only after [`handled`](Self::handled) or
/// [`discard`](Self::discard).
///
/// Dropping it unsettled counts as [`failed`](Self::failed): it is offered again. Inside
/// [`on_message`](crate::Realtime::on_message) the handler's result settles it, unless the handler did so itself.
///
/// ```
/// # use agentchat_driver::Delivery;
/// # use std::time::Duration;
/// fn take(delivery: Delivery) {
///     match delivery.message() {
///         Ok(message) if message.content.text.is_some() => delivery.handled(),
///         Ok(_) => delivery.retry_after(Duration::from_secs(10)),
///         Err(error) => delivery.discard(error.to_string()),
///     }
/// }
/// ```
#[must_use = "a delivery that is dropped unsettled counts as failed"]
pub struct Delivery {
    offer: engine::Delivery,
    ticket: Arc<Ticket>,
}

impl Delivery {
    pub(crate) fn new(offer: engine::Delivery, handle: &LoopAccess) -> Self {
        let (token, link) = (offer.token, Arc::clone(&handle.0));
        let ticket = Ticket { token, link, settled: AtomicBool::new(false) };
        Self { offer, ticket: Arc::new(ticket) }
    }

    /// The message in full.
    ///
    /// # Errors
    /// [`MessageError`] if it is not a message as far as this version can tell; [`text`](Self::text) still returns it as it came.
    pub fn message(&self) -> Result<Message, MessageError> {
        match &self.offer.body {
            DeliveryBody::Message(row) => row.message().map_err(|e| MessageError { problem: e.to_string() }),
            DeliveryBody::Unreadable(unreadable) => Err(MessageError { problem: format!("it {}", unreadable.problem) }),
        }
    }

    /// The message's JSON as it came; for what it says see [`Message::content`].
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.offer.body {
            DeliveryBody::Message(row) => row.text(),
            DeliveryBody::Unreadable(unreadable) => &unreadable.text,
        }
    }

    /// Id, conversation, seq and sender, without parsing the rest; `None` if it is not a message.
    #[must_use]
    pub fn header(&self) -> Option<&Header> {
        match &self.offer.body {
            DeliveryBody::Message(row) => Some(row.header()),
            DeliveryBody::Unreadable(_) => None,
        }
    }

    /// A message into the same conversation: to its group, or else to its sender. It is not sent
    /// yet.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Delivery, Transport};
    /// # async fn answer<T: Transport>(client: &Client<T>, delivery: &Delivery) -> Result<(), Box<dyn std::error::Error>> {
    /// client.send_message(delivery.reply("got it")?).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`message`](Self::message).
    pub fn reply(&self, content: impl Into<Content>) -> Result<SendMessage, MessageError> {
        Ok(SendMessage::reply_to(&self.message()?, content))
    }

    /// What is delivered, as the engine gave it.
    #[must_use]
    pub fn body(&self) -> &DeliveryBody {
        &self.offer.body
    }

    /// How many times the message has been offered in this session, from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.offer.attempt
    }

    /// Whether a message with a higher seq of this conversation was offered before.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.offer.late
    }

    /// Which way it came.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.offer.origin
    }

    /// It is dealt with: acked, and never offered again.
    pub fn handled(self) {
        self.ticket.settle(Outcome::Handled);
    }

    /// It could not be dealt with now: the error is logged, and the message offered again after the session's configured
    /// wait.
    pub fn failed(self, error: impl Into<Box<dyn Error + Send + Sync>>) {
        let (attempt, error) = (self.offer.attempt, error.into());
        let message_id = self.header().map(|header| display(&header.id));
        self.ticket.link.shared.span.in_scope(|| {
            warn!(message_id, attempt, error = %Report::new(&*error), "message failed");
        });
        self.ticket.settle(Outcome::Failed { retry_after: None });
    }

    /// It could not be dealt with now: it is offered again after this wait.
    pub fn retry_after(self, wait: Duration) {
        self.ticket.settle(Outcome::Failed { retry_after: Some(wait) });
    }

    /// Not dealt with, on purpose: acked, and reported in an event with this reason.
    pub fn discard(self, reason: impl Into<String>) {
        self.ticket.settle(Outcome::Discarded { reason: reason.into() });
    }

    pub(crate) fn ticket(&self) -> Arc<Ticket> {
        Arc::clone(&self.ticket)
    }
}

impl fmt::Debug for Delivery {
    /// Without the message: it is somebody's mail.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.header().map(|header| &header.id))
            .field("attempt", &self.offer.attempt)
            .field("late", &self.offer.late)
            .field("origin", &self.offer.origin)
            .finish_non_exhaustive()
    }
}

/// A delivery that is not a message as far as this version can tell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the message cannot be read: {problem}")]
#[non_exhaustive]
pub struct MessageError {
    /// What is wrong with it.
    pub problem: String,
}

/// Settles a delivery once, at the latest when the last owner lets go of it.
pub(crate) struct Ticket {
    token: DeliveryToken,
    link: Arc<LoopLink>,
    settled: AtomicBool,
}

impl Ticket {
    pub(crate) fn settle(&self, outcome: Outcome) {
        if !self.settled.swap(true, Ordering::Relaxed) {
            self.link.settle(Command::Settle(self.token, outcome));
        }
    }

    /// Its handler has panicked, which whoever observes that is told.
    pub(crate) fn tell_of_panic(&self, payload: &(dyn Any + Send)) {
        if let Some(observer) = &self.link.shared.panics {
            observer.tell(payload);
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.settle(Outcome::Failed { retry_after: None });
    }
}
