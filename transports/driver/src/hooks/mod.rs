//! Hooks (sdk-behaviour 12): what the calls of a client do, reported as it happens, without secrets.
//!
//! A call must neither wait for a listener nor fail with it. So no hook runs inside a call: what happens is put
//! into a bounded queue, [`CallEvents`], and the program reads it where and when it likes, or has [`Hooks`] called from a task
//! of its own. A queue that nobody empties loses the newest events, counts them, and costs the calls nothing.
//!
//! # What is never reported
//! The key, the `Idempotency-Key` and every header that is not known to be harmless, by value; query values other than
//! those of pages and cursors; of the store's signed URLs all but the host; bodies, and the platform's own words about an error,
//! which can quote them. Error codes, statuses and request ids are.
//!
//! # What is covered
//! The client's calls and transfers, and the calls that its sessions make themselves: `sync`, `sync_ack`, `get_messages` for
//! what is missing, `get_me` for the own handle. One that is given up says no more, such as a drain whose connection is lost.
//! What goes over the socket is the matter of the session's [`Events`](crate::Events).

mod event;
mod handlers;
mod queue;
mod redact;
mod watch;

pub use event::{Attempted, BacklogEvent, CallEvent, ErrorEvent, Failure, RequestEvent, ResponseEvent, RetryEvent};
pub use handlers::Hooks;
pub(crate) use queue::Queues;
pub use queue::{CallEvents, HOOK_BACKLOG};
pub(crate) use watch::Watch;
