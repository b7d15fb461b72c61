//! Standard error: written by a thread of its own, because its reader may be slow, stuck or gone.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use super::stream::Stream;
use crate::printable::printable_note;

/// Notes that may wait for the reader; the rest is counted.
const WAITING: usize = 1_000;

/// How long the end waits for the reader.
const PATIENCE: Duration = Duration::from_secs(1);

static NOTES: OnceLock<Notes> = OnceLock::new();

static QUIET: AtomicBool = AtomicBool::new(false);

struct Notes {
    orders: SyncSender<Order>,
    left_out: AtomicUsize,
}

enum Order {
    Note(String),
    Flush(Sender<()>),
}

/// Where notes go while a line is being typed: above it.
type Above = Box<dyn FnMut(String) -> io::Result<()> + Send>;

static ABOVE: Mutex<Option<Above>> = Mutex::new(None);

/// Prints all later notes with this function.
pub(crate) fn above(print: impl FnMut(String) -> io::Result<()> + Send + 'static) {
    *ABOVE.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(print));
}

/// From now on nothing is being typed any more; what was, ends.
pub(crate) fn below() {
    if ABOVE.lock().unwrap_or_else(PoisonError::into_inner).take().is_some() {
        ask("\r\n");
    }
}

/// Suppresses all later notes; complaints and questions are still printed.
pub(crate) fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

pub(crate) fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Says something on standard error. It does not wait, and does not fail.
pub(crate) fn note(text: impl Display) {
    if !is_quiet() {
        complain(text);
    }
}

/// Says why the command fails.
pub(crate) fn complain(text: impl Display) {
    queue(format!("agentchat: {}\n", printable_note(&text.to_string())));
}

/// A line of the log.
pub(crate) fn log(line: &str) {
    queue(printable_note(line.trim_end()) + "\n");
}

/// A question, whose answer may stand in the same line.
pub(crate) fn ask(question: &str) {
    queue(question.to_owned());
}

fn queue(text: String) {
    let notes = NOTES.get_or_init(Notes::start);
    if notes.orders.try_send(Order::Note(text)).is_err() {
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
            Order::Note(text) => match ABOVE.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                Some(above) => drop(above(text)),
                None => drop(out.write_all(text.as_bytes())),
            },
            Order::Flush(said) => drop(said.send(())),
        }
        let left_out = NOTES.get().map_or(0, |notes| notes.left_out.swap(0, Ordering::Relaxed));
        if left_out > 0 {
            let text = format!("agentchat: {left_out} notes were left out, because nobody read them in time\n");
            let _ = out.write_all(text.as_bytes());
        }
    }
}
