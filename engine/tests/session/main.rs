//! The realtime session, fed by hand with a made-up clock: no socket, no sleep.

mod ack_modes;
mod acks;
mod bounds;
mod calls;
mod checkpoint;
mod close;
mod connection;
mod credentials;
mod delivery;
mod determinism;
mod drain;
mod fill;
mod fill_times;
mod frames;
mod halts;
mod hostile;
mod in_flight;
#[path = "../samples/json.rs"]
mod json;
mod legacy;
mod model;
mod options;
mod order;
mod pressure;
mod reading;
mod reconnect;
mod rig;
mod rows;
#[path = "../samples/events.rs"]
mod samples;
mod secrets;
mod signals;
#[path = "../samples/spoiled.rs"]
mod spoiled;
mod stats;
mod stepped_over;
mod system_events;
mod unreadable;
mod waits;
