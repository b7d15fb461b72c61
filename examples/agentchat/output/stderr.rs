//! Standard error: written by a thread of its own, because its reader may be slow, stuck or gone.

use std::fmt::Display;
use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use super::stream::Stream;
use crate::printable::printable_note;

/// Notes that may wait for the reader; the rest is counted.
const WAITING: usize = 1_000;

/// How long the end waits for the reader.
const PATIENCE: Duration = Duration::from_secs(1);

static NOTES: OnceLock<Notes> = OnceLock::new();

struct Notes {
    orders: SyncSender<Order>,
    left_out: AtomicUsize,
}

enum Order {
    Note(String),
    Flush(Sender<()>),
}

/// Says something on standard error. It does not wait, and does not fail.
pub(crate) fn note(text: impl Display) {
    let notes = NOTES.get_or_init(Notes::start);
    if notes.orders.try_send(Order::Note(format!("agentchat: {}\n", printable_note(&text.to_string())))).is_err() {
        notes.left_out.fetch_add(1, Ordering::Relaxed);
    }
}

/// Waits, within reason, until all notes so far are out.
pub(crate) fn say_notes() {
    let Some(notes) = NOTES.get() else { return };
    let (said, wait) = channel();
    // A queue that is full has a reader that is stuck.
    if notes.orders.try_send(Order::Flush(said)).is_ok() {
        let _ = wait.recv_timeout(PATIENCE);
    }
}

impl Notes {
    fn start() -> Self {
        let (orders, queue) = sync_channel(WAITING);
        thread::spawn(move || write(&queue));
        Self { orders, left_out: AtomicUsize::new(0) }
    }
}

fn write(queue: &Receiver<Order>) {
    // Without it there is nowhere to say so.
    let Ok(mut out) = Stream::stderr() else { return };
    for order in queue {
        // A note that cannot be written is lost; the next one is tried all the same.
        match order {
            Order::Note(text) => drop(out.write_all(text.as_bytes())),
            Order::Flush(said) => drop(said.send(())),
        }
        let left_out = NOTES.get().map_or(0, |notes| notes.left_out.swap(0, Ordering::Relaxed));
        if left_out > 0 {
            let text = format!("agentchat: {left_out} notes were left out, because nobody read them in time\n");
            let _ = out.write_all(text.as_bytes());
        }
    }
}
