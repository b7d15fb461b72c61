//! Running one of the crate's programs.

use std::process::{Output, Stdio};

use agentchat_local::{LocalPlatform, Settings};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

pub(crate) const AGENTCHAT: &str = env!("CARGO_BIN_EXE_agentchat");

/// A platform without the rule that a stranger has to reply before a second message.
pub(crate) async fn platform() -> LocalPlatform {
    LocalPlatform::start(Settings::default().awaiting_reply(false)).await.unwrap()
}

/// A program with nothing of this process's AgentChat environment, and no proxy.
pub(crate) fn program(path: &str, platform: &LocalPlatform, key: Option<&str>) -> Command {
    // The tests may be run with signals ignored, as by nohup and in a shell's background, and programs inherit that.
    let mut command = Command::new("env");
    command.args(["--default-signal", path]);
    command.env_remove("AGENTCHAT_API_KEY").env_remove("AGENTCHAT_RUNTIME");
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    // Locks of this test's agents are no business of the home directory.
    command.env("XDG_STATE_HOME", env!("CARGO_TARGET_TMPDIR"));
    // Nor are the profiles of whoever runs the tests.
    command.env("XDG_CONFIG_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/config"));
    command.env_remove("AGENTCHAT_PROFILE").env_remove("RUST_LOG");
    command.env("AGENTCHAT_BASE_URL", platform.base_url());
    if let Some(key) = key {
        command.env("AGENTCHAT_API_KEY", key);
    }
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Runs `agentchat` to its end.
pub(crate) async fn agentchat(platform: &LocalPlatform, key: Option<&str>, arguments: &[&str]) -> Output {
    program(AGENTCHAT, platform, key).args(arguments).output().await.unwrap()
}

/// Runs `agentchat call`; the exit code and the JSON line.
pub(crate) async fn call(platform: &LocalPlatform, key: Option<&str>, method: &str, params: Value) -> (i32, Value) {
    let output = agentchat(platform, key, &["call", method, &params.to_string()]).await;
    let line = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), serde_json::from_str(&line).unwrap_or(Value::Null))
}

/// A program that runs on, read line by line.
pub(crate) struct Running {
    pub(crate) child: Child,
    lines: Option<Lines<BufReader<ChildStdout>>>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines: Some(lines) }
    }

    pub(crate) async fn line(&mut self) -> String {
        let lines = self.lines.as_mut().expect("it is being read");
        lines.next_line().await.unwrap().expect("another line")
    }

    /// The next line of this type, as JSON.
    pub(crate) async fn json(&mut self, kind: &str) -> Value {
        loop {
            let line: Value = serde_json::from_str(&self.line().await).expect("every line is one JSON object");
            if line["type"] == kind {
                return line;
            }
        }
    }

    /// What is printed from now on, for somebody else to read.
    pub(crate) fn lines(&mut self) -> Lines<BufReader<ChildStdout>> {
        self.lines.take().expect("it is being read")
    }

    /// Closes the reading end of its standard output.
    pub(crate) fn stop_reading(&mut self) {
        self.lines = None;
    }

    /// Sends SIGTERM and waits for the end.
    pub(crate) async fn terminate(mut self) -> i32 {
        self.signal("-TERM").await;
        self.child.wait().await.unwrap().code().unwrap()
    }

    /// Sends SIGINT, as Ctrl-C does, and waits for the end.
    pub(crate) async fn interrupt(mut self) -> i32 {
        self.signal("-INT").await;
        self.child.wait().await.unwrap().code().unwrap()
    }

    /// Sends SIGTERM and waits for the end; also what was printed and not read yet.
    pub(crate) async fn terminate_and_read(mut self) -> (i32, Vec<String>) {
        self.signal("-TERM").await;
        let mut lines = Vec::new();
        while let Some(line) = self.lines.as_mut().expect("it is being read").next_line().await.unwrap() {
            lines.push(line);
        }
        (self.child.wait().await.unwrap().code().unwrap(), lines)
    }

    pub(crate) async fn signal(&self, signal: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().await.unwrap().success());
    }
}
