//! Opening a checkpoint's file for one session alone. The lock is on the file itself, and every file that takes its place is
//! locked before it does.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;
use std::{io, thread};

use super::CheckpointFileError;

/// Times that the file may be locked, or be replaced between its opening and its locking, before it is in use.
const ATTEMPTS: usize = 20;

/// Between two of them. A lock outlives its owner for a moment where another thread is just starting a process, which has all
/// open files until its program begins.
const PAUSE: Duration = Duration::from_millis(5);

/// The file, created if it does not exist, and locked.
pub(super) fn open(path: &Path) -> Result<File, CheckpointFileError> {
    let failed = |error| CheckpointFileError::open(path, error);
    let not_a_file = || CheckpointFileError::NotAFile { path: path.to_path_buf() };
    for _ in 0..ATTEMPTS {
        // Before it is opened: a pipe would wait for its other end.
        if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(not_a_file());
        }
        let file = for_owner(OpenOptions::new().read(true).write(true).create(true)).open(path).map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(not_a_file());
        }
        match file.try_lock() {
            Ok(()) if is_at(&file, path).map_err(failed)? => return Ok(file),
            // Replaced meanwhile.
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
    Err(CheckpointFileError::InUse { path: path.to_path_buf() })
}

/// Whether this is the file that has the name now.
#[cfg(unix)]
pub(super) fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;

    let ours = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((ours.dev(), ours.ino()) == (there.dev(), there.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// A file that is open keeps its name there.
#[cfg(not(unix))]
pub(super) fn is_at(_: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}

#[cfg(unix)]
fn for_owner(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;

    options.mode(0o600)
}

#[cfg(not(unix))]
fn for_owner(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}
