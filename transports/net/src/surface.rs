//! What programs need of the driver and the engine; every adapter re-exports all of it.

pub use agentchat_driver as driver;
pub use agentchat_driver::{
    CallEvent, CallEvents, CheckpointFile, CheckpointFileError, Checkpoints, Connection, ConsumerTaken, Deliveries,
    Delivery, Download, Events, Hooks, MessageError, Paged, Progress, Realtime, Recordable, RecordingSink,
    SessionError, Source, Transport, Unsent, Upload, Uploaded, engine,
};
pub use agentchat_engine::paging::{Contacts, Conversations, Directory, History, PagingError};
pub use agentchat_engine::realtime::{
    Advice, Checkpoint, CheckpointError, ConnectionState, Event, HaltReason, SessionOptions, Signal,
};
pub use agentchat_engine::rest::{GetMessages, ListConversations, Register, Reply, RetryPolicy, SendMessage};
pub use agentchat_engine::transfer::TransferOptions;
pub use agentchat_engine::types::Content;
pub use agentchat_engine::{
    ApiError, ApiKey, CallOptions, ConfigError, Context, DEFAULT_BASE_URL, Error, ErrorCode, ErrorKind, TransferError,
};

#[cfg(feature = "tls")]
pub use crate::rustls;
pub use crate::{ClientBuilder, Proxy, ProxyError, connect, connect_from, connect_with_file, with_hooks};
