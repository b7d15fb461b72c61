//! The realtime half: [`Session`], the machine that keeps one agent connected and loses no message.

mod backoff;
mod catch_up;
mod close;
mod cursor;
mod delivery;
mod drain;
mod event;
mod fill;
mod frame;
mod history;
mod inbox;
mod input;
mod lane;
mod ledger;
mod link;
mod load;
mod options;
mod outbox;
mod output;
mod refill;
mod running;
mod schedule;
mod seq_set;
mod session;
mod state;
mod timers;

pub use delivery::{Delivery, DeliveryBody, DeliveryToken, Origin, Outcome};
pub use event::{Advice, CloseInfo, Event, GapReason, HaltReason, Plan, SeqRange, ServerEvent};
pub use input::Input;
pub use options::SessionOptions;
pub use output::{FrameText, Output};
pub use session::Session;
pub use state::{ConnectionId, ConnectionState, RequestId};
