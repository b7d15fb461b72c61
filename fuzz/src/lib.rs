//! What the targets share. A target's corpus is replayed without a fuzzer: what once was found stays found, on any compiler.

pub mod answers;
mod choices;
mod live;
pub mod rows;
pub mod session;

use std::path::{Path, PathBuf};

pub use choices::Choices;
pub use live::Live;

/// Gives every file named on the command line, or else every file of the target's corpus, to the target.
///
/// # Panics
/// If a file cannot be read, or where the target does.
pub fn replay(target: &str, run: impl Fn(&[u8])) {
    let mut files: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if files.is_empty() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
        let entries = std::fs::read_dir(&corpus).unwrap_or_else(|e| panic!("{}: {e}", corpus.display()));
        files.extend(entries.map(|entry| entry.expect("a readable corpus").path()));
    }
    for file in &files {
        let input = std::fs::read(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        run(&input);
    }
    println!("{target}: {} inputs replayed", files.len());
}

/// Panics if an error shows a secret: in its `Debug`, its text, or that of a cause.
pub fn assert_silent(error: &(dyn core::error::Error + 'static), secret: &str) {
    let mut told = format!("{error:?} {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        told.push_str(&cause.to_string());
        source = cause.source();
    }
    assert!(!told.contains(secret), "{told}");
}
