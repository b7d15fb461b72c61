//! Which proxy stands between here and a host, if any.

use std::ffi::OsString;
use std::fmt;

use agentchat_engine::{is_loopback, port_of};
use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::exceptions::Exceptions;

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
        self.router_in(|name| std::env::var_os(name))
    }

    fn router_in(self, variable: impl Fn(&str) -> Option<OsString>) -> Router {
        let mut exceptions = Exceptions::default();
        for hosts in &self.except {
            exceptions.add("the exceptions of the proxy", hosts);
        }
        match self.rules {
            Rules::Environment if variable("REQUEST_METHOD").is_none() => {
                let any = || first(&variable, ["ALL_PROXY", "all_proxy"]);
                let http = first(&variable, ["HTTP_PROXY", "http_proxy"]).or_else(any);
                let https = first(&variable, ["HTTPS_PROXY", "https_proxy"]).or_else(any);
                if let Some((name, hosts)) = first_set(&variable, ["NO_PROXY", "no_proxy"]) {
                    exceptions.add(name, &hosts.to_string_lossy());
                }
                Router { http, https, exceptions }
            }
            Rules::Environment | Rules::Direct => Router { http: None, https: None, exceptions },
            Rules::Given(proxy) => Router { http: Some(Ok(proxy.clone())), https: Some(Ok(proxy)), exceptions },
        }
    }
}

/// The first of these variables that is not empty.
fn first_set(variable: impl Fn(&str) -> Option<OsString>, names: [&str; 2]) -> Option<(&str, OsString)> {
    names.into_iter().find_map(|name| variable(name).filter(|value| !value.is_empty()).map(|value| (name, value)))
}

/// The proxy that the first of these variables names.
fn first(variable: impl Fn(&str) -> Option<OsString>, names: [&str; 2]) -> Option<Upstream> {
    let (name, value) = first_set(variable, names)?;
    let proxy = value.to_str().ok_or(ProxyError::NotAProxy).and_then(parse);
    Some(proxy.map_err(|error| format!("the proxy of {name}: {error}")))
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

/// A proxy, or what is wrong with what should be one.
type Upstream = Result<Intercept, String>;

/// The rules, read.
pub(crate) struct Router {
    http: Option<Upstream>,
    https: Option<Upstream>,
    exceptions: Exceptions,
}

/// The way to a host.
#[derive(Debug)]
pub(crate) enum Way {
    Direct,
    Through(Intercept),
    /// The rules name an invalid proxy.
    Unusable(String),
}

impl Router {
    pub(crate) fn way(&self, host: &str, port: u16, secure: bool) -> Way {
        let upstream = if secure { &self.https } else { &self.http };
        match upstream {
            None => Way::Direct,
            Some(_) if is_loopback(host) || self.exceptions.contain(host, port) => Way::Direct,
            Some(Err(problem)) => Way::Unusable(problem.clone()),
            Some(Ok(proxy)) => match self.exceptions.problem() {
                Some(problem) => Way::Unusable(problem.to_owned()),
                None => Way::Through(proxy.clone()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(router: &Router, host: &str, secure: bool) -> Option<String> {
        match router.way(host, 443, secure) {
            Way::Through(proxy) => Some(proxy.uri().to_string()),
            Way::Direct => None,
            Way::Unusable(problem) => Some(problem),
        }
    }

    fn given(url: &str) -> Proxy {
        Proxy::new(url).unwrap()
    }

    /// As the environment says, with these variables.
    fn environment(variables: &[(&str, &str)], except: &str) -> Router {
        let value = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        Proxy::environment().except(except).router_in(value)
    }

    #[test]
    fn one_proxy_serves_every_scheme() {
        for secure in [true, false] {
            let proxy = given("proxy.example:3128").router();
            assert_eq!(through(&proxy, "api.example", secure).as_deref(), Some("http://proxy.example:3128/"));
        }
        let proxy = given("https://u:p@proxy.example").router();
        assert_eq!(through(&proxy, "[2001:db8::1]", true).as_deref(), Some("https://proxy.example/"));
        assert_eq!(through(&Proxy::none().except("a.example").router(), "api.example", true), None);
    }

    #[test]
    fn each_scheme_has_its_variable_and_all_the_rest() {
        let variables =
            [("https_proxy", "secure.example"), ("HTTP_PROXY", ""), ("ALL_PROXY", "socks5://all.example:9")];
        let router = environment(&variables, "");
        assert_eq!(through(&router, "api.example", true).as_deref(), Some("http://secure.example/"));
        assert_eq!(through(&router, "api.example", false).as_deref(), Some("socks5://all.example:9/"));
        assert_eq!(through(&environment(&[], ""), "api.example", true), None);
        let cgi = [&variables[..], &[("REQUEST_METHOD", "GET")]].concat();
        assert_eq!(through(&environment(&cgi, ""), "api.example", true), None);
    }

    #[test]
    fn exceptions_are_reached_directly() {
        let exceptions = "intra.example, 10.0.0.0/8,2001:db8::/32";
        let variables = [("ALL_PROXY", "proxy.example"), ("NO_PROXY", "other.example")];
        for router in [given("proxy.example").except(exceptions).router(), environment(&variables, exceptions)] {
            for host in ["intra.example", "a.intra.example", "10.1.2.3", "[2001:db8::1]"] {
                assert_eq!(through(&router, host, true), None, "{host}");
            }
            for host in ["notintra.example", "11.1.2.3", "[2001:db9::1]"] {
                assert!(through(&router, host, true).is_some(), "{host}");
            }
        }
        assert_eq!(through(&environment(&variables, exceptions), "other.example", true), None);
        let empty = [("ALL_PROXY", "proxy.example"), ("NO_PROXY", ""), ("no_proxy", "other.example")];
        assert_eq!(through(&environment(&empty, ""), "other.example", true), None, "empty counts as not set");
        assert_eq!(
            through(&given("proxy.example").except("a.example").except("*").router(), "api.example", true),
            None
        );
    }

    #[test]
    fn an_exception_that_is_not_understood_is_an_error_where_the_proxy_counts() {
        let router = environment(&[("ALL_PROXY", "proxy.example"), ("NO_PROXY", "b.example <local>")], "");
        let told = "NO_PROXY: entry 2 is neither a host nor a network";
        assert_eq!(through(&router, "api.example", true).as_deref(), Some(told));
        assert_eq!(through(&router, "b.example", true), None);
        assert_eq!(through(&environment(&[("NO_PROXY", "<local>")], ""), "api.example", true), None, "no proxy at all");
        let router = given("proxy.example").except("b.example").except("a/b").router();
        let told = "the exceptions of the proxy: entry 1 is neither a host nor a network";
        assert_eq!(through(&router, "api.example", true).as_deref(), Some(told));
    }

    #[test]
    fn this_machine_is_reached_directly() {
        for host in ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"] {
            assert_eq!(through(&given("http://proxy.example").router(), host, false), None, "{host}");
        }
    }

    #[test]
    fn a_variable_that_names_no_proxy_is_an_error_and_the_proxy_not_bypassed() {
        for (value, problem) in [
            ("http://u:hush@h h", ProxyError::NotAProxy),
            ("ftp://proxy.example", ProxyError::NotAProxy),
            ("socks4://proxy.example", ProxyError::Socks4),
            ("http://u:hush@proxy.example:80443", ProxyError::Port),
            ("proxy.example:0", ProxyError::Port),
        ] {
            let router =
                environment(&[("HTTPS_PROXY", value), ("ALL_PROXY", "ok.example"), ("NO_PROXY", "b.example")], "");
            let told = through(&router, "api.example", true).unwrap();
            assert_eq!(told, format!("the proxy of HTTPS_PROXY: {problem}"));
            assert_eq!(through(&router, "b.example", true), None, "no proxy is asked for here");
            assert_eq!(through(&router, "api.example", false).as_deref(), Some("http://ok.example/"));
        }
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_being_quoted() {
        for url in ["", "ftp://h", "http://", "http://u:hush@h h"] {
            assert_eq!(Proxy::new(url).unwrap_err(), ProxyError::NotAProxy, "{url}");
        }
        for url in ["socks4://u:hush@h:1", "socks4a://h"] {
            assert_eq!(Proxy::new(url).unwrap_err(), ProxyError::Socks4);
        }
        assert!(!format!("{:?}", given("http://u:hush@h")).contains("hush"));
    }
}
