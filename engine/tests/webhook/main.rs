//! Webhook signatures, events and rendered messages: the shared vectors, and properties that hold for any input.

mod deliveries;
mod events;
#[path = "../samples/json.rs"]
mod json;
mod render;
#[path = "../samples/events.rs"]
mod samples;
mod signatures;
#[path = "../samples/spoiled.rs"]
mod spoiled;
mod system_events;
mod vectors;
