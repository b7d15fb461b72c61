//! One read buffer a thread.
//!
//! A connection has nothing in it between two reads, and idle ones are many.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_io::AsyncRead;

/// Bytes that are read at once: a TLS record.
pub(crate) const READ: usize = 16 * 1024;

thread_local! {
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Reads at most so many bytes, and no more than [`READ`], and lends them.
pub(crate) fn poll_read<T>(
    stream: Pin<&mut impl AsyncRead>,
    cx: &mut Context<'_>,
    most: usize,
    take: impl FnOnce(&[u8]) -> T,
) -> Poll<io::Result<T>> {
    // Taken out, so that a stream which reads from another connection within this finds none, and makes its own.
    let mut buffer = BUFFER.try_with(Cell::take).unwrap_or_default();
    buffer.resize(READ, 0);
    let polled = stream.poll_read(cx, &mut buffer[..most.min(READ)]).map_ok(|read| take(&buffer[..read]));
    // Fails only while the thread ends, and then nobody reads again.
    let _ = BUFFER.try_with(|kept| kept.set(buffer));
    polled
}
