//! What goes over sockets, against the bare libraries on the same runtime.

mod bare_http;
mod bare_socket;
mod meter;
mod rest;
mod runtimes;
mod stream;

pub(crate) use rest::{REST_64, REST_SEQ};
pub(crate) use stream::{WS_STREAM, WS_STREAM_ASYNC_STD, WS_STREAM_BLOCKING, WS_STREAM_SMOL};
