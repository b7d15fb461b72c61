//! Which proxy stands between here and a host, if any.

use std::fmt;

use agentchat_engine::is_loopback;
use http::Uri;
use hyper_util::client::proxy::matcher::{Builder, Intercept, Matcher};

/// Whether connections go through an HTTP proxy, and which.
///
/// A proxy is asked for a tunnel (`CONNECT`) whatever is spoken inside: `https`, `wss`, and `http` or `ws` where plaintext is
/// allowed. It never sees a header of a call; over TLS it sees nothing but the host's name. User name and password in a
/// proxy's URL go to the proxy as `Proxy-Authorization`, and are shown nowhere.
///
/// This machine itself is always reached directly: plaintext is allowed to it because it does not leave the machine, and
/// through a proxy it would.
///
/// ```
/// use agentchat_net::Proxy;
///
/// let proxy = Proxy::new("http://user:secret@proxy.example:3128")?.except("intranet.example, 10.0.0.0/8");
/// assert!(!format!("{proxy:?}").contains("secret"));
/// # Ok::<(), agentchat_net::ProxyError>(())
/// ```
#[derive(Default)]
pub struct Proxy(Rules);

#[derive(Default)]
enum Rules {
    /// As the environment says.
    #[default]
    Environment,
    /// None, whatever the environment says.
    Direct,
    Given(Builder),
}

/// A text that is not the URL of an HTTP proxy. It is not quoted, because it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProxyError;

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the URL of a proxy: http:// or https:// with a host is expected")
    }
}

impl std::error::Error for ProxyError {}

impl Proxy {
    /// As the environment says, which is the default: `HTTPS_PROXY` for `https` and `wss`, `HTTP_PROXY` for `http` and `ws`,
    /// `ALL_PROXY` for what has none of its own, `NO_PROXY` for the hosts that are reached directly; also in lower case. In
    /// a CGI program (`REQUEST_METHOD` is set) they are not believed, because there a caller can set `HTTP_PROXY`.
    ///
    /// They are read when the client is built. Where they name a SOCKS proxy, connecting fails and says so: going round a proxy
    /// would be worse.
    #[must_use]
    pub fn environment() -> Self {
        Self(Rules::Environment)
    }

    /// No proxy, whatever the environment says.
    #[must_use]
    pub fn none() -> Self {
        Self(Rules::Direct)
    }

    /// This proxy for everything, whatever the environment says: `http://[user:password@]host[:port]`, or `https://…` for one
    /// that is itself spoken to over TLS.
    ///
    /// # Errors
    /// [`ProxyError`] for anything else.
    pub fn new(url: &str) -> Result<Self, ProxyError> {
        let rules = || Matcher::builder().all(url);
        let proxy = rules().build().intercept(&Uri::from_static("https://host.invalid")).ok_or(ProxyError)?;
        if is_http(&proxy) { Ok(Self(Rules::Given(rules()))) } else { Err(ProxyError) }
    }

    /// Reaches these hosts directly: names, which include their subdomains, addresses and networks (`10.0.0.0/8`), separated
    /// by commas, as in `NO_PROXY`. Says nothing where the environment or no proxy at all is asked for.
    #[must_use]
    pub fn except(self, hosts: &str) -> Self {
        match self.0 {
            Rules::Given(rules) => Self(Rules::Given(rules.no(hosts))),
            other => Self(other),
        }
    }

    /// Reads the environment, if that is what counts.
    pub(crate) fn router(self) -> Router {
        Router(match self.0 {
            Rules::Environment => Some(Matcher::from_env()),
            Rules::Direct => None,
            Rules::Given(rules) => Some(rules.build()),
        })
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Rules::Environment => "Proxy::environment()",
            Rules::Direct => "Proxy::none()",
            Rules::Given(_) => "Proxy(***)",
        })
    }
}

/// The rules, read.
pub(crate) struct Router(Option<Matcher>);

/// The way to a host.
pub(crate) enum Way {
    Direct,
    Through(Intercept),
    /// The rules name a proxy that does not speak HTTP.
    Unsupported,
}

impl Router {
    pub(crate) fn way(&self, host: &str, port: u16, secure: bool) -> Way {
        let Some(rules) = &self.0 else { return Way::Direct };
        if is_loopback(host) {
            return Way::Direct;
        }
        let scheme = if secure { "https" } else { "http" };
        let destination = Uri::builder().scheme(scheme).authority(format!("{host}:{port}")).path_and_query("/").build();
        match destination.ok().and_then(|destination| rules.intercept(&destination)) {
            None => Way::Direct,
            Some(proxy) if is_http(&proxy) => Way::Through(proxy),
            Some(_) => Way::Unsupported,
        }
    }
}

fn is_http(proxy: &Intercept) -> bool {
    matches!(proxy.uri().scheme_str(), Some("http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(proxy: Proxy, host: &str, secure: bool) -> Option<String> {
        match proxy.router().way(host, 443, secure) {
            Way::Through(proxy) => Some(proxy.uri().to_string()),
            Way::Direct => None,
            Way::Unsupported => panic!("an unsupported proxy for {host}"),
        }
    }

    #[test]
    fn one_proxy_serves_every_scheme() {
        for secure in [true, false] {
            let proxy = Proxy::new("proxy.example:3128").unwrap();
            assert_eq!(through(proxy, "api.example", secure).as_deref(), Some("http://proxy.example:3128/"));
        }
        let proxy = Proxy::new("https://u:p@proxy.example").unwrap();
        assert_eq!(through(proxy, "[2001:db8::1]", true).as_deref(), Some("https://proxy.example/"));
        assert_eq!(through(Proxy::none(), "api.example", true), None);
    }

    #[test]
    fn exceptions_are_reached_directly() {
        let proxy = || Proxy::new("http://proxy.example").unwrap().except("intra.example, 10.0.0.0/8,2001:db8::/32");
        for host in ["intra.example", "a.intra.example", "10.1.2.3", "[2001:db8::1]"] {
            assert_eq!(through(proxy(), host, true), None, "{host}");
        }
        for host in ["notintra.example", "11.1.2.3", "[2001:db9::1]"] {
            assert!(through(proxy(), host, true).is_some(), "{host}");
        }
        let proxy = Proxy::new("http://proxy.example").unwrap().except("*");
        assert_eq!(through(proxy, "api.example", true), None);
    }

    #[test]
    fn this_machine_is_reached_directly() {
        for host in ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"] {
            assert_eq!(through(Proxy::new("http://proxy.example").unwrap(), host, false), None, "{host}");
        }
    }

    #[test]
    fn a_proxy_that_does_not_speak_http_is_not_gone_round() {
        let socks = Router(Some(Matcher::builder().all("socks5://proxy.example").build()));
        assert!(matches!(socks.way("api.example", 443, true), Way::Unsupported));
    }

    #[test]
    fn what_is_no_http_proxy_is_refused_without_being_quoted() {
        for url in ["", "socks5://h:1", "ftp://h", "http://", "http://u:hush@h h"] {
            let refused = Proxy::new(url).unwrap_err();
            assert!(!format!("{refused} {refused:?}").contains("hush"));
        }
        let proxy = Proxy::new("http://u:hush@h").unwrap();
        assert!(!format!("{proxy:?}").contains("hush"));
    }
}
