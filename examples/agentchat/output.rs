//! Standard output. For a session it is written by a thread of its own: a reader that is slow, or gone, holds up no heartbeat.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::mpsc;
use std::thread;

use tokio::sync::{oneshot, watch};

use crate::exit::{Code, Exit};

/// Prints a result's line. A reader that has seen enough, as `head` has, is no failure.
pub(crate) fn say(line: impl Display) -> Result<(), Exit> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Exit::new(Code::Transport, format!("cannot print: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints lines. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    lines: mpsc::Sender<Line>,
    failed: watch::Receiver<Option<io::ErrorKind>>,
}

#[derive(Debug)]
struct Line {
    text: String,
    printed: oneshot::Sender<()>,
}

impl Output {
    pub(crate) fn start() -> Self {
        let (lines, queue) = mpsc::channel();
        let (failing, failed) = watch::channel(None);
        thread::spawn(move || {
            if let Err(error) = write(&queue) {
                // Whoever waits for a line learns from the closed queue that it was not printed.
                let _ = failing.send(Some(error.kind()));
            }
        });
        Self { lines, failed }
    }

    /// Prints a line; it is out when this is done.
    pub(crate) async fn print(&self, text: String) -> io::Result<()> {
        let (printed, out) = oneshot::channel();
        let queued = self.lines.send(Line { text, printed }).is_ok();
        if queued && out.await.is_ok() { Ok(()) } else { Err(self.error()) }
    }

    /// Waits until printing has failed.
    pub(crate) async fn broken(&self) {
        let mut failed = self.failed.clone();
        if failed.wait_for(Option::is_some).await.is_err() {
            std::future::pending().await
        }
    }

    /// Why printing failed, if it did.
    pub(crate) fn failure(&self) -> Option<io::ErrorKind> {
        *self.failed.borrow()
    }

    fn error(&self) -> io::Error {
        self.failure().unwrap_or(io::ErrorKind::BrokenPipe).into()
    }
}

/// What is there together is flushed together.
fn write(queue: &mpsc::Receiver<Line>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    while let Ok(line) = queue.recv() {
        let mut waiting = Vec::new();
        for line in std::iter::once(line).chain(queue.try_iter()) {
            writeln!(out, "{}", line.text)?;
            waiting.push(line.printed);
        }
        out.flush()?;
        // A line whose asker has gone is printed all the same.
        for printed in waiting {
            let _ = printed.send(());
        }
    }
    Ok(())
}
