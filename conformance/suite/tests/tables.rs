//! The tables of the documentation that map rules to tests name tests that exist.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Everything in backquotes that is a path of lower-case names: a test, as a table names it.
fn named(page: &str) -> BTreeSet<&str> {
    let quoted =
        page.lines().filter(|line| line.starts_with("//! |")).flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_test =
        |name: &&str| name.contains("::") && name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | ':'));
    quoted.filter(is_test).collect()
}

/// Checks the tables of a page of the tree. Names that begin with one of the prefixes are of tests in the folder beside
/// it, and so are all others with the empty prefix, which comes last.
fn check(page: &str, at_least: usize, folders: &[(&str, &str)]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join(page)).unwrap();
    let names = named(&page);
    assert!(names.len() > at_least, "the tables were read: {}", names.len());
    for name in names {
        let in_folder = |(prefix, folder): &(&str, &str)| Some((root.join(folder), name.strip_prefix(prefix)?));
        let (folder, path) = folders.iter().find_map(in_folder).unwrap();
        assert!(exists(folder, path), "{name} does not exist");
    }
}

fn exists(folder: PathBuf, path: &str) -> bool {
    let (module, test) = path.rsplit_once("::").unwrap();
    let file = folder.join(module.replace("::", "/")).with_extension("rs");
    let source = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{path}: {file:?}: {e}"));
    let plain = ["#[test]\nfn", "    #[test]\n    fn", "#[tokio::test]\nasync fn", "    #[tokio::test]\n    async fn"];
    let proptest = source.contains("proptest! {") && source.contains(&format!("    fn {test}("));
    let scenario = source.contains(&format!("pub(super) async fn {test}<A: Adapter>("));
    scenario || proptest || plain.iter().any(|declared| source.contains(&format!("{declared} {test}(")))
}

#[test]
fn the_promises_of_a_session_have_their_tests() {
    let folders = [("driver::", "transports/driver/tests/driver"), ("", "engine/tests/session")];
    check("engine/src/manual/delivery.rs", 90, &folders);
}

#[test]
fn what_is_promised_of_untrusted_peers_has_its_tests() {
    let folders = [
        ("engine::", "engine/tests"),
        ("unit::", "engine/src"),
        ("suite::", "conformance/suite/src"),
        ("command::", "examples/tests/command"),
        ("platform::", "conformance/server/tests/local_platform"),
        ("story::", "conformance/suite/tests/secrets"),
        ("slow_peers::", "conformance/measure/tests/slow_peers"),
    ];
    check("engine/src/manual/secrets.rs", 10, &folders);
    check("engine/src/manual/security.rs", 20, &folders);
}

#[test]
fn the_rules_of_the_platform_have_their_tests() {
    check(
        "conformance/server/src/contract.rs",
        150,
        &[("unit::", "conformance/server/src"), ("", "conformance/server/tests/local_platform")],
    );
}
