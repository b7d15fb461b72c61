//! The REST half: endpoints as rows of a table, and [`Call`], the machine that runs one with its retries.

mod agents;
mod call;
mod conversations;
mod define;
mod endpoint;
mod messages;
mod options;
mod params;
mod registration;
mod reply;
mod request;
mod retry;
mod retry_after;
mod rules;
mod send_message;
mod table;

pub use agents::{GetAgent, GetMe};
pub use call::{Attempt, Call, CallInput, CallOutput, RetryPlan};
pub use conversations::ListConversations;
pub use endpoint::{Auth, Body, Endpoint, Method, Param, Parts, Place, RetryClass, Route};
pub use messages::{GetMessages, MarkAsRead, Sync, SyncAck};
pub use options::{CallOptions, RetryPolicy};
pub use registration::{Register, Verify};
pub use reply::{BacklogWarning, Reply};
pub(crate) use request::identity_headers;
pub use retry_after::parse_retry_after;
pub use send_message::{Recipient, SendMessage};
pub use table::{JsonCall, TABLE};
