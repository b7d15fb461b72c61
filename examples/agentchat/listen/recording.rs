//! The file that a session is recorded in: written by a thread of its own, so that a slow disk holds up nothing.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::thread;
use std::time::Duration;

use agentchat_driver::Client;
use agentchat_tokio::{RecordingOf, RecordingSink, Transport};

use crate::exit::Exit;
use crate::files::new_recording;
use crate::output::note;

/// Lines that may wait for the disk before the recording is given up.
const WAITING: usize = 10_000;

/// How long the end waits for the disk.
const PATIENCE: Duration = Duration::from_secs(5);

enum Order {
    Line(String),
    Flush(Sender<()>),
}

/// A recording that is being written.
pub(super) struct Recording(SyncSender<Order>);

impl Recording {
    /// Creates the file; a recording that is there already is kept under another name.
    pub(super) fn create(path: &Path) -> Result<Self, Exit> {
        let file = new_recording(path)?;
        let (orders, queue) = sync_channel(WAITING);
        let name = path.display().to_string();
        thread::spawn(move || {
            if let Err(error) = write(BufWriter::new(file), &queue) {
                note(format_args!("the recording {name} ends early: {error}"));
            }
        });
        Ok(Self(orders))
    }

    /// The client with its session recorded here.
    pub(super) fn of<T: Transport>(&self, client: &Client<T>) -> Client<T> {
        let orders = self.0.clone();
        client.with_recordings(move |what| matches!(what, RecordingOf::Session).then(|| sink(orders.clone())))
    }

    /// Waits until all that was recorded is in the file.
    pub(super) fn finish(self) {
        let (written, wait) = channel();
        if self.0.send(Order::Flush(written)).is_ok() {
            let _ = wait.recv_timeout(PATIENCE);
        }
    }
}

fn sink(orders: SyncSender<Order>) -> RecordingSink {
    Box::new(move |line| match orders.try_send(Order::Line(line.to_owned())) {
        Ok(()) => Ok(()),
        Err(TrySendError::Full(_)) => {
            note("the recording ends early: the disk is too slow for it");
            Err(io::ErrorKind::WouldBlock.into())
        }
        // The thread has said why.
        Err(TrySendError::Disconnected(_)) => Err(io::ErrorKind::BrokenPipe.into()),
    })
}

fn write(mut file: impl Write, queue: &Receiver<Order>) -> io::Result<()> {
    while let Ok(order) = queue.recv() {
        for order in std::iter::once(order).chain(queue.try_iter()) {
            match order {
                Order::Line(line) => file.write_all(line.as_bytes())?,
                Order::Flush(written) => {
                    file.flush()?;
                    let _ = written.send(());
                }
            }
        }
        // Nothing more is waiting: a crash from here on costs nothing that was recorded.
        file.flush()?;
    }
    Ok(())
}
