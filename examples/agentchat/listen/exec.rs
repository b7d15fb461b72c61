//! The handler that is a shell command.

use std::future::pending;
use std::io;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

use crate::output;

/// Makes the ends of commands known. Who ignores SIGCHLD has the kernel forget them, and a process inherits that.
pub(super) fn prepare() -> io::Result<()> {
    signal(SignalKind::child()).map(drop)
}

/// Runs `sh -c command` with the object on its standard input; what it prints goes to standard error, because
/// standard output has the messages that were handled. Its exit status decides.
pub(super) async fn run(command: &str, object: &str) -> Result<(), String> {
    let child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        .stdout(output::for_commands())
        .stderr(output::for_commands())
        // Ctrl-C in a terminal is for us: what is in flight may finish.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|e| format!("sh cannot be run: {e}"))?;
    let mut group = Group(child);
    let input = group.0.stdin.take();
    let feeding = async {
        if let Some(mut input) = input {
            // A command may succeed without reading all of it, or any.
            let _ = input.write_all(format!("{object}\n").as_bytes()).await;
        }
        pending().await
    };
    let status = tokio::select! {
        status = group.0.wait() => status.map_err(|e| format!("the command's end is not known: {e}"))?,
        never = feeding => never,
    };
    if status.success() { Ok(()) } else { Err(format!("the command failed: {status}")) }
}

/// A command with all that it has started.
struct Group(Child);

impl Drop for Group {
    /// One that is given up is asked to end, and so are its children; the shell itself is killed.
    fn drop(&mut self) {
        // Without an id it has ended.
        let id = self.0.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(id) = id {
            let _ = kill_process_group(id, Signal::TERM);
        }
    }
}
