//! The table of the README: what each transport does, every cell backed by a test of this suite.

use agentchat_net::Runtime;

use super::adapter::Adapter;

const README: &str = include_str!("../../../README.md");

/// The first words of the table's head.
const HEAD: &str = "| what | test |";

/// A column of this adapter's name, a mark in each of its cells, and a test of each name in `suite!`.
pub(super) async fn the_table_of_the_readme_names_tests_that_this_adapter_passes<A: Adapter>() {
    let runtime = A::Runtime::default();
    let (name, _) = runtime.name().split_once('/').unwrap();
    let mut table = README.lines().skip_while(|line| !line.starts_with(HEAD)).take_while(|line| line.starts_with('|'));
    let cells = |line: &'static str| line.split('|').map(str::trim).collect::<Vec<_>>();
    let head = cells(table.next().expect("the table is there"));
    let column = head.iter().position(|cell| *cell == name).unwrap_or_else(|| panic!("no column for {name}"));
    let rows: Vec<_> = table.skip(1).map(cells).collect();
    assert!(!rows.is_empty());
    for row in rows {
        assert_eq!(row[column], "✓", "{row:?}");
        for test in row[2].split(", ") {
            let test = test.trim_matches('`');
            assert!(super::NAMES.contains(&test), "there is no test {test}");
        }
    }
}
