//! A certificate of our own, and clients that trust it.

use std::sync::Arc;

use agentchat_net::rustls::crypto::ring;
use agentchat_net::rustls::pki_types::PrivateKeyDer;
use agentchat_net::rustls::{ClientConfig, RootCertStore, ServerConfig};

/// A server's side and a client's.
pub(super) fn made() -> (ServerConfig, Arc<ClientConfig>) {
    let (server, roots) = issued();
    let provider = Arc::new(ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    (server, Arc::new(client.unwrap().with_root_certificates(roots).with_no_client_auth()))
}

/// For `localhost` and for `platform.example`, which is nowhere: a server's side and what a client has to trust.
pub(super) fn issued() -> (ServerConfig, RootCertStore) {
    let names = ["localhost", "platform.example"].map(str::to_owned);
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    let provider = Arc::new(ring::default_provider());
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let server = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let server = server.unwrap().with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    (server, roots)
}
