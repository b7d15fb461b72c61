//! The local platform against the wire contract: one module for each part of it.

mod agents;
mod avatars;
mod client;
mod connections;
mod control;
mod conversations;
mod cors;
mod deliveries;
mod drain;
mod handshake;
mod history;
mod idempotency;
mod outreach;
mod recovery;
mod registration;
mod replays;
mod sending;
mod socket;
mod sync;
