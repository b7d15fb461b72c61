//! Alice writes, bob listens.

use std::path::PathBuf;

use agentchat_local::LocalPlatform;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::run::{AGENTCHAT, Running, agentchat, call, platform, program};

pub(crate) struct Scene {
    pub(crate) platform: LocalPlatform,
    pub(crate) alice: String,
    pub(crate) bob: String,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let platform = platform().await;
        let [alice, bob] = ["alice", "bob"].map(|handle| platform.create_agent(handle).unwrap().api_key);
        Self { platform, alice, bob }
    }

    pub(crate) async fn alice_says(&self, text: &str) {
        let (code, said) =
            call(&self.platform, Some(&self.alice), "send_message", json!({"to": "bob", "content": text})).await;
        assert_eq!(code, 0, "{said}");
    }

    pub(crate) fn bob_listens(&self, arguments: &[&str]) -> Running {
        let mut command = program(AGENTCHAT, &self.platform, Some(&self.bob));
        command.args(["listen", "--reconnect-base-ms", "10"]).args(arguments);
        Running::start(command)
    }

    /// A listener that a shell starts after a preparation of its own, as in `trap '' HUP` or `exec 2>&-`.
    pub(crate) fn bob_listens_after(&self, preparation: &str, arguments: &[&str]) -> Command {
        let mut command = program("sh", &self.platform, Some(&self.bob));
        command.args(["-c", &format!(r#"{preparation}; exec "$0" listen --reconnect-base-ms 10 "$@""#), AGENTCHAT]);
        command.args(arguments);
        command
    }

    /// A listener that ends by itself: its exit code, and what it said on standard error.
    pub(crate) async fn bob_fails_to_listen(&self, arguments: &[&str]) -> (i32, String) {
        let output = agentchat(&self.platform, Some(&self.bob), &[&["listen"], arguments].concat()).await;
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    /// Another key for bob, in exchange for the present one, which is dead from now on.
    pub(crate) async fn bob_rotates(&self, key: &str) -> String {
        let (_, pending) = call(&self.platform, Some(key), "rotate_key", json!({"handle": "bob"})).await;
        let pending = &pending["data"]["pending_id"];
        let code = self.platform.one_time_code(pending.as_str().unwrap()).unwrap();
        let verify = json!({"handle": "bob", "pending_id": pending, "code": code});
        let (code, rotated) = call(&self.platform, Some(key), "rotate_key_verify", verify).await;
        assert_eq!(code, 0, "{rotated}");
        rotated["data"]["api_key"].as_str().unwrap().to_owned()
    }

    /// Waits until everything that was sent to bob is acked.
    pub(crate) async fn settled(&self) {
        while self.platform.undelivered("bob") > 0 {
            tokio::task::yield_now().await;
        }
    }
}

/// A group of the first agent's with the others in it; its id. What happened in it until then is known to all.
pub(crate) async fn group(platform: &LocalPlatform, creator: &str, others: &[&str]) -> Value {
    let (code, created) = call(platform, Some(creator), "create_group", json!({"name": "the group"})).await;
    assert_eq!(code, 0, "{created}");
    let id = created["data"]["group"]["id"].clone();
    for key in others {
        let (_, me) = call(platform, Some(key), "get_me", json!({})).await;
        let invited = json!({"group_id": id, "handle": me["data"]["handle"]});
        assert_eq!(call(platform, Some(creator), "add_group_member", invited).await.0, 0);
        accept_invites(platform, key).await;
    }
    id
}

/// Joins every group that one is invited to, if one has to be asked.
pub(crate) async fn accept_invites(platform: &LocalPlatform, key: &str) {
    let (_, invites) = call(platform, Some(key), "list_group_invites", json!({})).await;
    for invite in invites["data"].as_array().unwrap() {
        let accepted = call(platform, Some(key), "accept_group_invite", json!({"invite_id": invite["id"]})).await;
        assert_eq!(accepted.0, 0, "{}", accepted.1);
    }
}

/// A path for a file of this test, which is removed in the end.
pub(crate) struct TempFile(pub(crate) PathBuf);

impl TempFile {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("agentchat-{name}-{}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        Self(path)
    }

    pub(crate) fn with(name: &str, content: &str) -> Self {
        let file = Self::new(name);
        std::fs::write(&file.0, content).unwrap();
        file
    }

    pub(crate) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    pub(crate) fn text(&self) -> String {
        std::fs::read_to_string(&self.0).unwrap()
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
