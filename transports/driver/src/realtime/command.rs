//! What handles tell the loop.

use agentchat_engine::realtime::{Input, Signal};
use futures_channel::mpsc::UnboundedSender;
use futures_channel::oneshot;

use super::unsent::Unsent;

pub(crate) type Commands = UnboundedSender<Command>;

#[derive(Debug)]
pub(crate) enum Command {
    /// For the engine.
    Input(Input),
    /// For the engine; the sender hears whether it was sent.
    Signal(Signal, oneshot::Sender<Result<(), Unsent>>),
}

impl From<Input> for Command {
    fn from(input: Input) -> Self {
        Self::Input(input)
    }
}
