//! Pictures of agents and groups, under keys made of their contents (contract 2.2).

use std::collections::BTreeMap;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

/// The picture that an agent or a group shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Avatar {
    pub(crate) key: String,
    pub(crate) url: String,
}

/// All pictures ever set. One that was removed keeps its address, as behind a cache.
#[derive(Debug, Default)]
pub(crate) struct Avatars {
    pictures: BTreeMap<String, Bytes>,
}

impl Avatars {
    /// Keeps a picture, which is WebP, and returns its key: the same picture of the same owner has the same key.
    pub(crate) fn keep(&mut self, owner: &str, picture: Bytes) -> String {
        let digest = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
        let (owner, contents) = (digest(owner.as_bytes()), digest(&picture));
        let key = format!("{}/{}.webp", &owner[..16], &contents[..32]);
        self.pictures.insert(key.clone(), picture);
        key
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Bytes> {
        self.pictures.get(key)
    }
}
