//! Every crate that is published says on crates.io and docs.rs what it is, has the licence with it, and is among those that
//! `.ci/run` packages and tests.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const RUN: &str = include_str!("../../../.ci/run");
const LICENSE: &str = include_str!("../../../LICENSE");

/// The crates of the workspace that are published, as cargo sees them.
fn published() -> Vec<Value> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version=1", "--manifest-path"]);
    let output = cargo.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let Value::Array(mut packages) = metadata["packages"].take() else { panic!("no packages") };
    packages.retain(|package| package["publish"].is_null());
    packages
}

#[test]
fn every_published_crate_has_what_its_page_needs() {
    for package in published() {
        let name = package["name"].as_str().unwrap();
        assert!(package["description"].as_str().is_some_and(|text| !text.ends_with('.')), "{name}: description");
        assert_eq!(package["license"], "MIT", "{name}");
        assert_eq!(package["documentation"], format!("https://docs.rs/{name}"), "{name}");
        assert_eq!(package["metadata"]["docs"]["rs"]["all-features"], true, "{name}: docs.rs");
        for (key, at_most) in [("keywords", 5), ("categories", 5)] {
            let words = package[key].as_array().unwrap();
            assert!((1..=at_most).contains(&words.len()), "{name}: {key} {words:?}");
        }

        let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
        let text = |file: &str| fs::read_to_string(folder.join(file)).unwrap_or_else(|e| panic!("{name}/{file}: {e}"));
        assert_eq!(text("LICENSE"), LICENSE, "{name}");
        assert_eq!(package["readme"], "README.md", "{name}");
        let readme = text("README.md");
        assert!(readme.starts_with(&format!("# {name}\n")) && readme.contains("```rust"), "{name}: README");
        assert!(
            text("src/lib.rs").contains("#[doc = include_str!(\"../README.md\")]"),
            "{name}: its README is no doctest"
        );
    }
}

#[test]
fn every_published_crate_is_packaged_and_tested() {
    let listed =
        RUN.split_once("\npublished=(").and_then(|(_, rest)| rest.split_once(')')).expect("the list is there").0;
    let mut listed: Vec<&str> = listed.split_whitespace().collect();
    listed.sort_unstable();
    let packages = published();
    let mut names: Vec<&str> = packages.iter().map(|package| package["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(listed, names);
}
