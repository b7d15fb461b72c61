//! The lines that are typed, where no terminal is: read by a thread that the end of the program does not wait for.

use std::io::BufRead;

use tokio::sync::mpsc;

/// A line that was typed, or why typing ended.
pub(super) type Line = Result<String, String>;

pub(super) fn from_stdin() -> mpsc::Receiver<Line> {
    let (lines, typed) = mpsc::channel(1);
    std::thread::spawn(move || {
        let mut input = std::io::stdin().lock();
        loop {
            let mut line = Vec::new();
            let (line, last) = match input.read_until(b'\n', &mut line) {
                Ok(0) => return,
                Ok(_) => (text(line), false),
                Err(error) => (Err(format!("cannot read standard input: {error}")), true),
            };
            if lines.blocking_send(line).is_err() || last {
                return;
            }
        }
    });
    typed
}

fn text(line: Vec<u8>) -> Line {
    let line = String::from_utf8(line).map_err(|_| "the line is not UTF-8 text")?;
    Ok(line.trim_end().to_owned())
}
