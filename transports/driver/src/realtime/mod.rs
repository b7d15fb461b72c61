//! The realtime half: [`Connection`] is the loop, [`Realtime`] the handle that talks to it.

mod checkpoints;
mod closing_socket;
mod command;
mod command_queue;
mod deliveries;
mod delivery;
mod delivery_queue;
mod ended;
mod event_loop;
mod events;
mod handle;
mod handler;
mod keep;
mod loop_access;
mod requests;
mod shared;
mod signals;
mod socket_io;
mod sockets;
mod traced_calls;
mod unsent;
mod watch;

pub(crate) use command_queue::CommandQueue;

pub use checkpoints::Checkpoints;
pub use closing_socket::CLOSE_HANDSHAKE;
pub use deliveries::{ConsumerTaken, Deliveries};
pub use delivery::{Delivery, MessageError};
pub use ended::SessionError;
pub use event_loop::Connection;
pub use events::{EVENT_BACKLOG, EVENT_BYTES, Events};
pub use handle::Realtime;
pub use unsent::Unsent;
