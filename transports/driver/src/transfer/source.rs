//! Where an upload's bytes come from.

use std::future::Future;
use std::io;

use agentchat_engine::TransferError;
use agentchat_engine::transfer::{Fingerprint, Fingerprinter};
use bytes::{Bytes, BytesMut};
use futures_io::AsyncRead;
use futures_lite::future::yield_now;
use futures_util::AsyncReadExt;
use futures_util::io::Cursor;

use super::CHUNK;

/// A file that can be read from its start more than once: to take its checksum, and for each attempt to send it. That is
/// what makes a retry safe; a reader that is used up by the first attempt could not be one.
///
/// Implemented for paths ([`Path`](std::path::Path), [`PathBuf`](std::path::PathBuf)), read in the background by a thread
/// pool that needs no runtime, and for [`Bytes`].
///
/// ```
/// use agentchat_driver::Source;
/// use futures_util::io::Cursor;
/// use std::io;
///
/// /// What a program makes up as it goes.
/// struct Report;
///
/// impl Source for Report {
///     type Reader = Cursor<String>;
///
///     async fn open(&self) -> io::Result<Self::Reader> {
///         Ok(Cursor::new("all is well\n".repeat(1_000)))
///     }
///
///     fn name(&self) -> Option<String> {
///         Some("report.txt".into())
///     }
/// }
/// ```
pub trait Source {
    /// Reads the file once.
    type Reader: AsyncRead + Unpin;

    /// Begins at the start of the file. Every reading must bring the same bytes.
    ///
    /// # Errors
    /// If it cannot be read.
    fn open(&self) -> impl Future<Output = io::Result<Self::Reader>>;

    /// The file's name, if it has one.
    fn name(&self) -> Option<String> {
        None
    }
}

impl Source for Bytes {
    type Reader = Cursor<Self>;

    async fn open(&self) -> io::Result<Self::Reader> {
        Ok(Cursor::new(self.clone()))
    }
}

/// The next bytes of a file; none at its end.
pub(super) async fn read(reader: &mut (impl AsyncRead + Unpin)) -> Result<Bytes, TransferError> {
    let mut chunk = BytesMut::zeroed(CHUNK);
    let length = reader.read(&mut chunk).await.map_err(TransferError::reading)?;
    chunk.truncate(length);
    Ok(chunk.freeze())
}

/// Reads a file once, for what is announced of it.
pub(super) async fn fingerprint<S: Source>(source: &S) -> Result<Fingerprint, TransferError> {
    let mut reader = source.open().await.map_err(TransferError::reading)?;
    let mut file = Fingerprinter::new();
    loop {
        let chunk = read(&mut reader).await?;
        if chunk.is_empty() {
            return Ok(file.finish());
        }
        file.announce(&chunk)?;
        // A reader that is always ready would keep the executor from all else.
        yield_now().await;
    }
}
