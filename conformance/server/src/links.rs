//! Links that work for a while and without a key: how bytes come and go (contract 2.10).

use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

use super::clock::Millis;
use super::ids::new_secret;
use super::query::Params;

/// Signs and checks links. The secret is made anew for every platform.
#[derive(Debug)]
pub(crate) struct Links {
    pub(crate) secret: SecretString,
}

impl Links {
    pub(crate) fn new() -> Links {
        Links { secret: new_secret().into() }
    }

    /// The path with what makes it valid for one method until a moment.
    pub(crate) fn signed(&self, method: &str, path: &str, expires_at: Millis) -> String {
        format!("{path}?expires={expires_at}&signature={}", self.signature(method, path, expires_at))
    }

    /// Whether these parameters came from [`Links::signed`] for the same method and path, and still hold.
    pub(crate) fn allow(&self, method: &str, path: &str, params: &Params, now: Millis) -> bool {
        let expires_at = params.get("expires").and_then(|text| text.parse().ok());
        expires_at.is_some_and(|expires_at| {
            now < expires_at && params.get("signature") == Some(&self.signature(method, path, expires_at))
        })
    }

    fn signature(&self, method: &str, path: &str, expires_at: Millis) -> String {
        hmac_hex(self.secret.expose_secret(), format!("{method}\n{path}\n{expires_at}").as_bytes())
    }
}

/// The HMAC-SHA256 of a text under a secret, in lowercase hexadecimal digits.
pub(crate) fn hmac_hex(secret: &str, message: &[u8]) -> String {
    // HMAC takes keys of any length, so there is nothing to fail.
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
    mac.map(|mac| hex::encode(mac.chain_update(message).finalize().into_bytes())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_for_one_method_one_path_and_one_time() {
        let links = Links::new();
        let link = links.signed("GET", "/a", 100);
        let params: Params = link["/a?".len()..]
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        assert!(links.allow("GET", "/a", &params, 99));
        assert!(!links.allow("GET", "/a", &params, 100));
        assert!(!links.allow("PUT", "/a", &params, 99));
        assert!(!links.allow("GET", "/b", &params, 99));
        assert!(!links.allow("GET", "/a", &Params::new(), 0));
    }

    #[test]
    fn the_hmac_is_the_documented_one() {
        // RFC 4231, test case 2.
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hmac_hex("Jefe", b"what do ya want for nothing?"), expected);
    }
}
