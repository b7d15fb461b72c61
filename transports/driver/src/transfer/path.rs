//! Files of this machine, read and written by a thread pool that belongs to no runtime (`blocking`, which smol and async-std
//! stand on as well). A file system can take its time, and no executor should wait for it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use agentchat_engine::TransferError;
use agentchat_engine::transfer::Received;
use blocking::{Unblock, unblock};
use futures_util::AsyncWriteExt;
use tempfile::NamedTempFile;

use super::{CHUNK, Download, Source};
use crate::{Client, Transport};

impl Source for PathBuf {
    type Reader = Unblock<File>;

    async fn open(&self) -> io::Result<Self::Reader> {
        self.as_path().open().await
    }

    fn name(&self) -> Option<String> {
        self.as_path().name()
    }
}

impl Source for &Path {
    type Reader = Unblock<File>;

    async fn open(&self) -> io::Result<Self::Reader> {
        let path = self.to_path_buf();
        let file = unblock(move || {
            // Before it is opened: a pipe would wait for its other end, and could be read only once.
            if !fs::metadata(&path)?.is_file() {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
            }
            File::open(path)
        });
        let file = file.await?;
        Ok(Unblock::with_capacity(CHUNK, file))
    }

    fn name(&self) -> Option<String> {
        Some(self.file_name()?.to_string_lossy().into_owned())
    }
}

impl<T: Transport> Client<T> {
    /// Downloads an attachment to a file. It appears under its name once it is whole and its checksum is right, in place of
    /// what was there; until then, and if the download fails or is dropped, there is nothing. Only you can read it.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Download, Transport, engine::TransferError};
    /// # async fn example<T: Transport>(client: Client<T>) -> Result<(), TransferError> {
    /// let file = client.download_to(Download::new("att_1"), "report.pdf").await?;
    /// println!("{} bytes, {:?}", file.file.size, file.content_type);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`download`](Self::download).
    pub async fn download_to(&self, download: Download, path: impl AsRef<Path>) -> Result<Received, TransferError> {
        let path = path.as_ref().to_path_buf();
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
            _ => PathBuf::from("."),
        };
        let (file, part) =
            unblock(move || Ok(NamedTempFile::new_in(folder)?.into_parts())).await.map_err(TransferError::writing)?;
        let mut file = Unblock::with_capacity(CHUNK, file);
        let received = self.download(download, &mut file).await?;
        file.flush().await.map_err(TransferError::writing)?;
        let file = file.into_inner().await;
        // On the disk before it has its name: a machine that fails in between must not leave an empty file in place of the
        // old one. A file that is open cannot be given its name everywhere.
        unblock(move || file.sync_all().map(|()| drop(file))).await.map_err(TransferError::writing)?;
        unblock(move || part.persist(path)).await.map_err(|error| TransferError::writing(error.error))?;
        Ok(received)
    }
}
