//! The realtime half: [`Session`], the machine that keeps one agent connected and loses no message.

mod delivery;
mod event;
mod input;
mod options;
mod output;
mod state;

pub use delivery::{Delivery, DeliveryBody, DeliveryToken, Origin, Outcome};
pub use event::{Advice, CloseInfo, Event, GapReason, HaltReason, Plan, SeqRange, ServerEvent};
pub use input::Input;
pub use options::SessionOptions;
pub use output::{FrameText, Output};
pub use state::{ConnectionId, ConnectionState, RequestId};
