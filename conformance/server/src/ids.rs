//! Identifiers, keys and codes: what they look like and where their randomness comes from (contract 1.8).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The key as it is stored: its SHA-256.
pub(crate) type KeyHash = [u8; 32];

/// `<prefix>` and 16 characters, from 12 random bytes.
pub(crate) fn new_id(prefix: &str) -> String {
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(&random_32()[..12]))
}

/// `del_` and 32 hexadecimal digits.
pub(crate) fn new_delivery_id() -> String {
    format!("del_{}", Uuid::new_v4().simple())
}

/// `ac_` and 43 characters, from 32 random bytes.
pub(crate) fn new_api_key() -> String {
    format!("ac_{}", URL_SAFE_NO_PAD.encode(random_32()))
}

/// Six decimal digits.
pub(crate) fn new_code() -> String {
    let [a, b, c, d, ..] = random_32();
    format!("{:06}", u32::from_be_bytes([a, b, c, d]) % 1_000_000)
}

pub(crate) fn new_request_id() -> String {
    Uuid::new_v4().to_string()
}

/// 64 hexadecimal digits.
pub(crate) fn new_secret() -> String {
    hex::encode(random_32())
}

pub(crate) fn hash_key(api_key: &str) -> KeyHash {
    Sha256::digest(api_key).into()
}

/// Hashing evens out the fixed version bits of the two UUIDs, which together hold 244 random ones.
fn random_32() -> [u8; 32] {
    Sha256::new().chain_update(Uuid::new_v4().as_bytes()).chain_update(Uuid::new_v4().as_bytes()).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_as_documented() {
        assert_eq!(new_id("msg_").len(), 4 + 16);
        assert_eq!(new_delivery_id().len(), 4 + 32);
        assert_eq!(new_api_key().len(), 3 + 43);
        assert_eq!(new_code().len(), 6);
        assert_ne!(new_api_key(), new_api_key());
    }
}
