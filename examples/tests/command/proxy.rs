//! The environment's proxy.

use std::process::Output;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::run::{AGENTCHAT, platform, program};
use crate::runtimes::RUNTIMES;

/// A proxy that refuses everything; what it was asked first.
async fn refusing() -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://user:hush@{}", listener.local_addr().unwrap());
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        String::from_utf8(head).unwrap()
    });
    (url, asked)
}

/// One attempt at a platform that is nowhere.
async fn call(variables: &[(&str, &str)]) -> Output {
    let local = platform().await;
    let mut call = program(AGENTCHAT, &local, Some("ac_key"));
    call.args(["call", "get_me", r#"{"_max_retries":0}"#, "--base-url", "https://platform.invalid"]);
    let output = call.envs(variables.iter().copied()).output().await.unwrap();
    local.shutdown().await;
    output
}

#[tokio::test]
async fn the_environments_proxy_is_asked_for_a_tunnel_and_given_no_key() {
    let (url, asked) = refusing().await;
    let output = call(&[("HTTPS_PROXY", &url)]).await;
    let head = asked.await.unwrap();
    assert!(head.starts_with("CONNECT platform.invalid:443 HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("Proxy-Authorization: Basic ") && !head.contains("ac_key"), "{head}");
    assert_eq!(output.status.code(), Some(3));
    let said = format!("{output:?}");
    assert!(said.contains("proxy authorization required") && !said.contains("hush"), "{said}");
}

#[tokio::test]
async fn a_variable_that_names_no_proxy_is_wrong_usage_and_not_quoted() {
    for (url, told) in [
        ("http://user:hush@a b", "not the URL of a proxy"),
        ("socks4://user:hush@a", "SOCKS 4"),
        ("http://user:hush@127.0.0.1:80443", "the URL has a port that is not a number"),
    ] {
        let output = call(&[("HTTPS_PROXY", url)]).await;
        assert_eq!(output.status.code(), Some(2));
        let said = format!("{output:?}");
        assert!(said.contains(&format!("the proxy of HTTPS_PROXY: {told}")) && !said.contains("hush"), "{said}");
    }
}

#[tokio::test]
async fn an_exception_that_is_not_understood_is_wrong_usage_and_others_are_reached_directly() {
    let (url, asked) = refusing().await;
    let output = call(&[("HTTPS_PROXY", &url), ("NO_PROXY", "*.corp user:hush@h")]).await;
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let said = format!("{output:?}");
    assert!(said.contains("NO_PROXY: entry 2 is neither a host nor a network") && !said.contains("hush"), "{said}");
    for exceptions in ["*.corp *.invalid", "corp,platform.invalid:443", "platform.*"] {
        let output = call(&[("HTTPS_PROXY", &url), ("NO_PROXY", exceptions)]).await;
        assert_eq!(output.status.code(), Some(3), "{exceptions}");
        assert!(!format!("{output:?}").contains("proxy"), "{exceptions}: {output:?}");
    }
    assert!(!asked.is_finished(), "nobody asked the proxy");
    asked.abort();
}

#[tokio::test]
async fn a_port_that_does_not_fit_is_wrong_usage_and_nothing_is_sent() {
    let local = platform().await;
    for port in ["80443", "65536", "0"] {
        for arguments in [["call", "get_me"], ["listen", "--json"]] {
            let mut agentchat = program(AGENTCHAT, &local, Some("ac_key"));
            agentchat.args(arguments).args(["--base-url", &format!("http://127.0.0.1:{port}")]);
            let output = agentchat.output().await.unwrap();
            assert_eq!(output.status.code(), Some(2), "{output:?}");
            assert!(String::from_utf8_lossy(&output.stderr).contains("has a port that is not a number"), "{output:?}");
        }
    }
    local.shutdown().await;
}

#[tokio::test]
async fn a_session_ends_at_once_where_a_variable_names_no_proxy() {
    for runtime in RUNTIMES {
        let local = platform().await;
        let mut listen = program(AGENTCHAT, &local, Some("ac_key"));
        listen.args(["listen", "--runtime", runtime, "--base-url", "https://platform.invalid"]);
        let output = listen.env("HTTPS_PROXY", "http://user:hush@a b").output().await.unwrap();
        assert_eq!(output.status.code(), Some(2), "{runtime}: {output:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        let end = said.lines().last().unwrap();
        assert!(end.starts_with("agentchat: the proxy of HTTPS_PROXY: not the URL of a proxy"), "{runtime}: {said}");
        assert!(!said.contains("hush"), "{said}");
        local.shutdown().await;
    }
}

#[tokio::test]
async fn exceptions_and_this_machine_are_reached_directly() {
    let (url, asked) = refusing().await;
    let output = call(&[("ALL_PROXY", &url), ("NO_PROXY", "platform.invalid")]).await;
    assert_eq!(output.status.code(), Some(3));
    assert!(!format!("{output:?}").contains("proxy"), "{output:?}");

    let local = platform().await;
    let alice = local.create_agent("alice").unwrap();
    let mut call = program(AGENTCHAT, &local, Some(&alice.api_key));
    call.args(["call", "get_me"]).env("HTTP_PROXY", &url).env("HTTPS_PROXY", &url);
    assert!(call.output().await.unwrap().status.success());
    local.shutdown().await;
    assert!(!asked.is_finished(), "nobody asked the proxy");
    asked.abort();
}
