//! Bytes that choose what happens to a session in a world that means ill: frames, answers, faults, time, settlements, sends,
//! questions, closes, checkpoints and deaths of the process, in any order. What it is held to is in `agentchat_fuzz::session`.
#![cfg_attr(fuzzing, no_main)]

use agentchat_fuzz::Choices;
use agentchat_fuzz::session::Driven;

fn session(data: &[u8]) {
    let mut choices = Choices::new(data);
    let mut driven = Driven::new(&mut choices);
    while !choices.is_spent() {
        driven.step(&mut choices);
    }
    driven.finish();
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| session(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("session", session);
}
