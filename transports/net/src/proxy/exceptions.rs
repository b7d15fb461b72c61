//! Which hosts are reached without the proxy: what `NO_PROXY` says, in the forms that are in use.

use ipnet::IpNet;

use crate::host::bare;

/// A list of exceptions, read.
#[derive(Debug, Default)]
pub(crate) struct Exceptions {
    rules: Vec<Rule>,
    /// What is wrong with the first entry that has none of the forms.
    problem: Option<String>,
}

#[derive(Debug)]
struct Rule {
    hosts: Hosts,
    /// At this port only.
    port: Option<u16>,
}

#[derive(Debug)]
enum Hosts {
    /// A name and all below it, without a dot in front.
    Name(String),
    /// What `*` stands for is any text.
    Pattern(String),
    Network(IpNet),
}

impl Exceptions {
    /// Adds the entries of a list. `source` names it where one of them is not understood.
    pub(crate) fn add(&mut self, source: &str, list: &str) {
        let entries =
            list.split(|letter: char| letter == ',' || letter.is_whitespace()).filter(|entry| !entry.is_empty());
        for (number, entry) in entries.enumerate() {
            match Rule::of(&entry.to_ascii_lowercase()) {
                Some(rule) => self.rules.push(rule),
                None => {
                    let number = number.saturating_add(1);
                    let problem = || format!("{source}: entry {number} is neither a host nor a network");
                    self.problem.get_or_insert_with(problem);
                }
            }
        }
    }

    /// Whether a host is one of them.
    pub(crate) fn contain(&self, host: &str, port: u16) -> bool {
        let host = bare(host).trim_end_matches('.').to_ascii_lowercase();
        self.rules.iter().any(|rule| rule.port.is_none_or(|only| only == port) && rule.hosts.contain(&host))
    }

    /// What is wrong with the list, if anything.
    pub(crate) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }
}

impl Rule {
    fn of(entry: &str) -> Option<Self> {
        if let Some(network) = network(entry) {
            return Some(Self { hosts: Hosts::Network(network), port: None });
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse::<u16>().ok().filter(|port| *port > 0)?)),
            None => (entry, None),
        };
        let hosts = if let Some(inside) = host.strip_prefix('[') {
            Hosts::Network(network(inside.strip_suffix(']')?)?)
        } else if let Some(network) = network(host).filter(|_| !host.contains(':')) {
            Hosts::Network(network)
        } else {
            Hosts::named(host)?
        };
        Some(Self { hosts, port })
    }
}

/// An address or a network.
fn network(text: &str) -> Option<IpNet> {
    let bracketed = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let text = bracketed.unwrap_or(text);
    text.parse().ok().or_else(|| text.parse().ok().map(|address: std::net::IpAddr| address.into()))
}

impl Hosts {
    fn named(host: &str) -> Option<Self> {
        let name = host.strip_prefix("*.").or(host.strip_prefix('.')).unwrap_or(host).trim_end_matches('.');
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b".-_*".contains(&byte) || !byte.is_ascii();
        if name.is_empty() || !name.bytes().all(known) {
            return None;
        }
        Some(if name.contains('*') { Self::Pattern(host.to_owned()) } else { Self::Name(name.to_owned()) })
    }

    fn contain(&self, host: &str) -> bool {
        match self {
            Self::Name(name) => {
                host.strip_suffix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
            Self::Pattern(pattern) => fits(pattern, host),
            Self::Network(network) => host.parse().is_ok_and(|address: std::net::IpAddr| network.contains(&address)),
        }
    }
}

/// Whether a text begins, goes on and ends with what stands between the asterisks.
fn fits(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let (first, last) = (pieces.next().unwrap_or_default(), pieces.next_back().unwrap_or_default());
    let Some(mut rest) = text.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else {
        return false;
    };
    pieces.all(|piece| match rest.split_once(piece) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exceptions(list: &str) -> Exceptions {
        let mut exceptions = Exceptions::default();
        exceptions.add("NO_PROXY", list);
        exceptions
    }

    #[test]
    fn every_form_in_use_is_matched() {
        for (list, inside, outside) in [
            ("corp", &["corp", "a.corp", "A.B.Corp", "corp."][..], &["notcorp", "corp.example"][..]),
            (".corp", &["corp", "a.corp"], &["notcorp"]),
            ("*.corp", &["corp", "a.corp", "a.b.corp"], &["notcorp"]),
            ("api-*.corp", &["api-1.corp", "api-.corp"], &["api.corp", "x.api-1.corp"]),
            ("192.168.*", &["192.168.1.2"], &["192.169.1.2"]),
            ("*", &["anything", "10.0.0.1", "[2001:db8::1]"], &[]),
            ("[::1]", &["[::1]", "::1"], &["[::2]"]),
            ("2001:db8::1", &["[2001:db8::1]", "[2001:DB8:0::1]"], &["[2001:db8::2]"]),
            ("10.0.0.0/8, 2001:db8::/32", &["10.9.9.9", "[2001:db8:1::]"], &["11.0.0.1", "[2001:db9::]", "10.example"]),
            ("a.corp b.corp\tc.corp\n,,d.corp", &["a.corp", "b.corp", "c.corp", "d.corp"], &["corp"]),
            ("", &[], &["corp", "10.0.0.1"]),
        ] {
            let exceptions = exceptions(list);
            for (hosts, is) in [(inside, true), (outside, false)] {
                for host in hosts {
                    assert_eq!(exceptions.contain(host, 443), is, "{host} in {list}");
                }
            }
        }
    }

    #[test]
    fn a_port_narrows_an_entry() {
        let exceptions = exceptions("a.corp:8443,10.1.2.3:80,[::1]:81,*.b.corp:82,10.0.0.0/8:83");
        for (host, port) in [("a.corp", 8443), ("x.a.corp", 8443), ("10.1.2.3", 80), ("[::1]", 81), ("x.b.corp", 82)] {
            assert!(exceptions.contain(host, port) && !exceptions.contain(host, 443), "{host}");
        }
        assert!(exceptions.contain("10.9.9.9", 83) && exceptions.problem().is_none());
    }

    #[test]
    fn what_is_not_understood_is_named_by_its_number_and_not_quoted() {
        for entry in [
            "<local>",
            "http://hush",
            "u:hush@h",
            "10.0.0.0/33",
            "h:80443",
            "h:0",
            "h:",
            "[::1",
            "[h]",
            ".",
            "a/b",
            "[2001:db8::]/32",
        ] {
            let exceptions = exceptions(&format!("a.corp, {entry} b.corp"));
            assert_eq!(exceptions.problem(), Some("NO_PROXY: entry 2 is neither a host nor a network"), "{entry}");
            assert!(exceptions.contain("a.corp", 1) && exceptions.contain("b.corp", 1), "the others hold");
        }
    }
}
