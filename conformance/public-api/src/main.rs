//! Compares the public interface of each published crate, as rustdoc sees it, with the file of its name in this folder.
//!
//! Rustdoc's JSON is read, whose format is one compiler's: `.ci/public-api` has it written by the one that fits.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use clap::Parser;
use public_api::Builder;

/// What is written down, a line an item.
const WRITTEN: &str = env!("CARGO_MANIFEST_DIR");

#[derive(Parser)]
struct Arguments {
    /// Writes the files anew instead of comparing.
    #[arg(long)]
    renew: bool,
    /// What rustdoc wrote, a file a crate.
    #[arg(required = true)]
    rustdoc_json: Vec<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(differences) if differences.is_empty() => ExitCode::SUCCESS,
        Ok(differences) => {
            say(&format!("{differences}\nWhere this is meant, `.ci/public-api --renew` writes it down.\n"))
        }
        Err(error) => say(&format!("{error}\n")),
    }
}

/// Says what is wrong, whether or not anybody reads it.
fn say(text: &str) -> ExitCode {
    let _ = io::stderr().write_all(text.as_bytes());
    ExitCode::FAILURE
}

fn run(arguments: &Arguments) -> Result<String, Box<dyn Error>> {
    let mut differences = String::new();
    for json in &arguments.rustdoc_json {
        let name = json.file_stem().unwrap_or_default().to_string_lossy().replace('_', "-");
        let interface = interface(json).map_err(|error| format!("{}: {error}", json.display()))?;
        let written = Path::new(WRITTEN).join(&name).with_extension("txt");
        if arguments.renew {
            fs::write(&written, interface)?;
        } else {
            let before = fs::read_to_string(&written).map_err(|error| format!("{}: {error}", written.display()))?;
            differences += &difference(&name, &before, &interface);
        }
    }
    Ok(differences)
}

/// The items of a crate, sorted. What every type gets from the standard library is left out.
fn interface(json: &Path) -> Result<String, public_api::Error> {
    let builder = Builder::from_rustdoc_json(json).omit_blanket_impls(true).omit_auto_trait_impls(true);
    let mut lines: Vec<String> =
        builder.omit_auto_derived_impls(true).build()?.items().map(|i| i.to_string()).collect();
    lines.sort();
    Ok(lines.join("\n") + "\n")
}

/// The lines that only one of them has.
fn difference(name: &str, before: &str, after: &str) -> String {
    let (before, after): (BTreeSet<_>, BTreeSet<_>) = (before.lines().collect(), after.lines().collect());
    let mut out = String::new();
    for (sign, line) in
        before.difference(&after).map(|line| ('-', line)).chain(after.difference(&before).map(|line| ('+', line)))
    {
        let _ = writeln!(out, "{name}: {sign}{line}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_one_of_them_has_is_a_difference() {
        assert_eq!(difference("x", "a\nb\n", "b\na\n"), "");
        assert_eq!(difference("x", "a\nb\n", "b\nc\n"), "x: -a\nx: +c\n");
    }
}
