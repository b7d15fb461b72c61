//! The transport over real sockets, against servers of a few lines each.

mod http;
mod server;
mod session;
mod tls;
mod websocket;
