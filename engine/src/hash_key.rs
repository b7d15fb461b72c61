//! A keyed hash for maps whose keys strangers choose: without the key nobody can choose keys that collide.

use core::fmt;
use std::hash::BuildHasher;

use siphasher::sip::SipHasher13;

/// Hashes for the maps of one session, keyed by its entropy: the same seed gives the same hashes. Maps with it are never
/// iterated in their own order.
#[derive(Clone, Copy)]
pub(crate) struct HashKey([u8; 16]);

impl HashKey {
    pub(crate) const fn new(key: [u8; 16]) -> Self {
        Self(key)
    }
}

impl BuildHasher for HashKey {
    type Hasher = SipHasher13;

    fn build_hasher(&self) -> SipHasher13 {
        SipHasher13::new_with_key(&self.0)
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(..)")
    }
}
