//! Writing a checkpoint in place of the last one.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::Builder;

use super::{CheckpointFileError, lock};

/// Ends the names of files that were not put in place yet.
const UNFINISHED: &str = ".agentchat-new";

/// The file that holds the last checkpoint, locked.
#[derive(Debug)]
pub(super) struct Writer {
    file: File,
    /// Without symbolic links.
    target: PathBuf,
    folder: PathBuf,
    /// Begins the names of files that were not put in place yet.
    unfinished: OsString,
    overwrites: bool,
}

impl Writer {
    /// Removes what a process that was killed while it wrote has left behind: nobody else writes while the file is locked.
    pub(super) fn new(file: File, path: &Path) -> io::Result<Self> {
        let target = fs::canonicalize(path)?;
        let (Some(folder), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(ErrorKind::InvalidFilename.into());
        };
        let mut unfinished = OsString::from(".");
        unfinished.push(name);
        unfinished.push(".");
        let folder = folder.to_path_buf();
        let this = Self { file, target, folder, unfinished, overwrites: false };
        this.clean_up();
        Ok(this)
    }

    /// Replaces what the file holds. On an error it holds what it held, unless it could only be overwritten.
    pub(super) fn write(&mut self, path: &Path, bytes: &[u8]) -> Result<(), CheckpointFileError> {
        let failed = |error| CheckpointFileError::write(path, error);
        if !lock::is_at(&self.file, &self.target).map_err(failed)? {
            // Somebody has removed or replaced it. The process that has locked the file of that name owns it now.
            self.file = lock::open(&self.target)?;
        }
        if !self.overwrites {
            match self.replace(bytes) {
                Err(error) if is_fixed(&error) => {}
                replaced => return replaced.map_err(failed),
            }
        }
        self.overwrite(bytes).map_err(failed)?;
        self.overwrites = true;
        Ok(())
    }

    /// Beside it, to the disk, and then in its place.
    fn replace(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut beside = Builder::new().prefix(&self.unfinished).suffix(UNFINISHED).tempfile_in(&self.folder)?;
        beside.write_all(bytes)?;
        beside.as_file().sync_all()?;
        beside.as_file().lock()?;
        self.file = beside.persist(&self.target).map_err(|error| error.error)?;
        // Without this a power failure can bring back the old one, which is safe to use.
        let _ = File::open(&self.folder).and_then(|folder| folder.sync_all());
        Ok(())
    }

    fn overwrite(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.rewind()?;
        self.file.write_all(bytes)?;
        self.file.set_len(bytes.len() as u64)?;
        self.file.sync_all()
    }

    fn clean_up(&self) {
        let [begin, end] = [self.unfinished.as_encoded_bytes(), UNFINISHED.as_bytes()];
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.as_encoded_bytes();
            if name.len() > begin.len() + end.len() && name.starts_with(begin) && name.ends_with(end) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Whether it is the directory, or what the file is mounted on, that refuses, and not the disk.
fn is_fixed(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::ResourceBusy
            | ErrorKind::CrossesDevices
    )
}
