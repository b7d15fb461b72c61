//! What becomes of a picture that is to be an avatar (contract 2.2), in a build with the feature `pictures`.

#[cfg(not(feature = "pictures"))]
mod absent;
#[cfg(feature = "pictures")]
mod webp;

#[cfg(not(feature = "pictures"))]
pub(crate) use absent::avatar;
#[cfg(feature = "pictures")]
pub(crate) use webp::avatar;

/// How large a picture may be, and how large it must be.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "pictures"), expect(dead_code, reason = "only pictures that are decoded are measured"))]
pub(crate) struct Bounds {
    /// Pixels on the shorter side.
    pub(crate) smallest_side: u32,
    /// Pixels altogether.
    pub(crate) pixels: u64,
}

/// Why there is no avatar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "the feature `pictures` decides which of these can occur")]
pub(crate) enum NotAnAvatar {
    UnknownFormat,
    Broken,
    TooManyPixels,
    TooSmall,
    NotWritten,
    /// The feature `pictures` is off.
    NotBuilt,
}
