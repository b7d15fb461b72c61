//! Downloads.

use std::io::{self, Write};
use std::net::TcpStream;
use std::pin::Pin;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use agentchat_tokio::Download;
use futures_util::future::{join_all, select};
use futures_util::io::AsyncWrite;

use crate::peers::{self, PEERS, flood, read_head};
use crate::{CONNECTION, client, held, runtime};

/// Downloads that have something to write.
static WRITING: AtomicUsize = AtomicUsize::new(0);

/// A disk that is in no hurry: it takes nothing.
struct Stuck(bool);

impl AsyncWrite for Stuck {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        if !std::mem::replace(&mut self.0, true) {
            WRITING.fetch_add(1, Ordering::Relaxed);
        }
        Poll::Pending
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Where the file is, and then the file, which has no end.
fn store(stream: &mut TcpStream, _: &Barrier) -> io::Result<()> {
    let asked = read_head(stream)?;
    let host = asked.lines().find_map(|line| line.strip_prefix("host: ")).ok_or(io::ErrorKind::InvalidData)?;
    let there = format!("HTTP/1.1 302 Found\r\nlocation: http://{host}/f?signature=x\r\ncontent-length: 0\r\n\r\n");
    stream.write_all(there.as_bytes())?;
    read_head(stream)?;
    stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")?;
    flood(stream, &b"1\r\nx\r\n".repeat(10_000))
}

/// The connection is read as fast as the file is written.
#[test]
fn files_that_come_faster_than_they_are_written() {
    let address = peers::start(store);
    let (peak, _) = held(|| {
        let client = client(address);
        runtime().block_on(async {
            let downloads = join_all((0..PEERS).map(|_| client.download(Download::new("att_1"), Stuck(false))));
            let all_write = Box::pin(async {
                while WRITING.load(Ordering::Relaxed) < PEERS {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                // Megabytes would come, were they read.
                tokio::time::sleep(Duration::from_millis(300)).await;
            });
            select(Box::pin(downloads), all_write).await;
        });
    });
    assert_eq!(WRITING.load(Ordering::Relaxed), PEERS, "all have begun");
    assert!(peak <= CONNECTION, "{peak} bytes are held of a file that is not written");
}
