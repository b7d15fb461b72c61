//! Imports are written one way: one `use` a module, which names no path inside its braces. It is `imports_granularity =
//! "Module"`, which stable rustfmt does not know.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, mem};

/// What is wrong with the imports of a source.
fn complaints(source: &str) -> Vec<String> {
    let (mut complaints, mut modules) = (Vec::new(), BTreeSet::new());
    let (mut statement, mut attribute) = (String::new(), false);
    for line in source.lines().map(str::trim) {
        if statement.is_empty() && import(line).is_none() {
            // Another group begins, or another item.
            modules.clear();
            attribute = line.starts_with("#[");
            continue;
        }
        statement.push_str(line);
        if !line.ends_with(';') {
            continue;
        }
        let statement = mem::take(&mut statement);
        let (visibility, path) = import(&statement).unwrap();
        let path = path.trim_end_matches(';');
        let (module, names) =
            path.split_once('{').unwrap_or_else(|| path.split_at(path.rfind("::").map_or(0, |at| at + 2)));
        if names.contains("::") {
            complaints.push(format!("names of several modules: {statement}"));
        }
        // What has an attribute of its own stands by itself.
        if !mem::take(&mut attribute)
            && !module.is_empty()
            && !modules.insert((visibility.to_owned(), module.to_owned()))
        {
            complaints.push(format!("a second import of one module: {statement}"));
        }
    }
    complaints
}

/// The visibility of an import and what it imports.
fn import(line: &str) -> Option<(&str, &str)> {
    let (visibility, path) = line.split_once("use ")?;
    let is_import = visibility.is_empty() || (visibility.starts_with("pub") && visibility.ends_with(' '));
    is_import.then_some((visibility, path))
}

#[test]
fn every_source_imports_a_module_once() {
    fn walk(folder: &Path, sources: &mut usize, wrong: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                walk(&path, sources, wrong);
            } else if path.extension().is_some_and(|end| end == "rs") {
                *sources += 1;
                let source = fs::read_to_string(&path).unwrap();
                wrong.extend(
                    complaints(&source).into_iter().map(|complaint| format!("{}: {complaint}", path.display())),
                );
            }
        }
    }
    let (mut sources, mut wrong) = (0, Vec::new());
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."), &mut sources, &mut wrong);
    assert!(sources > 400, "this is not the tree: {sources}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn other_ways_are_found() {
    let one_way = "use std::fs;\nuse std::io::{\n    Read, Write,\n};\n\npub use a::B;\nuse a::C;\n\nuse std::mem;\n#[cfg(x)]\nuse std::io;\nuse std::process;\n";
    assert_eq!(complaints(one_way), [""; 0]);
    for other in [
        "use std::fs;\nuse std::mem;",
        "use std::{fs, io::Read};",
        "use a::{\n    B,\n    c::D,\n};",
        "    pub(super) use a::{B, C};\n    pub(super) use a::D;",
    ] {
        assert_eq!(complaints(other).len(), 1, "{other}");
    }
}
