//! The programs of this crate, run as a user runs them, against a local platform.

mod call;
mod chat;
mod checkpoint;
mod forward;
mod kill;
mod listen;
mod programs;
mod proxy;
mod replay;
mod run;
mod runtimes;
mod scene;
mod serve_local;
mod verify_webhook;
