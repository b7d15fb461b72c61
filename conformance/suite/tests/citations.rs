//! What the code cites exists: every "contract 2.3" is a section of `contract.md`, every `W-nn` and "sdk-behaviour 12" one of
//! `sdk-behaviour.md`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const PAGES: [&str; 2] = ["contract.md", "sdk-behaviour.md"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page(name: &str) -> String {
    fs::read_to_string(root().join("conformance").join(name)).unwrap()
}

/// Every text of the tree in which something may be cited.
fn texts() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, texts: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let cites = path.extension().is_some_and(|end| ["rs", "md", "py", "mjs"].iter().any(|cites| end == *cites));
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                walk(&path, texts);
            } else if cites && !PAGES.contains(&name.as_str()) {
                texts.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    let mut texts = Vec::new();
    walk(&root(), &mut texts);
    assert!(texts.len() > 400, "this is not the tree: {}", texts.len());
    texts
}

/// The numbers that the headings, paragraphs and list items of a page begin with, and the rows of the tables whose first cell
/// is a number.
fn sections(page: &str) -> BTreeSet<String> {
    let (mut sections, mut heading) = (BTreeSet::new(), String::new());
    for line in page.lines() {
        let text = line.trim_start_matches(['#', ' ']);
        let number = number(text);
        if line.starts_with('#') && !number.is_empty() {
            heading.clone_from(&number);
        }
        if !number.is_empty() {
            sections.insert(number);
        } else if let Some(cell) = line.strip_prefix("| ").and_then(|row| row.split(' ').next())
            && cell.parse::<u32>().is_ok()
        {
            sections.insert(format!("{heading}.{cell}"));
        }
    }
    sections
}

/// `2.12` of "2.12 and more"; empty if the text does not begin with a number.
fn number(text: &str) -> String {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text[..end].trim_end_matches('.').to_owned()
}

/// The numbers that follow a word: one, or a list as in "2.3, 4.8 and 5".
fn cited(text: &str, word: &str) -> Vec<String> {
    let mut cited = Vec::new();
    for (at, _) in text.match_indices(word) {
        let mut rest = text[at + word.len()..].trim_start_matches(['"', ' ']);
        loop {
            let one = number(rest);
            if one.is_empty() {
                break;
            }
            rest = &rest[one.len()..];
            cited.push(one);
            let next = [", and ", ", ", " and ", " or ", " to "].iter().find_map(|between| rest.strip_prefix(between));
            match next {
                Some(next) => rest = next,
                None => break,
            }
        }
    }
    cited
}

/// The weaknesses that a text names: `W-12b`.
fn weaknesses(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("W-").filter_map(|(at, _)| {
        let rest = &text[at..];
        let end = 2 + rest[2..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - 2);
        let end = end + usize::from(rest[end..].starts_with(|c: char| matches!(c, 'a'..='f')));
        (end > 3).then_some(&rest[..end])
    })
}

#[test]
fn every_cited_section_of_the_contract_exists() {
    let sections = sections(&page("contract.md"));
    let mut count = 0;
    for (path, text) in texts() {
        let text = text.replace("\n//! ", " ").replace("\n/// ", " ");
        for section in ["contract ", "Contract ", "contract \""].iter().flat_map(|word| cited(&text, word)) {
            assert!(sections.contains(&section), "{}: contract {section} does not exist", path.display());
            count += 1;
        }
    }
    assert!(count > 300, "only {count} citations are found");
}

#[test]
fn every_named_weakness_and_rule_of_the_official_sdks_exists() {
    let page = page("sdk-behaviour.md");
    let defined: BTreeSet<&str> = page.split("**").filter(|bold| bold.starts_with("W-")).flat_map(weaknesses).collect();
    let sections = sections(&page);
    let mut count = 0;
    for (path, text) in texts() {
        for weakness in weaknesses(&text) {
            // Some have parts: W-18 (a), W-18a in names.
            let whole = weakness.trim_end_matches(|c: char| c.is_ascii_lowercase());
            let exists = defined.contains(weakness) || defined.contains(whole);
            assert!(exists, "{}: {weakness} does not exist", path.display());
            count += 1;
        }
        for section in cited(&text, "sdk-behaviour ") {
            assert!(sections.contains(&section), "{}: sdk-behaviour {section} does not exist", path.display());
        }
    }
    assert!(count > 80, "only {count} are found");
}

/// A test that is named after a weakness, as in `w05_…`, names one that exists.
#[test]
fn tests_are_named_after_weaknesses_that_exist() {
    let page = page("sdk-behaviour.md");
    let defined: BTreeSet<&str> = weaknesses(&page).collect();
    for (path, text) in texts() {
        for (at, _) in text.match_indices("fn w") {
            let name = &text[at + 4..];
            let number: String = name.chars().take_while(char::is_ascii_digit).collect();
            if number.len() == 2 {
                assert!(defined.contains(&*format!("W-{number}")), "{}: w{number}", path.display());
            }
        }
    }
}

#[test]
fn nothing_is_cited_in_another_way() {
    // Joined here, so that this file does not say it itself.
    let other = ["wire contract", "wire-contract", "realtime.md", "`sdk-behaviour`"].map(str::to_owned);
    for (path, text) in texts().into_iter().filter(|(path, _)| !path.ends_with("citations.rs")) {
        for other in &other {
            assert!(!text.contains(&**other), "{}: {other}", path.display());
        }
    }
}

#[test]
fn lists_of_sections_are_read() {
    assert_eq!(cited("see contract 2.3, 4.8 and 5; contract 8.12).", "contract "), ["2.3", "4.8", "5", "8.12"]);
    assert_eq!(cited(r#"contract "2.1"; the contract."#, "contract "), ["2.1"]);
    assert_eq!(weaknesses("W-05, W-12b; W-x").collect::<Vec<_>>(), ["W-05", "W-12b"]);
    let page = "## 8. Odd\n| # | what |\n|---|---|\n| 5 | x |\n8.2 JSON\n### 2.12 Reply\n";
    assert_eq!(sections(page), ["8", "8.5", "8.2", "2.12"].map(str::to_owned).into());
}
