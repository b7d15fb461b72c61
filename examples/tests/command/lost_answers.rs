//! A server that takes a message and dies: no error says that nothing was sent.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Output;

use serde_json::{Value, json};

use crate::run::{AGENTCHAT, platform, program};

/// Takes one message whole and dies; later connections are refused, or get the given answer.
fn dying(then: Option<&'static str>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (first, _) = listener.accept().unwrap();
        take(&first);
        let Some(answer) = then else {
            drop(listener);
            return drop(first);
        };
        drop(first);
        for next in listener.incoming() {
            let mut next = next.unwrap();
            take(&next);
            next.write_all(answer.as_bytes()).unwrap();
        }
    });
    address
}

/// Reads a request and its body of announced length.
fn take(stream: &TcpStream) {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(announced) = line.to_lowercase().strip_prefix("content-length:") {
            length = announced.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
}

async fn run(server: SocketAddr, arguments: &[&str]) -> Output {
    // Only its environment is needed.
    let unused = platform().await;
    let mut command = program(AGENTCHAT, &unused, Some("ac_key"));
    command.env("AGENTCHAT_BASE_URL", format!("http://{server}")).args(arguments);
    let output = command.output().await.unwrap();
    unused.shutdown().await;
    output
}

const BLOCKED: &str = concat!(
    "HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 33\r\n\r\n",
    r#"{"code":"BLOCKED","message":"no"}"#
);

#[tokio::test]
async fn send_says_that_the_message_may_have_arrived() {
    for (then, code) in [(None, 3), (Some(BLOCKED), 1)] {
        let output = run(dying(then), &["send", "@bob", "hello"]).await;
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert!(told.contains("(an earlier attempt may have arrived)"), "{told}");
        assert!(!told.contains("nothing was sent"), "{told}");
    }
}

#[tokio::test]
async fn call_says_so_in_its_line() {
    let params = json!({"to": "@bob", "content": "hi", "_max_retries": 1}).to_string();
    for (then, kind, code) in [(None, "Connection", 3), (Some(BLOCKED), "Blocked", 1)] {
        let output = run(dying(then), &["call", "send_message", &params]).await;
        let line: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &line["error"]["kind"]), (Some(code), &json!(kind)), "{line}");
        assert_eq!(line["error"]["maybe_executed"], true, "{line}");
    }
    // Where nobody listened from the start, it did not.
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = run(nobody, &["call", "send_message", &params]).await;
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["error"]["maybe_executed"], false, "{line}");
    let message = line["error"]["message"].as_str().unwrap();
    assert!(message.contains(" (nothing was sent): connect: "), "{line}");
}
