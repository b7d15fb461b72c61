//! Every `cargo` command in the documentation names packages, targets, features and paths that exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What may be named of a package.
#[derive(Debug)]
struct Package {
    name: String,
    folder: PathBuf,
    /// `bin agentchat`, `test suite`.
    targets: BTreeSet<String>,
    features: BTreeSet<String>,
    is_default: bool,
}

fn texts(of: &Value) -> impl Iterator<Item = &str> {
    of.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The packages of a workspace, as cargo sees them.
fn packages(manifest: &str) -> Vec<Package> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["metadata", "--no-deps", "--offline", "--format-version=1", "--manifest-path"])
        .arg(root().join(manifest));
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let defaults: BTreeSet<&str> = texts(&metadata["workspace_default_members"]).collect();
    let package = |package: &Value| {
        let mut targets = BTreeSet::new();
        for target in package["targets"].as_array().unwrap() {
            let name = target["name"].as_str().unwrap();
            targets.extend(texts(&target["kind"]).map(|kind| format!("{kind} {name}")));
        }
        Package {
            name: package["name"].as_str().unwrap().to_owned(),
            folder: Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned(),
            targets,
            features: package["features"].as_object().unwrap().keys().cloned().collect(),
            is_default: package["id"].as_str().is_some_and(|id| defaults.contains(id)),
        }
    };
    metadata["packages"].as_array().unwrap().iter().map(package).collect()
}

/// The commands of a page: the lines of its shell blocks, and what stands between backquotes in its prose.
fn commands(page: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut prose = String::new();
    let mut block = None;
    for line in page.lines().map(str::trim) {
        match (line.strip_prefix("```"), block) {
            (Some(_), Some(_)) => block = None,
            (Some(language), None) => block = Some(language),
            (None, Some("sh" | "bash" | "console" | "text")) => {
                let is_setting = |word: &&str| word.contains('=') || *word == "$";
                commands.push(line.split(' ').skip_while(is_setting).collect::<Vec<_>>().join(" "));
            }
            (None, Some(_)) => {}
            (None, None) => prose += &format!("{line} "),
        }
    }
    commands.extend(prose.split('`').skip(1).step_by(2).map(str::to_owned));
    commands.retain(|command| command.starts_with("cargo "));
    commands
}

/// The comments of a source file that are documentation.
fn documentation(source: &str) -> String {
    let comment =
        |line: &str| line.trim_start().strip_prefix("//!").or(line.trim_start().strip_prefix("///")).map(str::to_owned);
    source.lines().map(|line| comment(line).unwrap_or_default() + "\n").collect()
}

/// What is wrong with a command.
fn problem(command: &str, workspace: &[Package]) -> Option<String> {
    let command = command.split(" -- ").next().unwrap().split(" #").next().unwrap();
    let words: Vec<&str> = command.split_whitespace().collect();
    let values = |names: &[&str]| {
        let pairs = words.windows(2).filter(|pair| names.contains(&pair[0]));
        pairs.map(|pair| pair[1]).collect::<Vec<_>>()
    };
    let named = values(&["-p", "--package"]);
    if let Some(name) = named.iter().find(|name| workspace.iter().all(|package| package.name != **name)) {
        return Some(format!("there is no package {name}"));
    }
    let folders: Vec<PathBuf> = values(&["--path"]).iter().map(|path| root().join(path)).collect();
    if let Some(folder) = folders.iter().find(|folder| !folder.join("Cargo.toml").exists()) {
        return Some(format!("there is no package in {}", folder.display()));
    }
    let is_meant = |package: &&Package| {
        let in_folder = |folder: &PathBuf| folder.canonicalize().ok() == package.folder.canonicalize().ok();
        match (named.is_empty(), folders.is_empty()) {
            (true, true) => package.is_default || words.contains(&"--workspace"),
            _ => named.contains(&package.name.as_str()) || folders.iter().any(in_folder),
        }
    };
    let meant: Vec<&Package> = workspace.iter().filter(is_meant).collect();
    for kind in ["bin", "test", "bench", "example"] {
        for name in values(&[&format!("--{kind}")]) {
            if !meant.iter().any(|package| package.targets.contains(&format!("{kind} {name}"))) {
                return Some(format!("there is no {kind} {name}"));
            }
        }
    }
    for feature in values(&["--features", "-F"]).iter().flat_map(|list| list.split(',')) {
        if !meant.iter().any(|package| package.features.contains(feature)) {
            return Some(format!("there is no feature {feature}"));
        }
    }
    None
}

/// Every page of the tree, and the documentation of every source file.
fn pages(folder: &Path, pages: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && (!name.starts_with('.') || name == ".github") {
            self::pages(&path, pages);
        } else if path.extension().is_some_and(|end| end == "md") {
            pages.push((path.clone(), fs::read_to_string(path).unwrap()));
        } else if path.extension().is_some_and(|end| end == "rs") {
            pages.push((path.clone(), documentation(&fs::read_to_string(path).unwrap())));
        }
    }
}

#[test]
fn every_cargo_command_in_the_documentation_names_what_exists() {
    let mut workspace = packages("Cargo.toml");
    workspace.extend(packages("fuzz/Cargo.toml"));
    let mut found = Vec::new();
    pages(&root(), &mut found);
    let mut count = 0;
    for (path, page) in found {
        for command in commands(&page) {
            let problem = problem(&command, &workspace);
            assert!(problem.is_none(), "{}: `{command}`: {}", path.display(), problem.unwrap_or_default());
            count += usize::from(command.contains(" -"));
        }
    }
    assert!(count >= 8, "only {count} commands with options are found");
}

#[test]
fn a_command_that_names_what_does_not_exist_is_found() {
    let workspace = packages("Cargo.toml");
    let page = "Run `cargo test -p agentchat-tokio\n--test suite`, or:\n```sh\nA=b cargo run --features tls -- --bin x # note\n```\n";
    let read = commands(page);
    assert_eq!(read, ["cargo run --features tls -- --bin x # note", "cargo test -p agentchat-tokio --test suite"]);
    assert!(read.iter().all(|command| problem(command, &workspace).is_none()));
    for wrong in [
        "cargo test -p agentchat-conformance",
        "cargo test -p agentchat-tokio --test missing",
        "cargo run --bin agentchat",
        "cargo run --features missing",
        "cargo install --path missing",
    ] {
        assert!(problem(wrong, &workspace).is_some(), "{wrong}");
    }
}
