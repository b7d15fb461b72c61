//! The realtime session, fed by hand with a made-up clock: no socket, no sleep.

mod bounds;
mod checkpoint;
mod connection;
mod delivery;
mod determinism;
mod drain;
mod fill;
mod hostile;
mod legacy;
mod model;
mod order;
mod rig;
mod signals;
