//! Files that the command reads and writes: limited before they are read, and for nobody else to read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use agentchat_tokio::engine::webhook::WebhookSecret;
use tempfile::TempPath;

use crate::exit::{Code, Exit};

/// Bytes of a file that holds a key or a secret, at most: far more than either has.
const SECRET: u64 = 64 * 1024;

/// Recordings that are kept under one name.
const RECORDINGS: u32 = 10_000;

/// The webhook secret in a file.
pub(crate) fn secret(path: &Path) -> Result<WebhookSecret, Exit> {
    WebhookSecret::new(small_text(path)?).map_err(|e| Exit::usage(format!("{}: the {e}", path.display())))
}

/// What a file for a key or a secret holds. It may be a pipe, as `<(pass show key)` is one.
pub(crate) fn small_text(path: &Path) -> Result<String, Exit> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(SECRET + 1).read_to_end(&mut bytes));
    if read.map_err(|e| unreadable(path, &e))? as u64 > SECRET {
        return Err(Exit::usage(format!("{} is larger than a key or a secret can be", path.display())));
    }
    let text = String::from_utf8(bytes).map_err(|_| Exit::usage(format!("{} is not text", path.display())))?;
    // Editors of some systems begin every text with a byte order mark.
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// A new file for a recording, which its owner alone may read. One that is there already gets another name: the first of
/// `NAME.1`, `NAME.2` and so on that is free.
pub(crate) fn new_recording(path: &Path) -> Result<File, Exit> {
    let failed = |e: io::Error| unwritable(path, &e);
    match fs::metadata(path) {
        // Somebody else's affair: a pipe to a compressor, or the null device.
        Ok(there) if !there.is_file() && !there.is_dir() => {
            return OpenOptions::new().write(true).open(path).map_err(failed);
        }
        Ok(there) if there.is_file() && there.len() == 0 => {
            let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
            return private(&file).map(|()| file).map_err(failed);
        }
        Ok(_) => {
            let there = fs::canonicalize(path).map_err(failed)?;
            File::open(&there).and_then(|file| private(&file)).map_err(failed)?;
            set_aside(&there).map_err(failed)?;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)
}

fn private(file: &File) -> io::Result<()> {
    file.set_permissions(PermissionsExt::from_mode(0o600))
}

fn set_aside(path: &Path) -> io::Result<()> {
    for number in 1..=RECORDINGS {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{number}"));
        let mut there = TempPath::try_from_path(path)?;
        there.disable_cleanup(true);
        match there.persist_noclobber(PathBuf::from(name)) {
            Err(taken) if taken.error.kind() == ErrorKind::AlreadyExists => {}
            moved => return moved.map_err(|e| e.error),
        }
    }
    Err(io::Error::other(format!("there are {RECORDINGS} recordings of that name")))
}

pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Exit {
    Exit::new(code_of(error), format!("cannot read {}: {error}", path.display()))
}

pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Exit {
    Exit::new(code_of(error), format!("cannot write {}: {error}", path.display()))
}

/// Whether a path was given that makes no sense, or the file system says no.
pub(crate) fn code_of(error: &io::Error) -> Code {
    match error.kind() {
        ErrorKind::StorageFull
        | ErrorKind::QuotaExceeded
        | ErrorKind::FileTooLarge
        | ErrorKind::ReadOnlyFilesystem
        | ErrorKind::PermissionDenied => Code::Files,
        _ => Code::Usage,
    }
}
