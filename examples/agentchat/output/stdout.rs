//! Standard output of a session: written by a thread of its own, so that a reader that is slow, or gone, holds up no heartbeat.

use std::io::{self, ErrorKind, Write};
use std::thread;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use super::stream::Stream;

/// Lines that may wait for the reader; then the next one waits as well.
const WAITING: usize = 1_000;

/// How long the end waits for the reader.
const PATIENCE: Duration = Duration::from_secs(1);

/// Prints lines. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    lines: mpsc::Sender<Line>,
    failed: watch::Receiver<Option<ErrorKind>>,
}

/// Room for a line that is not known yet.
#[derive(Debug)]
pub(crate) struct Room(Option<mpsc::OwnedPermit<Line>>);

#[derive(Debug)]
struct Line {
    text: String,
    printed: oneshot::Sender<()>,
}

impl Output {
    pub(crate) fn start() -> Self {
        Self::to(|| {
            let mut out = Stream::stdout()?;
            Ok(move |text: &str| out.write_all(text.as_bytes()))
        })
    }

    /// The same into something else than standard output. It is opened by the thread that writes.
    pub(crate) fn to<W: FnMut(&str) -> io::Result<()>>(open: impl FnOnce() -> io::Result<W> + Send + 'static) -> Self {
        let (lines, mut queue) = mpsc::channel(WAITING);
        let (failing, failed) = watch::channel(None);
        thread::spawn(move || {
            if let Err(error) = open().and_then(|out| write(&mut queue, out)) {
                // A caller that waits for a line learns from the closed queue that it was not printed.
                let _ = failing.send(Some(error.kind()));
            }
        });
        Self { lines, failed }
    }

    /// Prints a line; it is out when this is done.
    pub(crate) async fn print(&self, text: String) -> io::Result<()> {
        self.pass(text + "\n").await
    }

    async fn pass(&self, text: String) -> io::Result<()> {
        let (printed, out) = oneshot::channel();
        let queued = self.lines.send(Line { text, printed }).await.is_ok();
        if queued && out.await.is_ok() { Ok(()) } else { Err(self.error()) }
    }

    /// Waits until a line can be queued, or nothing can be printed any more.
    pub(crate) async fn room(&self) -> Room {
        Room(self.lines.clone().reserve_owned().await.ok())
    }

    /// Queues a line, or leaves it out if the reader is that far behind.
    pub(crate) fn offer(&self, text: String) {
        let _ = self.lines.try_send(Line::unasked(text));
    }

    /// Waits, within reason, until all that was queued is out or lost.
    pub(crate) async fn finish(&self) {
        let _ = timeout(PATIENCE, self.pass(String::new())).await;
    }

    /// Waits until printing has failed.
    pub(crate) async fn broken(&self) {
        let mut failed = self.failed.clone();
        if failed.wait_for(Option::is_some).await.is_err() {
            std::future::pending().await
        }
    }

    /// Why printing failed, if it did.
    pub(crate) fn failure(&self) -> Option<ErrorKind> {
        *self.failed.borrow()
    }

    fn error(&self) -> io::Error {
        self.failure().unwrap_or(ErrorKind::BrokenPipe).into()
    }
}

impl Room {
    /// Queues the line. Whether it can be printed is not waited for.
    pub(crate) fn queue(self, text: String) {
        if let Some(room) = self.0 {
            room.send(Line::unasked(text));
        }
    }
}

impl Line {
    /// One that nobody waits for.
    fn unasked(text: String) -> Self {
        Self { text: text + "\n", printed: oneshot::channel().0 }
    }
}

/// A line whose asker has gone is printed all the same.
fn write(queue: &mut mpsc::Receiver<Line>, mut out: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
    while let Some(line) = queue.blocking_recv() {
        out(&line.text)?;
        let _ = line.printed.send(());
    }
    Ok(())
}
