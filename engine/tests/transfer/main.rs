//! Transfers: what each answer means, when an attempt is repeated, and what a download makes of several answers.

mod any_store;
mod attempts;
mod bench;
mod checks;
mod resumed;
