//! What can be wrong with a checkpoint's file.

use std::io;
use std::path::{Path, PathBuf};

use agentchat_engine::realtime::CheckpointError;

/// Why a [`CheckpointFile`](super::CheckpointFile) cannot be used. Each names the file; why is in its
/// [`source`](std::error::Error::source).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointFileError {
    /// It cannot be opened, created, read or locked.
    #[error("cannot open the checkpoint {}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
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
    #[error("the checkpoint {} cannot be used; it is safe to start without it", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: CheckpointError,
    },
    /// It cannot be written.
    #[error("cannot write the checkpoint {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

impl CheckpointFileError {
    pub(super) fn open(path: &Path, source: io::Error) -> Self {
        Self::Open { path: path.to_path_buf(), source }
    }

    pub(super) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_path_buf(), source }
    }

    /// What the operating system says, where it is the operating system that refuses.
    #[must_use]
    pub fn io_error(&self) -> Option<&io::Error> {
        match self {
            Self::Open { source, .. } | Self::Write { source, .. } => Some(source),
            _ => None,
        }
    }
}
