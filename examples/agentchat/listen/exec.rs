//! The handler that is a shell command.

use std::io;
use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

/// Runs `sh -c command` with the object on its standard input; what it prints goes to standard error, because
/// standard output has the messages that were handled.
pub(super) async fn run(command: &str, object: &str) -> io::Result<()> {
    let child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        .stdout(Stdio::from(io::stderr()))
        // Ctrl-C in a terminal is for us: what is in flight may finish.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    let mut group = Group(child);
    if let Some(mut input) = group.0.stdin.take() {
        // A command may succeed without reading all of it, or any.
        let written = input.write_all(format!("{object}\n").as_bytes()).await;
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            return Err(error);
        }
    }
    let status = group.0.wait().await?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("the command failed: {status}"))) }
}

/// A command with all that it has started.
struct Group(Child);

impl Drop for Group {
    /// One that is given up is asked to end, and so are its children; the shell itself is killed.
    fn drop(&mut self) {
        // Without an id it has ended.
        if let Some(id) = self.0.id() {
            let _ = std::process::Command::new("kill").args(["-TERM", "--", &format!("-{id}")]).status();
        }
    }
}
