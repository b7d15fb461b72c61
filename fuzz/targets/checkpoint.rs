//! Any checkpoint: refused, or read and written again without loss, and a session goes on from it. The first line is the
//! checkpoint; the others are frames, or rows of the drain if they are arrays.
#![cfg_attr(fuzzing, no_main)]

use agentchat_engine::realtime::Checkpoint;
use agentchat_fuzz::Live;

fn checkpoint(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let (stored, rest) = text.split_once('\n').unwrap_or((text, ""));
    let checkpoint = match Checkpoint::from_json(stored) {
        Ok(checkpoint) => checkpoint,
        Err(error) => return drop((error.to_string(), format!("{error:?}"))),
    };
    let again = Checkpoint::from_json(&checkpoint.to_json());
    assert_eq!(again.as_ref(), Ok(&checkpoint), "what was read can be written and read");
    resume(checkpoint, rest);
}

/// A session that goes on from it neither panics nor spins nor stops, and its own checkpoint can be read.
fn resume(checkpoint: Checkpoint, rest: &str) {
    let mut live = Live::start(Some(checkpoint));
    for line in rest.lines() {
        if !(line.starts_with('[') && live.answer(line)) {
            live.text(line);
        }
    }
    (0..8).for_each(|_| live.time_out());
    let stored = live.checkpoint().to_json();
    let read = Checkpoint::from_json(&stored).expect("what a session stores can be read");
    assert_eq!(read.to_json(), stored);
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| checkpoint(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("checkpoint", checkpoint);
}
