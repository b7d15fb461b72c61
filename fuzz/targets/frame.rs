//! Any sequence of text frames, one a line, at a live session: it must neither panic nor spin nor stop.
#![cfg_attr(fuzzing, no_main)]

use agentchat_fuzz::Live;

fn frame(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let mut live = Live::start(None);
    text.lines().for_each(|line| live.text(line));
    (0..8).for_each(|_| live.time_out());
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| frame(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("frame", frame);
}
