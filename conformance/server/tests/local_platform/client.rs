//! A caller of the REST API in a few lines of HTTP/1.1, so that no HTTP library stands between a test and the wire.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use agentchat_local::{Account, LocalPlatform, Settings};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// Long enough that only a hang runs into it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// Checks the status of a success and returns its body.
    #[track_caller]
    pub(crate) fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        self.json()
    }

    /// Checks status and code of a refusal and returns its body.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> Value {
        let body = self.json();
        assert_eq!((self.status, body["code"].as_str()), (status, Some(code)), "{self:?}");
        assert!(body["message"].is_string());
        body
    }
}

/// Sends one request on a connection of its own.
pub(crate) async fn request(
    platform: &LocalPlatform,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl AsRef<[u8]>,
) -> Reply {
    exchange(platform.addr(), method, path, headers, body).await
}

/// The same, to any address.
pub(crate) async fn exchange(
    addr: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl AsRef<[u8]>,
) -> Reply {
    let body = body.as_ref();
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("content-length: {}\r\n\r\n", body.len());
    let mut connection = TcpStream::connect(addr).await.expect("connect");
    connection.write_all(&[head.as_bytes(), body].concat()).await.expect("write");
    let mut answer = Vec::new();
    timeout(PATIENCE, connection.read_to_end(&mut answer)).await.expect("an answer in time").expect("read");
    parse(&answer)
}

fn parse(answer: &[u8]) -> Reply {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let head = str::from_utf8(&answer[..end]).expect("UTF-8");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(": "));
    Reply {
        status: status.expect("a status"),
        headers: headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect(),
        body: answer[end + 4..].to_vec(),
    }
}

/// An agent of a platform, with its key.
#[derive(Clone, Debug)]
pub(crate) struct Agent {
    pub(crate) platform: LocalPlatform,
    pub(crate) account: Account,
}

impl Agent {
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Reply {
        let bearer = format!("Bearer {}", self.account.api_key);
        let headers = [&[("authorization", bearer.as_str())], headers].concat();
        request(&self.platform, method, path, &headers, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call("GET", path, &[], "").await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.call("POST", path, &[], &body.to_string()).await
    }

    pub(crate) async fn patch_self(&self, body: Value) -> Reply {
        self.patch(&format!("/v1/agents/{}", self.account.handle), body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        self.call("PATCH", path, &[], body.to_string()).await
    }

    pub(crate) async fn put(&self, path: &str, body: impl AsRef<[u8]>) -> Reply {
        self.call("PUT", path, &[], body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.call("DELETE", path, &[], "").await
    }

    /// Sends a text under a `client_msg_id` that is the text itself.
    pub(crate) async fn send(&self, to: &str, text: &str) -> Reply {
        self.post("/v1/messages", json!({ "to": to, "client_msg_id": text, "content": { "text": text } })).await
    }

    /// The texts that wait for this agent.
    pub(crate) async fn backlog(&self) -> Vec<String> {
        texts(&self.get("/v1/messages/sync").await.ok(200))
    }
}

/// The texts of a list of messages.
pub(crate) fn texts(rows: &Value) -> Vec<String> {
    let rows = rows.as_array().expect("an array");
    rows.iter().map(|row| row["content"]["text"].as_str().expect("a text").to_owned()).collect()
}

pub(crate) async fn start(settings: Settings) -> LocalPlatform {
    LocalPlatform::start(settings).await.expect("a free port")
}

pub(crate) fn agent(platform: &LocalPlatform, handle: &str) -> Agent {
    Agent { platform: platform.clone(), account: platform.create_agent(handle).expect("a new handle") }
}

/// Alice and Bob, who may write to each other as they like.
pub(crate) async fn alice_and_bob(settings: Settings) -> (LocalPlatform, Agent, Agent) {
    let platform = start(settings.awaiting_reply(false)).await;
    let (alice, bob) = (agent(&platform, "alice"), agent(&platform, "bob"));
    (platform, alice, bob)
}

/// Alice, Bob, and messages for Bob with these texts.
pub(crate) async fn backlog_of(count: usize, settings: Settings) -> (LocalPlatform, Agent, Agent, Vec<String>) {
    let (platform, alice, bob) = alice_and_bob(settings).await;
    let sent: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
    for text in &sent {
        alice.send("bob", text).await.ok(201);
    }
    (platform, alice, bob, sent)
}

/// Waits for what a frame on a socket will bring about.
pub(crate) async fn until(condition: impl Fn() -> bool) {
    let met = async {
        while !condition() {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(PATIENCE, met).await.expect("the condition is met in time");
}
