//! Alice writes, and a program is the agent.

use std::time::Duration;

use agentchat_local::LocalPlatform;
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};
use tokio::process::Command;

use crate::run::{Running, call, platform, program};

pub(crate) struct Stage {
    pub(crate) platform: LocalPlatform,
    pub(crate) alice: String,
    pub(crate) agent: String,
    /// Where the program runs.
    pub(crate) folder: TempDir,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let platform = platform().await;
        let [alice, agent] = ["alice", "agent"].map(|handle| platform.create_agent(handle).unwrap().api_key);
        Self { platform, alice, agent, folder: tempdir().unwrap() }
    }

    pub(crate) fn command(&self, path: &str, arguments: &[&str]) -> Command {
        let mut command = program(path, &self.platform, Some(&self.agent));
        command.current_dir(self.folder.path()).args(arguments);
        command
    }

    /// A program that is connected.
    pub(crate) async fn run(&self, path: &str, arguments: &[&str]) -> Running {
        let running = Running::start(self.command(path, arguments));
        until(async || self.platform.open_sockets("agent") == 1).await;
        running
    }

    /// A call that succeeds; its data.
    pub(crate) async fn call(&self, key: &str, method: &str, params: Value) -> Value {
        let (code, answer) = call(&self.platform, Some(key), method, params).await;
        assert_eq!(code, 0, "{answer}");
        answer["data"].clone()
    }

    /// What the agent has said there, the newest first.
    pub(crate) async fn answers(&self, conversation: &Value) -> Vec<Value> {
        let history = self.call(&self.alice, "get_messages", json!({"conversation_id": conversation})).await;
        let said = history.as_array().unwrap().iter().filter(|row| row["sender"] == "agent");
        said.filter(|row| row["type"] != "system").map(|row| row["content"]["text"].clone()).collect()
    }
}

pub(crate) async fn until(mut holds: impl AsyncFnMut() -> bool) {
    while !holds().await {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
