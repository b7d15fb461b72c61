//! The way to each host, by the rules of a [`Proxy`] and the environment's variables.

use std::ffi::OsString;

use agentchat_engine::is_loopback;
use hyper_util::client::proxy::matcher::Intercept;

use super::exceptions::Exceptions;
use super::{Proxy, ProxyError, Rules, parse};

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
    /// The rules, with the environment's variables where they count.
    pub(super) fn new(proxy: Proxy, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let mut exceptions = Exceptions::default();
        for hosts in &proxy.except {
            exceptions.add("the exceptions of the proxy", hosts);
        }
        match proxy.rules {
            Rules::Environment if variable("REQUEST_METHOD").is_none() => {
                let any = || first(&variable, ["ALL_PROXY", "all_proxy"]);
                let http = first(&variable, ["HTTP_PROXY", "http_proxy"]).or_else(any);
                let https = first(&variable, ["HTTPS_PROXY", "https_proxy"]).or_else(any);
                if let Some((name, hosts)) = first_set(&variable, ["NO_PROXY", "no_proxy"]) {
                    exceptions.add(name, &hosts.to_string_lossy());
                }
                Self { http, https, exceptions }
            }
            Rules::Environment | Rules::Direct => Self { http: None, https: None, exceptions },
            Rules::Given(proxy) => Self { http: Some(Ok(proxy.clone())), https: Some(Ok(proxy)), exceptions },
        }
    }

    /// The way to a host: directly to this machine and to the exceptions.
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
        Router::new(Proxy::environment().except(except), value)
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
}
