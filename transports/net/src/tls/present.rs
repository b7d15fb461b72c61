//! TLS by rustls.

use std::sync::Arc;

use agentchat_engine::{Fault, FaultKind, WasSent};
use futures_io::{AsyncRead, AsyncWrite};
use futures_rustls::TlsConnector;
pub(crate) use futures_rustls::client::TlsStream;
use rustls::client::{VerifierBuilderError, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier, pki_types};

use crate::host::bare;

pub(crate) type Config = Arc<ClientConfig>;
pub(crate) type ServerName = pki_types::ServerName<'static>;

/// Trusts Mozilla's roots, compiled in: no file access, the same on every machine. The provider is given
/// explicitly, so that the process-wide one stays the application's.
pub(crate) fn default_config() -> Config {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.into() };
    Arc::new(unverified().with_root_certificates(roots).with_no_client_auth())
}

/// Trusts these roots, of which there has to be one.
pub(crate) fn config_with(roots: RootCertStore) -> Result<Config, VerifierBuilderError> {
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build()?;
    Ok(Arc::new(unverified().with_webpki_verifier(verifier).with_no_client_auth()))
}

/// Trusts what the operating system trusts.
#[cfg(feature = "platform-verifier")]
pub(crate) fn platform_config() -> Result<Config, rustls::Error> {
    use rustls_platform_verifier::BuilderVerifierExt;
    Ok(Arc::new(unverified().with_platform_verifier()?.with_no_client_auth()))
}

/// What all have in common; whom to trust comes next.
fn unverified() -> ConfigBuilder<ClientConfig, WantsVerifier> {
    ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("both providers have cipher suites for the default protocol versions")
}

/// aws-lc-rs where it was asked for. ring may be there as well, because another crate of the program did not turn it off.
fn provider() -> Arc<CryptoProvider> {
    #[cfg(feature = "aws-lc-rs")]
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    #[cfg(not(feature = "aws-lc-rs"))]
    let provider = rustls::crypto::ring::default_provider();
    Arc::new(provider)
}

/// Encrypts streams, and says which protocols may be spoken inside.
#[derive(Clone)]
pub(crate) struct Connector(TlsConnector);

impl Connector {
    pub(crate) fn speaking(config: &Config, protocols: &[&[u8]]) -> Self {
        let mut config = ClientConfig::clone(config);
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        Self(TlsConnector::from(Arc::new(config)))
    }
}

/// Whether the peer chose HTTP/2 in the handshake.
pub(crate) fn is_h2<S>(stream: &TlsStream<S>) -> bool {
    stream.get_ref().1.alpn_protocol() == Some(b"h2")
}

/// What a host's certificate has to be for.
pub(crate) fn server_name(host: &str) -> Result<ServerName, Fault> {
    ServerName::try_from(bare(host).to_owned())
        .map_err(|_| Fault::new(FaultKind::Config, WasSent::No, "the host's name cannot be in a certificate"))
}

/// Encrypts a stream to a host.
pub(crate) async fn handshake<S: AsyncRead + AsyncWrite + Unpin>(
    connector: &Connector,
    name: ServerName,
    stream: S,
) -> Result<TlsStream<S>, Fault> {
    connector.0.connect(name, stream).await.map_err(|error| {
        // A refused certificate will be refused again; a connection that broke during the handshake may not break the next
        // time.
        let refused = error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
        let kind = if refused { FaultKind::Tls } else { FaultKind::Connect };
        Fault::new(kind, WasSent::No, format!("TLS handshake: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use rustls::NamedGroup;

    use super::*;

    #[test]
    fn aws_lc_rs_is_used_where_it_was_asked_for() {
        // What ring does not have.
        let first = provider().kx_groups.first().map(|group| group.name());
        assert_eq!(first == Some(NamedGroup::X25519MLKEM768), cfg!(feature = "aws-lc-rs"));
    }
}
