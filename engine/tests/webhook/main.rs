//! Webhook signatures and rendered messages: the shared vectors, and properties that hold for any input.

mod events;
mod render;
mod signatures;
mod vectors;
