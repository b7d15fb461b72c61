//! `-v`, `--quiet` and RUST_LOG: what the client's libraries say of their work.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;

use crate::arguments::Talk;
use crate::exit::Exit;
use crate::output;

/// Starts the log that was asked for, if one was: the options win over the environment.
pub(crate) fn start(talk: Talk) -> Result<(), Exit> {
    if talk.quiet {
        output::be_quiet();
        return Ok(());
    }
    let directives = match talk.verbose {
        0 => match std::env::var("RUST_LOG").ok().filter(|directives| !directives.is_empty()) {
            Some(directives) => directives,
            None => return Ok(()),
        },
        // All crates of this project begin like that.
        1 => "agentchat=info".to_owned(),
        2 => "agentchat=debug".to_owned(),
        _ => "agentchat=trace".to_owned(),
    };
    let filter = EnvFilter::builder().parse(directives).map_err(|e| Exit::usage(format!("RUST_LOG: {e}")))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(Line::default);
    log.try_init().map_err(|e| Exit::usage(format!("the log cannot be started: {e}")))
}

/// One line, said when it is whole.
#[derive(Debug, Default)]
struct Line(Vec<u8>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        output::log(&String::from_utf8_lossy(&self.0));
    }
}
