//! The local platform against the wire contract: one module for each part of it.

mod agents;
mod avatars;
mod blocks;
mod client;
mod connections;
mod contacts;
mod control;
mod conversations;
mod cors;
mod deliveries;
mod directory;
mod drain;
mod handshake;
mod hiding;
mod history;
mod idempotency;
mod mutes;
mod outreach;
mod presence;
mod recovery;
mod registration;
mod replays;
mod sending;
mod socket;
mod sync;
