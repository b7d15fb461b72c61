//! What can be wrong with a checkpoint's file.

use std::io;
use std::path::{Path, PathBuf};

use agentchat_engine::realtime::CheckpointError;

/// Why a [`CheckpointFile`](super::CheckpointFile) cannot be used. Each names the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointFileError {
    /// It cannot be opened, created, read or locked.
    #[error("cannot open the checkpoint {}: {error}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// Another session, of this process or another, uses it.
    #[error("the checkpoint {} is in use by another session; every session needs a file of its own", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// It is a directory, a pipe or a device.
    #[error("the checkpoint {} is not a regular file", path.display())]
    NotAFile {
        /// The file.
        path: PathBuf,
    },
    /// What it holds cannot be used. It is safe to start without it: what the platform still holds is offered again.
    #[error("{}: {error}; it is safe to start without it", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: CheckpointError,
    },
    /// It cannot be written.
    #[error("cannot write the checkpoint {}: {error}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
}

impl CheckpointFileError {
    pub(super) fn open(path: &Path, error: io::Error) -> Self {
        Self::Open { path: path.to_path_buf(), error }
    }

    pub(super) fn write(path: &Path, error: io::Error) -> Self {
        Self::Write { path: path.to_path_buf(), error }
    }

    /// What the operating system says, where it is the operating system that refuses.
    #[must_use]
    pub fn io_error(&self) -> Option<&io::Error> {
        match self {
            Self::Open { error, .. } | Self::Write { error, .. } => Some(error),
            _ => None,
        }
    }
}
