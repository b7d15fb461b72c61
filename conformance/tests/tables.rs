//! The manual's table of promises names tests that exist.

use std::collections::BTreeSet;
use std::path::Path;

/// Everything in backquotes that is a path of lower-case names: a test, as the table names it.
fn named(manual: &str) -> BTreeSet<&str> {
    let quoted =
        manual.lines().filter(|line| line.starts_with("//! |")).flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_test =
        |name: &&str| name.contains("::") && name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | ':'));
    quoted.filter(is_test).collect()
}

#[test]
fn every_test_that_the_table_of_promises_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manual = std::fs::read_to_string(root.join("src/manual/delivery.rs")).unwrap();
    let names = named(&manual);
    assert!(names.len() > 90, "the table was read: {}", names.len());
    for name in names {
        let (folder, path) = match name.strip_prefix("driver::") {
            Some(path) => ("../transports/driver/tests/driver", path),
            None => ("tests/session", name),
        };
        let (module, test) = path.split_once("::").unwrap();
        let file = root.join(folder).join(format!("{module}.rs"));
        let source = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{name}: {file:?}: {e}"));
        let found = source.contains(&format!("#[test]\nfn {test}()"))
            || source.contains(&format!("    #[test]\n    fn {test}("));
        let proptest = source.contains("proptest! {") && source.contains(&format!("    fn {test}("));
        assert!(found || proptest, "{name} does not exist");
    }
}
