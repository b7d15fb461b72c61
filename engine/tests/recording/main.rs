//! Recording and replay of both machines.

mod calls;
mod files;
mod secrets;
mod sessions;
mod tape;
