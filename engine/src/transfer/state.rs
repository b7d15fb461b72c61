//! Where a transfer stands.

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request};

use super::receiving::Receiving;
use crate::time::Mono;

/// Which way a file goes.
#[derive(Debug)]
pub(super) enum Way {
    Put { content_type: HeaderValue, size: u64 },
    Get(Box<Receiving>),
}

impl Way {
    /// The file's size in bytes, if it is known.
    pub(super) fn size(&self) -> Option<u64> {
        match self {
            Self::Put { size, .. } => Some(*size),
            Self::Get(file) => file.size(),
        }
    }

    /// Makes the request one for the file; how many bytes its body has.
    pub(super) fn ask(&mut self, request: &mut Request<()>) -> u64 {
        match self {
            Self::Put { content_type, size } => {
                *request.method_mut() = Method::PUT;
                request.headers_mut().insert(CONTENT_TYPE, content_type.clone());
                *size
            }
            Self::Get(file) => {
                file.ask(request.headers_mut());
                0
            }
        }
    }
}

/// What a transfer waits for.
#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    InFlight { receiving: bool, stalls_at: Option<Mono> },
    Waiting { until: Mono },
    Finished,
}
