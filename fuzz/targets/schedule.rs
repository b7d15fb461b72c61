//! Bytes that choose a schedule of the simulation: which messages are sent, which faults come when, when handlers settle, when the process dies
//! and from which checkpoint it goes on. Its model of the platform and its judge hold the session to every promise.
#![cfg_attr(fuzzing, no_main)]

use agentchat_simulation::{tell_given, try_given};

fn schedule(choices: &[u8]) {
    let Some(violation) = try_given(choices) else { return };
    let account = tell_given(choices);
    panic!("{violation}\n{}{}", account.schedule, account.trace.join("\n"));
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| schedule(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("schedule", schedule);
}
