//! [`ClientBuilder`]: how the platform is reached, for every adapter.

use std::fmt;
#[cfg(any(feature = "tls", feature = "aws-lc-rs"))]
use std::sync::Arc;
use std::time::Duration;

use agentchat_driver::{BodyLimit, Client};
use agentchat_engine::{Context, limits};
#[cfg(any(feature = "tls", feature = "aws-lc-rs"))]
use rustls::client::VerifierBuilderError;
#[cfg(any(feature = "tls", feature = "aws-lc-rs"))]
use rustls::{ClientConfig, RootCertStore};

use crate::dial::Dialler;
use crate::tls::{self, Tls};
use crate::{Net, Proxy, Runtime};

/// Time for looking up, TCP, the proxy and TLS together: as much as a whole WebSocket may take to open.
const CONNECT_TIMEOUT: Duration = limits::OPEN_TIMEOUT;

/// How long a connection stays open unused: below the minute after which common load balancers drop it.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(50);

/// Makes clients: whom to trust, which proxy, how long and how much.
///
/// How long an attempt and a whole call may take are options of the call:
/// [`CallOptions::timeout`](agentchat_engine::CallOptions::timeout) and
/// [`deadline`](agentchat_engine::CallOptions::deadline).
///
/// ```
/// use std::time::Duration;
/// use agentchat_driver::Client;
/// use agentchat_engine::Context;
/// use agentchat_net::{ClientBuilder, Net, Proxy, ProxyError, Runtime};
///
/// fn client<R: Runtime>(context: Context, runtime: R) -> Result<Client<Net<R>>, ProxyError> {
///     let proxy = Proxy::new("http://proxy.example:3128")?;
///     Ok(ClientBuilder::new(runtime).proxy(proxy).connect_timeout(Duration::from_secs(3)).build(context))
/// }
/// ```
#[must_use]
pub struct ClientBuilder<R> {
    runtime: R,
    tls: tls::Config,
    proxy: Proxy,
    connect_timeout: Option<Duration>,
    pool_idle_timeout: Option<Duration>,
    response_limit: usize,
}

impl<R: Runtime> ClientBuilder<R> {
    /// The defaults: Mozilla's roots, the environment's proxy.
    pub fn new(runtime: R) -> Self {
        Self {
            runtime,
            tls: tls::default_config(),
            proxy: Proxy::environment(),
            connect_timeout: Some(CONNECT_TIMEOUT),
            pool_idle_timeout: Some(POOL_IDLE_TIMEOUT),
            response_limit: limits::RESPONSE_BODY,
        }
    }

    /// Trusts these certificates instead of Mozilla's.
    ///
    /// ```
    /// # use agentchat_net::{ClientBuilder, Runtime, rustls};
    /// use rustls::RootCertStore;
    /// use rustls::pki_types::CertificateDer;
    ///
    /// # fn example<R: Runtime>(
    /// #     builder: ClientBuilder<R>,
    /// #     own: CertificateDer<'static>,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut roots = RootCertStore::empty();
    /// roots.add(own)?;
    /// let builder = builder.roots(roots)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the set is empty: nobody would be trusted.
    #[cfg(any(feature = "tls", feature = "aws-lc-rs"))]
    pub fn roots(self, roots: RootCertStore) -> Result<Self, VerifierBuilderError> {
        Ok(self.tls(tls::config_with(roots)?))
    }

    /// Trusts what the operating system trusts, as its administrator has set it up.
    ///
    /// # Errors
    /// If the system's verifier or its certificates cannot be had.
    #[cfg(all(feature = "platform-verifier", any(feature = "tls", feature = "aws-lc-rs")))]
    pub fn platform_verifier(self) -> Result<Self, rustls::Error> {
        Ok(self.tls(tls::platform_config()?))
    }

    /// A TLS configuration of your own, such as one with a client certificate. Its ALPN protocols are replaced.
    #[cfg(any(feature = "tls", feature = "aws-lc-rs"))]
    pub fn tls(self, config: impl Into<Arc<ClientConfig>>) -> Self {
        Self { tls: config.into(), ..self }
    }

    /// Goes through this proxy, or through none; default: as the environment says.
    pub fn proxy(self, proxy: Proxy) -> Self {
        Self { proxy, ..self }
    }

    /// Time for a connection to stand, from looking up the host to the end of the TLS handshake, the proxy included; default
    /// 10 s, `None` for no limit but the call's own. A call that hits it has sent nothing and is tried again.
    pub fn connect_timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        Self { connect_timeout: timeout.into(), ..self }
    }

    /// How long a connection is kept open unused, for the next call; default 50 s, `None` for as long as the peer keeps it,
    /// zero for a connection of its own for every call.
    pub fn pool_idle_timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        Self { pool_idle_timeout: timeout.into(), ..self }
    }

    /// Bytes of the largest answer that is read, where the method's own limit is not smaller; default
    /// [`limits::RESPONSE_BODY`]. A larger one is a fault of the kind `TooLarge`; an error of the platform keeps all but its
    /// body. A page of stored messages can be as large as the default, so a smaller limit wants smaller pages.
    pub fn response_limit(self, bytes: usize) -> Self {
        Self { response_limit: bytes, ..self }
    }

    /// A client of the platform that the context names.
    pub fn build(self, context: Context) -> Client<Net<R>> {
        Client::new(context, self.transport())
    }

    /// The transport alone.
    pub fn transport(self) -> Net<R> {
        let dialler = Dialler {
            runtime: self.runtime,
            tls: Tls::new(&self.tls),
            router: self.proxy.router(),
            timeout: self.connect_timeout,
        };
        Net::new(dialler, self.pool_idle_timeout, BodyLimit::new(self.response_limit))
    }
}

impl<R: Runtime> Net<R> {
    /// Says how the platform is reached.
    pub fn builder(runtime: R) -> ClientBuilder<R> {
        ClientBuilder::new(runtime)
    }
}

impl<R: Runtime> fmt::Debug for ClientBuilder<R> {
    /// Without the TLS configuration, which can hold a private key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("runtime", &self.runtime.name())
            .field("proxy", &self.proxy)
            .field("connect_timeout", &self.connect_timeout)
            .field("pool_idle_timeout", &self.pool_idle_timeout)
            .field("response_limit", &self.response_limit)
            .finish_non_exhaustive()
    }
}
