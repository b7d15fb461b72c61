//! What goes over sockets, against the bare libraries on the same runtime.

mod bare_flood;
mod bare_http;
mod bare_socket;
mod flood;
mod handler;
mod meter;
mod rest;
mod runtimes;
mod sessions;
mod stream;

pub(crate) use flood::FLOOD;
pub(crate) use meter::Meter;
pub(crate) use rest::{REST_64, REST_SEQ, calls};
pub(crate) use runtimes::tokio_runtime;
pub(crate) use sessions::{SESSIONS_CPU, SESSIONS_RSS, STORM, resident_each};
pub(crate) use stream::{WS_STREAM, WS_STREAM_ASYNC_STD, WS_STREAM_BLOCKING, WS_STREAM_SMOL};
