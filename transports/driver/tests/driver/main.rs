//! The driver over a scripted transport with a virtual clock: no sockets, no sleeping.

mod calls;
mod consumers;
mod handlers;
mod requests;
mod rig;
mod sockets;
mod world;
