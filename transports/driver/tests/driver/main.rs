//! The driver over a scripted transport with a virtual clock: no sockets, no sleeping.

mod calls;
mod checkpoint_file;
mod checkpoints;
mod consumers;
mod handlers;
mod hooks;
mod option_ranges;
mod pages;
mod recordings;
mod requests;
mod rig;
mod session_hooks;
mod signals;
mod sockets;
mod store;
mod testkit;
mod transfers;
