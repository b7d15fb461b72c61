//! All that the command prints. Results go to standard output, everything else to standard error, and nobody's reading
//! either changes what happens.

mod stderr;
mod stdout;
mod stream;

pub(crate) use stderr::{above, ask, be_quiet, below, complain, is_quiet, log, note, say_notes};
pub(crate) use stdout::Output;

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::process::Stdio;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::exit::{Code, Exit};
use crate::printable::{one_line, printable_lines};
use stream::Stream;

/// Prints a result's line. A reader that has seen enough, as `head` has, is no failure.
pub(crate) fn say(line: impl Display) -> Result<(), Exit> {
    print(printable_lines(&line.to_string()))
}

/// The same for a result that is JSON.
pub(crate) fn say_json(json: impl Display) -> Result<(), Exit> {
    print(one_line(&json.to_string()))
}

/// Prints what this command wrote itself, as it is.
pub(crate) fn say_whole(text: &[u8]) -> Result<(), Exit> {
    match Stream::stdout().and_then(|mut out| out.write_all(text)) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(unprintable(error)),
        _ => Ok(()),
    }
}

/// Standard output, for what is not lines.
pub(crate) fn stdout() -> Result<impl Write, Exit> {
    Stream::stdout().map_err(unprintable)
}

fn print(mut line: String) -> Result<(), Exit> {
    // In one piece, so that lines of several processes do not mix.
    line.push('\n');
    say_whole(line.as_bytes())
}

/// Where a command of the user's may print: to standard error, or nowhere if nobody reads that any more, because whether
/// somebody does is not for the command to fail at.
pub(crate) fn for_commands() -> Stdio {
    let stderr = io::stderr();
    let mut asked = [PollFd::new(&stderr, PollFlags::empty())];
    let closed = poll(&mut asked, Some(&Timespec::default())).is_ok() && asked[0].revents().contains(PollFlags::ERR);
    if closed { Stdio::null() } else { stderr.into() }
}

/// Whether there was no standard output from the beginning.
pub(crate) fn is_closed() -> bool {
    Stream::stdout().and_then(|out| out.was_closed()).unwrap_or(false)
}

/// Why a result is lost.
pub(crate) fn unprintable(error: impl Display) -> Exit {
    Exit::new(Code::Files, format!("cannot print: {error}"))
}
