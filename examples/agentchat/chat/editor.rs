//! The lines that are typed on a terminal: edited, with a history, and below what comes.

use std::io;

use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{Config, Editor, ExternalPrinter};
use tokio::sync::mpsc;

use super::typed::Line;
use crate::exit::{Code, Exit};
use crate::output::{self, Output};

const PROMPT: &str = "> ";

/// Starts the editor. What is printed and noted from now on stands above the line that is being typed.
pub(super) fn start() -> Result<(Output, mpsc::Receiver<Line>), Exit> {
    let failed = |e: ReadlineError| Exit::new(Code::Transport, format!("the terminal cannot be used: {e}"));
    // Nothing of it is kept on the disk.
    let mut editor = Editor::<(), _>::with_history(Config::builder().build(), MemHistory::new()).map_err(failed)?;
    let mut printer = editor.create_external_printer().map_err(failed)?;
    let mut notes = editor.create_external_printer().map_err(failed)?;
    output::above(move |text| notes.print(text).map_err(io::Error::other));
    let output = Output::to(move || Ok(move |text: &str| printer.print(text.to_owned()).map_err(io::Error::other)));
    let (lines, typed) = mpsc::channel(1);
    std::thread::spawn(move || {
        loop {
            let line = match editor.readline(PROMPT) {
                Ok(line) => line.trim_end().to_owned(),
                // Ctrl-D and Ctrl-C.
                Err(ReadlineError::Eof | ReadlineError::Interrupted) => return,
                Err(error) => {
                    let _ = lines.blocking_send(Err(format!("cannot read the terminal: {error}")));
                    return;
                }
            };
            let _ = editor.add_history_entry(line.as_str());
            if lines.blocking_send(Ok(line)).is_err() {
                return;
            }
        }
    });
    Ok((output, typed))
}
