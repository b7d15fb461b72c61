//! The programs to copy from.

use std::io::BufRead;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::run::{Running, call, platform, program};

#[tokio::test]
async fn an_agent_registers() {
    let platform = platform().await;
    let mut codes = platform.codes();
    let mut child = program(env!("CARGO_BIN_EXE_register_agent"), &platform, None)
        .args(["a@example.com", "alice"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let issued = codes.recv().await.unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(format!("{}\n", issued.code).as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    let key = String::from_utf8(output.stdout).unwrap();
    let (code, me) = call(&platform, Some(key.trim()), "get_me", json!({})).await;
    assert_eq!((code, &me["data"]["handle"]), (0, &json!("alice")));
    platform.shutdown().await;
}

#[tokio::test]
async fn an_echo_comes_back() {
    let platform = platform().await;
    let [alice, echo] = ["alice", "echo-agent"].map(|handle| platform.create_agent(handle).unwrap());
    let _agent = program(env!("CARGO_BIN_EXE_echo_agent"), &platform, Some(&echo.api_key)).spawn().unwrap();
    let mut send = program(env!("CARGO_BIN_EXE_send_message"), &platform, Some(&alice.api_key));
    let sent = send.args(["@echo-agent", "hello?"]).output().await.unwrap();
    assert!(sent.status.success(), "{sent:?}");
    let mut pull = program(env!("CARGO_BIN_EXE_pull_deliveries"), &platform, Some(&alice.api_key));
    pull.arg("1");
    let mut pull = Running::start(pull);
    assert_eq!(pull.line().await, "@echo-agent: hello?");
    assert!(pull.child.wait().await.unwrap().success());
    assert_eq!(platform.undelivered("alice"), 0);
    platform.shutdown().await;
}

#[tokio::test]
async fn a_list_is_read_to_its_end() {
    let platform = platform().await;
    let alice = platform.create_agent("alice").unwrap();
    for handle in ["crab-a", "crab-b", "crab-c"] {
        platform.create_agent(handle).unwrap();
        call(&platform, Some(&alice.api_key), "add_contact", json!({"handle": handle})).await;
    }
    for (arguments, handles) in [
        (&["--page-size", "2"][..], &["crab-a", "crab-b", "crab-c"][..]),
        (&["crab", "--page-size", "1", "--max", "2"], &["crab-a", "crab-b"]),
        (&["lobster"], &[]),
    ] {
        let mut read = program(env!("CARGO_BIN_EXE_read_list"), &platform, Some(&alice.api_key));
        let output = read.args(arguments).output().await.unwrap();
        assert!(output.status.success(), "{output:?}");
        let rows = output.stdout.lines().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
        assert!(rows.map(|row| row["handle"].clone()).eq(handles.iter().copied()), "{arguments:?}");
    }
    platform.shutdown().await;
}

/// Two agents without a runtime: one with an executor of its own, one with a loop of its own. Both answer over a cut socket too.
#[tokio::test]
async fn agents_without_a_runtime_answer() {
    for program_path in [env!("CARGO_BIN_EXE_custom_executor"), env!("CARGO_BIN_EXE_blocking_poll_loop")] {
        let platform = platform().await;
        let [alice, agent] = ["alice", "agent"].map(|handle| platform.create_agent(handle).unwrap());
        let said = |text: &'static str| {
            let mut send = program(env!("CARGO_BIN_EXE_send_message"), &platform, Some(&alice.api_key));
            async move { assert!(send.args(["@agent", text]).output().await.unwrap().status.success()) }
        };
        said("stored before").await;
        let mut command = program(program_path, &platform, Some(&agent.api_key));
        command.arg("3");
        let mut agent = Running::start(command);
        assert_eq!(agent.line().await, "@alice: stored before");
        said("live").await;
        assert_eq!(agent.line().await, "@alice: live");
        platform.cut_sockets("agent");
        said("after the cut").await;
        assert_eq!(agent.line().await, "@alice: after the cut");
        assert!(agent.child.wait().await.unwrap().success());
        assert_eq!(platform.undelivered("agent"), 0);
        let mut pull = program(env!("CARGO_BIN_EXE_pull_deliveries"), &platform, Some(&alice.api_key));
        pull.arg("3");
        let mut pull = Running::start(pull);
        for text in ["stored before", "live", "after the cut"] {
            assert_eq!(pull.line().await, format!("@agent: {text}"));
        }
        platform.shutdown().await;
    }
}

#[tokio::test]
async fn an_address_that_is_set_but_empty_is_not_set() {
    let platform = platform().await;
    let alice = platform.create_agent("alice").unwrap();
    let mut send = program(env!("CARGO_BIN_EXE_send_message"), &platform, Some(&alice.api_key));
    // To the real platform, which a proxy that is not there keeps it from.
    send.env("AGENTCHAT_BASE_URL", "").env("HTTPS_PROXY", "http://127.0.0.1:1").args(["@bob", "hi"]);
    let output = send.output().await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("proxy") && !said.contains("base URL"), "{said}");
    platform.shutdown().await;
}
