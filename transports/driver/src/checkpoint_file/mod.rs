//! [`CheckpointFile`]: a file that a session's checkpoint is kept in.

mod error;
mod lock;
mod replace;

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use agentchat_engine::error::Report;
use agentchat_engine::limits;
use agentchat_engine::realtime::{Checkpoint, CheckpointError};
use tracing::{info, warn};

use self::replace::Writer;
use crate::lock::lock;

pub use error::CheckpointFileError;

/// A file that a session's [`Checkpoint`] is kept in, so that a restarted program repeats nothing. Give it to
/// [`Client::realtime_with_file`](crate::Client::realtime_with_file), or to an adapter's `connect_with_file`, and it is
/// stored whenever messages have been settled, and at the end.
///
/// - **One session at a time.** The file is locked until this value, or the session's last handle, is dropped; the operating
///   system unlocks it when the process dies.
/// - **Whole or not at all.** A new checkpoint is written to the disk beside the old one and takes its place in one step; a
///   crash leaves one of them. A symbolic link stays, and what it points to is replaced. Where the file itself cannot be
///   replaced, because it is mounted or its directory cannot be written, it is overwritten: there a power failure can damage
///   it, which the next [`open`](Self::open) reports.
/// - **For its owner alone**: mode 0600 on Unix.
/// - An empty file is a file without a checkpoint.
///
/// Opening and storing block for the time that the file system takes. A session stores on a thread of its own.
///
/// ```
/// # use agentchat_driver::{CheckpointFile, CheckpointFileError};
/// # fn main() -> Result<(), CheckpointFileError> {
/// # let path = std::env::temp_dir().join(format!("checkpoint-doc-{}", std::process::id()));
/// let mut file = CheckpointFile::open(&path)?;
/// let resume = file.take_checkpoint().unwrap_or_default();
/// file.store(&resume)?;
/// assert!(matches!(CheckpointFile::open(&path), Err(CheckpointFileError::InUse { .. })));
/// # drop(file);
/// # std::fs::remove_file(&path).unwrap();
/// # Ok(())
/// # }
/// ```
pub struct CheckpointFile {
    path: PathBuf,
    writer: Mutex<Writer>,
    checkpoint: Option<Checkpoint>,
    failing: AtomicBool,
    observer: Observer,
}

type Observer = Box<dyn Fn(Result<(), &CheckpointFileError>) + Send + Sync>;

impl CheckpointFile {
    /// Opens and locks the file, and reads what it holds; one that does not exist is created. It is written once, so that a
    /// file that cannot be is known before the first message is.
    ///
    /// # Errors
    /// [`CheckpointFileError`], which names the file. A damaged checkpoint is left as it is.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, CheckpointFileError> {
        let path = path.as_ref().to_path_buf();
        let file = lock::open(&path)?;
        let checkpoint =
            read(&file, &path)?.map_err(|source| CheckpointFileError::Unusable { path: path.clone(), source })?;
        let writer = Writer::new(file, &path).map_err(|error| CheckpointFileError::open(&path, error))?;
        let this = Self {
            path,
            writer: Mutex::new(writer),
            checkpoint,
            failing: AtomicBool::new(false),
            observer: Box::new(|_| {}),
        };
        this.store(this.checkpoint.as_ref().unwrap_or(&Checkpoint::default()))?;
        Ok(this)
    }

    /// Calls a function when a session's storing begins to fail, and with `Ok` when it succeeds again. Storing is tried again
    /// every few seconds and whenever messages have been settled. Without this it is only traced.
    #[must_use]
    pub fn on_outcome(mut self, observer: impl Fn(Result<(), &CheckpointFileError>) + Send + Sync + 'static) -> Self {
        self.observer = Box::new(observer);
        self
    }

    /// The path as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The checkpoint that the file held when it was opened, once.
    #[must_use]
    pub fn take_checkpoint(&mut self) -> Option<Checkpoint> {
        self.checkpoint.take()
    }

    /// Stores a checkpoint; it is on the disk when this returns.
    ///
    /// # Errors
    /// [`CheckpointFileError::Write`], or [`InUse`](CheckpointFileError::InUse) if the file was taken away and another session
    /// uses its name. The old checkpoint stays as it was.
    pub fn store(&self, checkpoint: &Checkpoint) -> Result<(), CheckpointFileError> {
        lock(&self.writer).write(&self.path, checkpoint.to_json().as_bytes())
    }

    /// Stores a session's newest checkpoint, which is made once no other is being stored; whether it is stored.
    pub(crate) fn store_newest(&self, newest: impl FnOnce() -> Checkpoint) -> bool {
        let mut writer = lock(&self.writer);
        let stored = writer.write(&self.path, newest().to_json().as_bytes());
        drop(writer);
        let failed = stored.is_err();
        if self.failing.swap(failed, Ordering::Relaxed) != failed {
            match &stored {
                Ok(()) => info!("the checkpoint is stored again"),
                Err(error) => {
                    warn!(error = %Report::new(error), "the checkpoint is not stored; after a restart messages may come twice")
                }
            }
            (self.observer)(stored.as_ref().map(|_| ()));
        }
        !failed
    }
}

impl fmt::Debug for CheckpointFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckpointFile").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What the file holds, read only if it is no larger than a checkpoint can be.
fn read(file: &File, path: &Path) -> Result<Result<Option<Checkpoint>, CheckpointError>, CheckpointFileError> {
    let failed = |error| CheckpointFileError::open(path, error);
    let too_large = |bytes: u64| Err(CheckpointError::TooLarge { bytes: usize::try_from(bytes).unwrap_or(usize::MAX) });
    let most = limits::CHECKPOINT as u64;
    let length = file.metadata().map_err(failed)?.len();
    if length > most {
        return Ok(too_large(length));
    }
    let mut bytes = Vec::new();
    // It may grow meanwhile.
    let read = file.take(most + 1).read_to_end(&mut bytes).map_err(failed)? as u64;
    Ok(match String::from_utf8(bytes) {
        _ if read > most => too_large(read),
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Checkpoint::from_json(&text).map(Some),
        Err(_) => Err(CheckpointError::Damaged { problem: "it is not UTF-8".to_owned() }),
    })
}
