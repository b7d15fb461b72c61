//! Where a transfer stands.

use http::HeaderValue;

use super::receiving::Receiving;
use crate::time::Mono;

/// Which way a file goes.
#[derive(Debug)]
pub(super) enum Way {
    Put { content_type: HeaderValue, size: u64 },
    Get(Box<Receiving>),
}

/// What a transfer waits for.
#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    InFlight { receiving: bool, stalls_at: Option<Mono> },
    Waiting { until: Mono },
    Finished,
}
