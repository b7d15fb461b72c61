//! TLS: whom to trust, and what to speak inside.

use std::sync::Arc;

use agentchat_engine::{Fault, FaultKind, Sent};
use futures_io::{AsyncRead, AsyncWrite};
use futures_rustls::TlsConnector;
use rustls::client::{VerifierBuilderError, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};

use crate::dial::bare;
use crate::stream::NetStream;

/// Trusts Mozilla's roots, compiled in: no file access, the same on every machine. The provider is given
/// explicitly, so that the process-wide one stays the application's.
pub(crate) fn default_config() -> Arc<ClientConfig> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.into() };
    Arc::new(unverified().with_root_certificates(roots).with_no_client_auth())
}

/// Trusts these roots, of which there has to be one.
pub(crate) fn config_with(roots: RootCertStore) -> Result<Arc<ClientConfig>, VerifierBuilderError> {
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build()?;
    Ok(Arc::new(unverified().with_webpki_verifier(verifier).with_no_client_auth()))
}

/// Trusts what the operating system trusts.
#[cfg(feature = "platform-verifier")]
pub(crate) fn platform_config() -> Result<Arc<ClientConfig>, rustls::Error> {
    use rustls_platform_verifier::BuilderVerifierExt;
    Ok(Arc::new(unverified().with_platform_verifier()?.with_no_client_auth()))
}

/// What all have in common; whom to trust is to be said.
fn unverified() -> ConfigBuilder<ClientConfig, WantsVerifier> {
    ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("ring has cipher suites for the default protocol versions")
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// One configuration, twice: HTTP may be HTTP/2, a WebSocket must not be.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) http: TlsConnector,
    pub(crate) websocket: TlsConnector,
}

impl Tls {
    pub(crate) fn new(config: &Arc<ClientConfig>) -> Self {
        let speaking = |protocols: &[&[u8]]| {
            let mut config = ClientConfig::clone(config);
            config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
            TlsConnector::from(Arc::new(config))
        };
        Self { http: speaking(&[b"h2", b"http/1.1"]), websocket: speaking(&[b"http/1.1"]) }
    }
}

/// What a host's certificate has to be for.
pub(crate) fn server_name(host: &str) -> Result<ServerName<'static>, Fault> {
    ServerName::try_from(bare(host).to_owned())
        .map_err(|_| Fault::new(FaultKind::Config, Sent::No, "the host's name cannot be in a certificate"))
}

/// Encrypts a stream to a host.
pub(crate) async fn handshake<S: AsyncRead + AsyncWrite + Unpin>(
    connector: &TlsConnector,
    name: ServerName<'static>,
    stream: NetStream<S>,
) -> Result<NetStream<S>, Fault> {
    match connector.connect(name, stream).await {
        Ok(stream) => Ok(NetStream::tls(stream)),
        Err(error) => {
            // A refused certificate will be refused again; a connection that broke during the handshake may not break
            // the next time.
            let refused = error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
            let kind = if refused { FaultKind::Tls } else { FaultKind::Connect };
            Err(Fault::new(kind, Sent::No, format!("TLS handshake: {error}")))
        }
    }
}
