//! What programs need of the driver and the engine; every adapter re-exports all of it.
//!
//! Requests are in [`rest`], the shapes of the platform's data in [`types`]; those that appear in most programs are here too.
//! The crates themselves are [`engine`], [`driver`] and [`net`], so that every type of a signature can be named with an adapter
//! as the only dependency.

pub use agentchat_driver as driver;
pub use agentchat_driver::manual;
#[cfg(feature = "testkit")]
pub use agentchat_driver::testkit;
pub use agentchat_driver::{
    CallEvent, CallEvents, CheckpointFile, CheckpointFileError, Checkpoints, Connection, ConsumerTaken, Deliveries,
    Delivery, Download, Events, Hooks, MessageError, Paged, Progress, Realtime, RecordingOf, RecordingSink,
    SessionError, Source, Transport, Unsent, Upload, Uploaded, engine,
};
pub use agentchat_engine::error::Report;
pub use agentchat_engine::paging::{Contacts, Conversations, Directory, History, PagingError};
pub use agentchat_engine::realtime::{
    Advice, Checkpoint, CheckpointError, CloseInfo, CloseReason, ConnectionState, Event, GapReason, HaltReason, Origin,
    ReconnectPlan, SeqRange, ServerEvent, SessionOptions, SessionStats, Signal,
};
pub use agentchat_engine::rest::{
    BacklogWarning, CreateGroup, GetMessages, ListConversations, Register, Reply, ReplyMeta, RetryPolicy, SendMessage,
    UpdateAgent,
};
pub use agentchat_engine::transfer::{Received, TransferOptions};
pub use agentchat_engine::types::{
    Agent, AttachmentId, Content, ConversationId, Group, Handle, Many, Message, MessageId, MessageType, OneTimeCode,
    PendingId, Timestamp,
};
pub use agentchat_engine::{
    ApiError, ApiKey, CallOptions, ConfigError, Context, ContextBuilder, DEFAULT_BASE_URL, Error, ErrorCode, ErrorKind,
    Fault, FaultKind, InvalidArgument, TransferError, WasSent, limits, paging, realtime, rest, types, webhook,
};

#[cfg(any(feature = "tls", feature = "aws-lc-rs"))]
pub use crate::rustls;
pub use crate::{self as net, ClientBuilder, Proxy, ProxyError, connect, connect_from, connect_with_file, with_hooks};
