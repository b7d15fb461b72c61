//! A build without the libraries that pictures need.

use bytes::Bytes;

use super::{Bounds, NotAnAvatar};

/// Refuses every picture.
pub(crate) fn avatar(_: &[u8], _: Bounds) -> Result<Bytes, NotAnAvatar> {
    Err(NotAnAvatar::NotBuilt)
}
