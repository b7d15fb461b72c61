//! Directories of this user: the same whether a terminal or a supervisor starts the process.

use std::env;
use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// What is kept until somebody removes it.
pub(crate) fn config() -> Option<PathBuf> {
    base("XDG_CONFIG_HOME", ".config")
}

/// What a program notes for itself.
pub(crate) fn state() -> Option<PathBuf> {
    base("XDG_STATE_HOME", ".local/state")
}

/// What lasts as long as the user is logged in.
pub(crate) fn runtime() -> Option<PathBuf> {
    from_environment("XDG_RUNTIME_DIR")
}

fn base(name: &str, below_home: &str) -> Option<PathBuf> {
    from_environment(name).or_else(|| from_environment("HOME").map(|home| home.join(below_home)))
}

/// By the XDG base directory specification, a path that is not absolute counts as not set.
fn from_environment(name: &str) -> Option<PathBuf> {
    env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// Makes a directory for this user alone, or makes sure that one is.
pub(crate) fn private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // Among temporary files anybody could have made it.
    let there = fs::symlink_metadata(folder)?;
    if !there.is_dir() || there.uid() != rustix::process::geteuid().as_raw() || there.mode() & 0o022 != 0 {
        let problem = format!("{} is not a directory that belongs to this user alone", folder.display());
        return Err(io::Error::new(ErrorKind::PermissionDenied, problem));
    }
    Ok(())
}
