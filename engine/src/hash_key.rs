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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_collides_under_one_key_does_not_under_another() {
        // The bits by which a table of 1,024 places is entered.
        let place = |key: u8, id: u32| HashKey::new([key; 16]).hash_one(format!("msg_{id}")) & 1023;
        let colliding: Vec<u32> = (0..200_000).filter(|id| place(1, *id) == 0).collect();
        assert!(colliding.len() > 100);
        let places: BTreeSet<u64> = colliding.iter().map(|id| place(2, *id)).collect();
        assert!(places.len() * 10 > colliding.len() * 8, "{} of {}", places.len(), colliding.len());
    }
}
