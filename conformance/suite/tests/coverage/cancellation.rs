//! The scenarios that drop futures drop every future of the client and of a session.

use std::collections::BTreeSet;

use super::table::{source, sources};

/// What gives each stream. `Outgoing` is a request's own body.
const STREAMS: [(&str, &str); 6] = [
    ("CallEvents", ".observed("),
    ("Checkpoints", ".checkpoints("),
    ("Deliveries", ".deliveries("),
    ("Events", ".events("),
    ("Outgoing", ".upload("),
    ("Paged", ".pages("),
];

/// The names of what follows these words, wherever a signature fits.
fn named<'a>(source: &'a str, words: &'a str, fits: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = &'a str> {
    source
        .split(words)
        .skip(1)
        .filter(move |rest| fits(rest.split('{').next().unwrap_or_default()))
        .map(|rest| rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default())
}

#[test]
fn every_future_is_dropped_in_a_scenario() {
    let scenarios =
        ["calls", "sessions"].map(|of| source(&format!("conformance/suite/src/cancelled_{of}.rs"))).concat();
    let folders = ["", "/hooks", "/realtime", "/transfer"];
    let driver: String = folders.iter().map(|folder| sources(&format!("transports/driver/src{folder}"))).collect();
    let public = named(&driver, "pub async fn ", |_| true);
    let returned = named(&driver, "pub fn ", |signature| signature.contains("-> impl Future"));
    let methods: BTreeSet<&str> = public.chain(returned).collect();
    assert!(methods.contains("call") && methods.contains("on_message") && methods.contains("download"), "{methods:?}");
    for method in methods {
        assert!(scenarios.contains(&format!(".{method}(")), "no scenario drops {method}");
    }
    let streams: BTreeSet<&str> = named(&driver, " Stream for ", |_| true).collect();
    assert_eq!(streams, STREAMS.iter().map(|(name, _)| *name).collect());
    for (name, given_by) in STREAMS {
        assert!(scenarios.contains(given_by), "no scenario drops the waits for {name}");
    }
}
