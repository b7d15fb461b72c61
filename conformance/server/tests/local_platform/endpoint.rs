//! An endpoint for webhooks that gives the answers it was given, and remembers what it got.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::client::PATIENCE;

/// A delivery.
#[derive(Debug)]
pub(crate) struct Call {
    headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Call {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
    }

    /// Checks both signatures, as far as possible without the code that made them.
    pub(crate) fn verify(&self, secret: &str) {
        let signature = |message: &[u8]| {
            let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
            let bytes = mac.chain_update(message).finalize().into_bytes();
            hex::encode(bytes)
        };
        assert_eq!(self.header("x-agentchat-signature"), signature(&self.body));
        let timed = self.header("agentchat-signature");
        let (time, digest) = timed.split_once(",v1=").expect("two parts");
        let time = time.strip_prefix("t=").expect("a time");
        assert_eq!(digest, signature(&[time.as_bytes(), b".", self.body.as_slice()].concat()));
    }
}

/// A listener on a port of its own.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    calls: mpsc::UnboundedReceiver<Call>,
}

impl Endpoint {
    /// Answers one delivery after the other with these statuses, and then no more.
    pub(crate) async fn start(statuses: &[u16]) -> Endpoint {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook?x=1", listener.local_addr().expect("an address"));
        let (sender, calls) = mpsc::unbounded_channel();
        let statuses = statuses.to_vec();
        tokio::spawn(async move {
            for status in statuses {
                let (connection, _) = listener.accept().await.expect("a connection");
                if sender.send(answer(connection, status).await).is_err() {
                    return;
                }
            }
        });
        Endpoint { url, calls }
    }

    pub(crate) async fn call(&mut self) -> Call {
        timeout(PATIENCE, self.calls.recv()).await.expect("a call in time").expect("the endpoint is still there")
    }

    /// Deliveries that have come in and were not looked at.
    pub(crate) fn waiting(&self) -> usize {
        self.calls.len()
    }
}

async fn answer(mut connection: TcpStream, status: u16) -> Call {
    let mut bytes = Vec::new();
    let (head, body_at) = loop {
        connection.read_buf(&mut bytes).await.expect("read");
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break (String::from_utf8(bytes[..end].to_vec()).expect("UTF-8"), end + 4);
        }
    };
    assert!(head.starts_with("POST /hook?x=1 HTTP/1.1\r\n"), "{head}");
    let headers: BTreeMap<String, String> = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers["content-length"].parse().expect("a length");
    while bytes.len() < body_at + length {
        connection.read_buf(&mut bytes).await.expect("read");
    }
    let answer = format!("HTTP/1.1 {status} Whatever\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n");
    connection.write_all(answer.as_bytes()).await.expect("write");
    Call { headers, body: bytes[body_at..].to_vec() }
}
