//! The programs of this crate, run as a user runs them, against a local platform.

mod alone;
mod arguments;
mod call;
mod chat;
mod checkpoint;
mod checkpoint_places;
mod forward;
mod group_events;
mod hostile;
mod kill;
mod limits;
mod listen;
mod lost_answers;
mod output;
mod programs;
mod proxy;
mod readme;
mod replay;
mod run;
mod runtimes;
mod scene;
mod serve_local;
mod signals;
mod status;
mod terminal;
mod verify_webhook;
