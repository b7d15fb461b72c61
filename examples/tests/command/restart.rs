//! `listen` while the platform's process is killed, and another one takes its place.

use std::net::SocketAddr;

use agentchat_local::LocalPlatform;
use serde_json::json;

use crate::door::{Door, bound};
use crate::run::{AGENTCHAT, Running, platform, program};
use crate::scene::TempFile;
use crate::serve_local::ask;

/// A platform in a process of its own.
struct Served {
    process: Running,
    address: SocketAddr,
    control: String,
}

impl Served {
    async fn start(environment: &LocalPlatform, port: u16) -> Self {
        let mut serve = program(AGENTCHAT, environment, None);
        serve.args(["serve-local", "--control", "--port", &port.to_string()]);
        let mut process = Running::start(serve);
        let address = |line: String| line.rsplit_once("http://").unwrap().1.to_owned();
        let (address, control) = (address(process.line().await), address(process.line().await));
        Self { process, address: address.parse().unwrap(), control }
    }

    /// The key of a new agent.
    async fn agent(&self, handle: &str) -> String {
        let agent = ask(&self.control, "POST", "/agents", &json!({ "handle": handle })).await;
        agent["api_key"].as_str().unwrap().to_owned()
    }
}

/// It knows nobody any more: the listener has another key now, and finds it in the file.
#[tokio::test]
async fn a_platform_that_was_killed_and_started_anew_is_found_again() {
    // Only for its environment.
    let other = platform().await;
    let kept = bound(([127, 0, 0, 1], 0).into());
    let port = kept.local_addr().unwrap().port();
    let says = async |platform: &Served, key: &str, text: &str| {
        let mut send = program(AGENTCHAT, &other, Some(key));
        send.args(["send", "@bob", text, "--base-url", &format!("http://{}", platform.address)]);
        assert!(send.output().await.unwrap().status.success());
    };

    let mut first = Served::start(&other, port).await;
    let (alice, bob) = (first.agent("alice").await, first.agent("bob").await);
    let [key, checkpoint] = [TempFile::with("restart-key", &bob), TempFile::new("restart-checkpoint")];
    let mut door = Door::to(first.address);
    let mut listen = program(AGENTCHAT, &other, None);
    listen.args(["listen", "--json", "--reconnect-base-ms", "10", "--reconnect-max-ms", "100"]);
    listen.args(["--base-url", &door.url(), "--api-key-file", key.path(), "--checkpoint", checkpoint.path()]);
    let mut listening = Running::start(listen);
    says(&first, &alice, "one").await;
    assert_eq!(listening.json("message.new").await["payload"]["content"]["text"], "one");

    first.process.child.kill().await.unwrap();
    listening.json("client.disconnected").await;
    door.shut().await;
    let second = Served::start(&other, port).await;
    let (alice, bob) = (second.agent("alice").await, second.agent("bob").await);
    says(&second, &alice, "two").await;
    std::fs::write(&key.0, bob).unwrap();
    door.open();
    assert_eq!(listening.json("message.new").await["payload"]["content"]["text"], "two");
    assert_eq!(listening.terminate().await, 0);
    assert_eq!(second.process.terminate().await, 0);
    other.shutdown().await;
}
