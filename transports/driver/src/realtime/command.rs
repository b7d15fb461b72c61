//! What handles tell the loop.

use agentchat_engine::realtime::{DeliveryToken, Input, Outcome, Signal};
use futures_channel::oneshot;

use super::unsent::Unsent;

/// The frequent one is small; an input of another kind is boxed.
#[derive(Debug)]
pub(crate) enum Command {
    /// For the engine: how a delivery ended.
    Settle(DeliveryToken, Outcome),
    /// For the engine.
    Input(Box<Input>),
    /// For the engine; the sender hears whether it was sent.
    Signal(Signal, oneshot::Sender<Result<(), Unsent>>),
}

impl From<Input> for Command {
    fn from(input: Input) -> Self {
        match input {
            Input::Settled { delivery, outcome } => Self::Settle(delivery, outcome),
            input => Self::Input(Box::new(input)),
        }
    }
}
