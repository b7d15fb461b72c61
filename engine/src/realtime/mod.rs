//! The realtime half: [`Session`], the machine that keeps one agent connected and loses no message.
//!
//! The public types are here: [`Input`], [`Output`], [`Event`], [`Delivery`], [`SessionOptions`], [`Checkpoint`]. The work is done
//! in five modules, whose fields are private to each. Dependencies point down.
//!
//! | module | what it decides |
//! |---|---|
//! | `session` | what an input means, and the REST calls under way |
//! | `connection` | the life of one socket after another |
//! | `inbox` | a message from its arrival to its settlement; `inbox::order` whose turn it is |
//! | `acks` | which messages are handled, and which of them the platform has been told of |
//! | `checkpoint` | what of all this the next process needs, and how it is stored |

mod acks;
mod checkpoint;
mod close_reason;
mod connection;
mod delivery;
mod event;
mod frame_text;
mod halt;
mod inbox;
mod input;
mod keyed_slab;
mod message_key;
mod options;
mod output;
mod seq_set;
mod server_event;
mod session;
mod signal;
mod slot_list;
mod state;
mod stats;
mod timers;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use close_reason::CloseReason;
pub use delivery::{Delivery, DeliveryBody, DeliveryToken, Origin, Outcome};
pub use event::{CloseInfo, Event, GapReason, ReconnectPlan, SeqRange};
pub use frame_text::FrameText;
pub use halt::{Advice, HaltReason};
pub use inbox::Buffered;
pub use input::Input;
pub use options::SessionOptions;
pub use output::{CallStep, Output};
pub use server_event::ServerEvent;
pub use session::Session;
pub use signal::{Refusal, Signal};
pub use state::{CallId, ConnectionId, ConnectionState, RequestId};
pub use stats::SessionStats;
