//! The handler that is a shell command.

use std::io;
use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Runs `sh -c command` with the object on its standard input; what it prints goes to standard error, because
/// standard output has the messages that were handled.
pub(super) async fn run(command: &str, object: &str) -> io::Result<()> {
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        .stdout(Stdio::from(io::stderr()))
        // Ctrl-C in a terminal is for us: what is in flight may finish.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // A command may succeed without reading all of it, or any.
        let written = input.write_all(format!("{object}\n").as_bytes()).await;
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            return Err(error);
        }
    }
    let status = child.wait().await?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("the command failed: {status}"))) }
}
