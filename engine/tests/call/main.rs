//! The REST call, fed by hand with a made-up clock: no socket, no sleep.

mod bench;
mod building;
mod errors;
mod executed;
mod limits;
mod options;
mod retries;
mod secrets;
mod vectors;
