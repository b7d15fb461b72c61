//! A look-up of the platform's name that hangs: deadlines and signals are obeyed all the same.

#![cfg(all(target_os = "linux", target_env = "gnu"))]

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::Stdio;

use rustix::fs::OFlags;
use serde_json::Value;
use tempfile::{TempDir, tempdir};
use tokio::process::Command;
use tokio::time::{Duration, sleep, timeout};

use crate::run::{AGENTCHAT, platform, program};
use crate::runtimes::RUNTIMES;

/// Without a dot, so that it may be an alias.
const HOST: &str = "platform";

/// Far more than it takes.
const STUCK: Duration = Duration::from_secs(60);

/// A file of host aliases (`HOSTALIASES`) that is a pipe nobody writes to: the resolver of the C library waits for it.
struct Aliases {
    folder: TempDir,
    written: Option<File>,
}

impl Aliases {
    fn new() -> Self {
        let folder = tempdir().unwrap();
        let path = folder.path().join("aliases");
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
        Self { folder, written: None }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("aliases")
    }

    /// Whether somebody waits for what the pipe has to say, which from then on is nothing.
    fn is_read(&mut self) -> bool {
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap();
        // Opens only if it is being read.
        self.written = OpenOptions::new().write(true).custom_flags(flags).open(self.path()).ok();
        self.written.is_some()
    }

    async fn until_read(&mut self) {
        let read = async {
            while !self.is_read() {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(STUCK, read).await.expect("the name is looked up");
    }
}

/// Whether a look-up on this machine hangs at such a file.
async fn hangs_here() -> bool {
    let mut aliases = Aliases::new();
    let mut look_up = Command::new("getent");
    look_up.args(["ahosts", HOST]).env("HOSTALIASES", aliases.path()).stdout(Stdio::null()).kill_on_drop(true);
    let Ok(mut look_up) = look_up.spawn() else { return false };
    loop {
        if aliases.is_read() {
            return true;
        }
        if look_up.try_wait().unwrap().is_some() {
            return false;
        }
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_look_up_that_hangs_holds_up_neither_a_deadline_nor_a_signal() {
    if !hangs_here().await {
        println!("skipped: this machine's look-ups do not ask for aliases");
        return;
    }
    // Only for its environment.
    let other = platform().await;
    let url = format!("https://{HOST}");
    for runtime in RUNTIMES {
        let asking = |aliases: &Aliases, arguments: &[&str]| {
            let mut command = program(AGENTCHAT, &other, Some("ac_key"));
            command.args(arguments).args(["--runtime", runtime, "--base-url", &url]);
            command.env("HOSTALIASES", aliases.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().unwrap()
        };
        let mut aliases = Aliases::new();
        let call = asking(&aliases, &["call", "get_me", r#"{"_deadline_ms":1000}"#]);
        aliases.until_read().await;
        let output = timeout(STUCK, call.wait_with_output()).await.expect("the deadline ends it").unwrap();
        let line: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &line["error"]["kind"]), (Some(3), &Value::from("Connection")), "{line}");

        for signal in ["-TERM", "-INT"] {
            let mut aliases = Aliases::new();
            let listen = asking(&aliases, &["listen", "--json", "--shared"]);
            aliases.until_read().await;
            let id = listen.id().unwrap().to_string();
            assert!(Command::new("kill").args([signal, &id]).status().await.unwrap().success());
            let output = timeout(STUCK, listen.wait_with_output()).await.expect("the signal ends it").unwrap();
            assert_eq!(output.status.code(), Some(0), "{runtime}, {signal}: {output:?}");
        }
    }
    other.shutdown().await;
}
