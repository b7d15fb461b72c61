//! The blocking client as programs use it, against a local platform.

mod anywhere;
mod lists_and_files;
mod platform;
mod realtime;
mod without_threads;
