//! Asking for what was not said: on a terminal, or by lines of standard input.

use std::io::{BufRead, IsTerminal, Read};

use tokio::sync::oneshot;

use crate::exit::Exit;
use crate::output;
use crate::signals::StopSignals;
use crate::terminal::Terminal;

/// Bytes of an answer, at most.
const LONGEST: u64 = 64 * 1024;

/// An argument, or the answer to a question.
pub(super) async fn given_or(argument: Option<String>, question: &str) -> Result<String, Exit> {
    match argument {
        Some(argument) => Ok(argument),
        None => answer(question, false).await,
    }
}

/// The answer to a question that is not shown while it is typed.
pub(super) async fn secret(question: &str) -> Result<String, Exit> {
    answer(question, true).await
}

async fn answer(question: &str, hidden: bool) -> Result<String, Exit> {
    // A signal must not leave the terminal without its echo.
    let mut signals = StopSignals::new();
    let terminal = if std::io::stdin().is_terminal() { Terminal::open() } else { None };
    if let Some(terminal) = &terminal {
        if hidden {
            terminal.hide();
        }
        output::ask(question);
    }
    let (read, line) = oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let outcome = std::io::stdin().lock().take(LONGEST).read_line(&mut line);
        let _ = read.send(outcome.map(|_| line));
    });
    let line = tokio::select! {
        line = line => line,
        () = signals.next() => return Err(Exit::usage(format!("interrupted at the question: {question}"))),
    };
    if hidden && terminal.is_some() {
        output::ask("\n");
    }
    let line = line.map_err(|_| Exit::usage("standard input cannot be read"))?;
    let line = line.map_err(|e| Exit::usage(format!("standard input: {e}")))?;
    match line.trim() {
        "" => Err(Exit::usage(format!("nothing was answered: {question}"))),
        answer => Ok(answer.to_owned()),
    }
}
