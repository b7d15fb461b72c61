//! `agentchat replay`: a recording against this version of the engine.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use agentchat_tokio::engine::recording::{ReplayError, Replayed, Replayer};
use serde_json::json;

use crate::arguments::Replay;
use crate::exit::{Code, Exit};
use crate::files::unreadable;
use crate::output::{say, say_json};

/// More than the longest line that a recorder writes: the largest answer, each byte of it escaped.
const LONGEST_LINE: u64 = 256 * 1024 * 1024;

pub(crate) fn run(arguments: &Replay) -> Result<Code, Exit> {
    let path = &arguments.file;
    let outcome = match replay(path)? {
        Ok(replayed) => Ok(replayed),
        Err(different @ ReplayError::Different(_)) => Err(different.to_string()),
        Err(unusable) => return Err(Exit::usage(format!("{}: {unusable}", path.display()))),
    };
    if arguments.json {
        say_json(match &outcome {
            Ok(Replayed { inputs, outputs, truncated, .. }) => {
                json!({"ok": true, "inputs": inputs, "outputs": outputs, "truncated": truncated})
            }
            Err(different) => json!({"ok": false, "difference": different}),
        })?;
    } else {
        match &outcome {
            Ok(replayed) => {
                let cut = if replayed.truncated { "; its last line breaks off and was left out" } else { "" };
                say(format_args!("no difference in {} inputs and {} outputs{cut}", replayed.inputs, replayed.outputs))?;
            }
            Err(different) => say(different)?,
        }
    }
    Ok(if outcome.is_ok() { Code::Ok } else { Code::Api })
}

/// The file is read line by line, because a recording can be longer than memory.
fn replay(path: &Path) -> Result<Result<Replayed, ReplayError>, Exit> {
    let mut file = BufReader::new(File::open(path).map_err(|e| unreadable(path, &e))?);
    let mut next = || -> Result<Vec<u8>, Exit> {
        let failed = |e| unreadable(path, &e);
        let mut line = Vec::new();
        // What does not begin like a line is not read to its end.
        if file.fill_buf().map_err(failed)?.first().is_some_and(|first| *first != b'{' && !first.is_ascii_whitespace())
        {
            return Err(Exit::usage(format!("{} is not a recording, or not only one", path.display())));
        }
        let read = (&mut file).take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(failed)?;
        if read as u64 == LONGEST_LINE {
            return Err(Exit::usage(format!("{} has a line that is longer than a recorder writes", path.display())));
        }
        Ok(line)
    };
    let mut replayer = match Replayer::new(&String::from_utf8_lossy(&next()?)) {
        Ok(replayer) => replayer,
        Err(error) => return Ok(Err(error)),
    };
    loop {
        let line = next()?;
        if line.is_empty() {
            return Ok(Ok(replayer.replayed()));
        }
        if let Err(error) = replayer.line(&line) {
            return Ok(Err(error));
        }
    }
}
