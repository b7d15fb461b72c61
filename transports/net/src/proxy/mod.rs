//! Which proxy stands between here and a host, if any: the setting here, what it means for a host in [`router`], and the
//! hosts that are reached directly in [`exceptions`].

mod exceptions;
mod router;

use std::fmt;

use agentchat_engine::port_of;
use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

pub(crate) use router::{Router, Way};

/// Whether connections go through a proxy, and which: one that speaks HTTP or SOCKS 5.
///
/// A proxy is asked for a tunnel (`CONNECT`) whatever is spoken inside: `https`, `wss`, and `http` or `ws` where plaintext is
/// allowed. It never sees a header of a call; over TLS it sees nothing but the host's name, which it looks up. User name and
/// password in a proxy's URL go to the proxy, and are shown nowhere.
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
pub struct Proxy {
    rules: Rules,
    except: Vec<String>,
}

#[derive(Default)]
enum Rules {
    /// As the environment says.
    #[default]
    Environment,
    /// None, whatever the environment says.
    Direct,
    Given(Intercept),
}

/// Why a text is not the URL of a proxy. It is not quoted, because it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyError {
    /// It is no URL with a host, or has a scheme that no proxy has.
    NotAProxy,
    /// It is a proxy that speaks SOCKS 4.
    Socks4,
    /// Its port is not a number from 1 to 65535.
    Port,
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAProxy => "not the URL of a proxy: http://, https:// or socks5:// with a host is expected",
            Self::Port => "the URL has a port that is not a number from 1 to 65535",
            Self::Socks4 => {
                "SOCKS 4 is not supported: the proxy has to speak HTTP (http://, https://) or SOCKS 5 (socks5://)"
            }
        })
    }
}

impl std::error::Error for ProxyError {}

impl Proxy {
    /// As the environment says, which is the default: `HTTPS_PROXY` for `https` and `wss`, `HTTP_PROXY` for `http` and `ws`,
    /// `ALL_PROXY` for what has none of its own, `NO_PROXY` for the hosts that are reached directly; also in lower case. One that
    /// is empty counts as not set. In a CGI program (`REQUEST_METHOD` is set) they are not believed, because there a caller can
    /// set `HTTP_PROXY`.
    ///
    /// They are read when the client is built; what `NO_PROXY` may say is what [`except`](Self::except) takes. Where the one that
    /// counts for a host is not the URL of a proxy, every connection
    /// to it fails with a fault of the kind [`Config`](agentchat_engine::FaultKind::Config) that names the variable: going round a
    /// proxy that was asked for would be worse.
    #[must_use]
    pub fn environment() -> Self {
        Self::default()
    }

    /// No proxy, whatever the environment says.
    #[must_use]
    pub fn none() -> Self {
        Self { rules: Rules::Direct, except: Vec::new() }
    }

    /// This proxy for everything, whatever the environment says: `http://[user:password@]host[:port]`, `https://…` for one
    /// that is itself spoken to over TLS, or `socks5://…` (port 1080 without one), which is the same as `socks5h://…`.
    ///
    /// # Errors
    /// [`ProxyError`] for anything else.
    pub fn new(url: &str) -> Result<Self, ProxyError> {
        Ok(Self { rules: Rules::Given(parse(url)?), except: Vec::new() })
    }

    /// Reaches these hosts directly, as those of `NO_PROXY`. They add to those of the environment, if that is what counts,
    /// and to those of earlier calls. Separated by commas or blanks:
    ///
    /// - names, which include what is below them: `corp`, `.corp` and `*.corp` are the same;
    /// - names and addresses with `*` elsewhere, which stands for any text: `api-*.corp`, `192.168.*`, and `*` for everything;
    /// - addresses and networks: `10.1.2.3`, `10.0.0.0/8`, `2001:db8::/32`, `::1` and `[::1]`;
    /// - each of them with a port (`corp:8443`, `[::1]:80`), for that port only.
    ///
    /// An entry of another form is not passed over: every connection that would go through the proxy fails with a
    /// fault of the kind [`Config`](agentchat_engine::FaultKind::Config) that says which one it is.
    #[must_use]
    pub fn except(mut self, hosts: &str) -> Self {
        self.except.push(hosts.to_owned());
        self
    }

    /// Reads the environment, if that is what counts.
    pub(crate) fn router(self) -> Router {
        Router::new(self, |name| std::env::var_os(name))
    }
}

fn parse(url: &str) -> Result<Intercept, ProxyError> {
    let anywhere = Uri::from_static("https://host.invalid");
    let proxy = Matcher::builder().all(url).build().intercept(&anywhere).ok_or(ProxyError::NotAProxy)?;
    let port = proxy.uri().authority().map(port_of).transpose();
    match proxy.uri().scheme_str() {
        Some("socks4" | "socks4a") => Err(ProxyError::Socks4),
        _ if port.is_err() => Err(ProxyError::Port),
        _ => Ok(proxy),
    }
}

pub(crate) fn is_http(proxy: &Intercept) -> bool {
    matches!(proxy.uri().scheme_str(), Some("http" | "https"))
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.rules {
            Rules::Environment => "Proxy::environment()",
            Rules::Direct => "Proxy::none()",
            Rules::Given(_) => "Proxy(***)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_proxy_is_refused_without_being_quoted() {
        for url in ["", "ftp://h", "http://", "http://u:hush@h h"] {
            assert_eq!(Proxy::new(url).unwrap_err(), ProxyError::NotAProxy, "{url}");
        }
        for url in ["socks4://u:hush@h:1", "socks4a://h"] {
            assert_eq!(Proxy::new(url).unwrap_err(), ProxyError::Socks4);
        }
        assert!(!format!("{:?}", Proxy::new("http://u:hush@h").unwrap()).contains("hush"));
    }
}
