//! The file that a session's checkpoint is kept in.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use agentchat_tokio::{Checkpoint, Checkpoints};
use futures_util::StreamExt;

use crate::exit::Exit;
use crate::files::{create_private, unreadable, unwritable};

/// Where checkpoints are stored. A new one replaces the old one at once or not at all.
pub(super) struct CheckpointFile(PathBuf);

impl CheckpointFile {
    /// The file, and what it holds if it exists. It is written back at once, so that one that cannot be written is
    /// known before the first message is.
    pub(super) fn open(path: &Path) -> Result<(Self, Option<Checkpoint>), Exit> {
        let stored = match fs::read_to_string(path) {
            Ok(text) => {
                let read = Checkpoint::from_json(&text);
                Some(read.map_err(|e| Exit::usage(format!("{}: {e}; without it, nothing is lost", path.display())))?)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(unreadable(path, &error)),
        };
        let file = Self(path.to_owned());
        file.store(&stored.clone().unwrap_or_default()).map_err(|e| unwritable(path, &e))?;
        Ok((file, stored))
    }

    /// Stores every checkpoint until the session has ended.
    pub(super) async fn keep(self, mut checkpoints: Checkpoints) {
        let file = std::sync::Arc::new(self);
        let mut failing = false;
        while let Some(checkpoint) = checkpoints.next().await {
            let writer = std::sync::Arc::clone(&file);
            let stored = tokio::task::spawn_blocking(move || writer.store(&checkpoint)).await;
            let problem = stored.map_err(io::Error::other).and_then(|stored| stored).err();
            if let (Some(error), false) = (&problem, failing) {
                // The old one is still good: after a restart more may come twice, and nothing is lost.
                eprintln!("agentchat: the checkpoint cannot be stored: {error}");
            }
            failing = problem.is_some();
        }
    }

    /// Beside it, to the disk, and then in its place: a crash at any time leaves the old one or the new one.
    fn store(&self, checkpoint: &Checkpoint) -> io::Result<()> {
        let beside = self.beside();
        let mut file = create_private(&beside)?;
        file.write_all(checkpoint.to_json().as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, &self.0)?;
        let folder = self.0.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }

    fn beside(&self) -> PathBuf {
        let mut name = self.0.clone().into_os_string();
        name.push(".new");
        name.into()
    }
}
