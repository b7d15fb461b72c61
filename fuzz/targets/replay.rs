//! Any file as a recording: it replays, differs somewhere, or is no recording; and how it is cut into lines is no matter.
#![cfg_attr(fuzzing, no_main)]

use agentchat_engine::recording::{Replayer, replay as replay_all};

fn replay(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let whole = replay_all(text);
    if let Err(error) = &whole {
        let _ = (error.to_string(), format!("{error:?}"));
    }
    let mut lines = text.split_inclusive('\n');
    let line_by_line = Replayer::new(lines.next().unwrap_or_default()).and_then(|mut replayer| {
        for line in lines {
            // Blank lines are no lines.
            replayer.line(b" \n")?;
            replayer.line(line.as_bytes())?;
        }
        Ok(replayer.replayed())
    });
    assert_eq!(whole.ok(), line_by_line.ok());
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| replay(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("replay", replay);
}
