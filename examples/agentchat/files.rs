//! Files of the command: secrets that are read, and mail that is written for nobody else to read.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use agentchat_tokio::engine::webhook::WebhookSecret;

use crate::exit::Exit;

/// The webhook secret in a file.
pub(crate) fn secret(path: &Path) -> Result<WebhookSecret, Exit> {
    let text = std::fs::read_to_string(path).map_err(|e| unreadable(path, &e))?;
    WebhookSecret::new(text).map_err(|e| Exit::usage(format!("{}: the {e}", path.display())))
}

/// An empty file that its owner alone may read.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Exit {
    Exit::usage(format!("cannot read {}: {error}", path.display()))
}

pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Exit {
    Exit::usage(format!("cannot write {}: {error}", path.display()))
}
