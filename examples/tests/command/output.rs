//! Standard output and standard error that nobody reads, or that cannot take any more.

use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::process::Stdio;

use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::time::{Duration, sleep, timeout};

use crate::run::{AGENTCHAT, Running, call, platform, program};
use crate::scene::{Scene, TempFile};

/// A pipe whose reader has gone.
fn unread() -> PipeWriter {
    pipe().unwrap().1
}

/// A pipe with a reader that does not read, and with no room left.
fn stuck() -> (PipeReader, PipeWriter) {
    let (reader, mut writer) = pipe().unwrap();
    rustix::io::ioctl_fionbio(&writer, true).unwrap();
    while writer.write(&[b'.'; 4096]).is_ok() {}
    while writer.write(b".").is_ok() {}
    rustix::io::ioctl_fionbio(&writer, false).unwrap();
    (reader, writer)
}

#[tokio::test]
async fn nobody_reading_standard_error_changes_nothing() {
    let scene = Scene::new().await;
    let ended = program(AGENTCHAT, &scene.platform, None).args(["call", "nosuch"]).stderr(unread()).status().await;
    assert_eq!(ended.unwrap().code(), Some(2));

    let (_reader, writer) = stuck();
    for stderr in [unread(), writer] {
        let file = TempFile::new("unread-stderr");
        // Fails at first; and it prints, which is not for it to fail at.
        let script = format!("[ -e {0} ] && exec echo handled; : > {0}; exit 1", file.path());
        // A command that prints to a pipe that is full would wait for its reader, and does so rightly.
        let script = format!("exec 1>/dev/null; {script}");
        let mut listen = scene.bob_listens_after("true", &["--json", "--exec", &script]);
        listen.stderr(stderr);
        let mut bob = Running::start(listen);
        scene.alice_says("hi").await;
        bob.json("message.new").await;
        scene.settled().await;
        assert_eq!(bob.terminate().await, 0);
    }

    let mut listen = scene.bob_listens_after("true", &["--json", "--exec", "echo handled; echo handled >&2"]);
    listen.stderr(unread());
    let mut bob = Running::start(listen);
    scene.alice_says("hi").await;
    bob.json("message.new").await;
    scene.settled().await;
    assert_eq!(bob.terminate().await, 0);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_served_platform_needs_no_reader() {
    let other = platform().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let mut serve = program(AGENTCHAT, &other, None);
    // What dies does so at once.
    serve.env("RUST_BACKTRACE", "0");
    let mut serve = serve.args(["serve-local", "--port", &port]).stdout(unread()).stderr(unread()).spawn().unwrap();
    let url = format!("http://127.0.0.1:{port}");
    // Its first attempts may come too early; the code that is issued is printed to nobody.
    for handle in ["alice", "bob"] {
        let params = json!({"email": format!("{handle}@example.com"), "handle": handle}).to_string();
        let mut register = program(AGENTCHAT, &other, None);
        register.args(["call", "register", &params, "--base-url", &url]).stdout(Stdio::null()).stderr(Stdio::null());
        while !register.status().await.unwrap().success() {
            assert_eq!(serve.try_wait().unwrap(), None);
            sleep(Duration::from_millis(50)).await;
        }
    }
    assert_eq!(serve.try_wait().unwrap(), None);
    let id = serve.id().unwrap().to_string();
    assert!(program("kill", &other, None).args(["-TERM", &id]).status().await.unwrap().success());
    assert_eq!(serve.wait().await.unwrap().code(), Some(0));
    other.shutdown().await;
}

#[tokio::test]
async fn with_a_handler_nobody_reading_standard_output_changes_nothing() {
    let scene = Scene::new().await;
    let full = || Stdio::from(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    for (stdout, why) in [(Stdio::from(unread()), "broken pipe"), (full(), "no storage space")] {
        let mut listen = scene.bob_listens_after("true", &["--exec", "true"]);
        let mut child = listen.stdout(stdout).stderr(Stdio::piped()).spawn().unwrap();
        for text in ["one", "two", "three"] {
            scene.alice_says(text).await;
            scene.settled().await;
        }
        let id = child.id().unwrap().to_string();
        assert!(program("kill", &scene.platform, None).args(["-TERM", &id]).status().await.unwrap().success());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).await.unwrap();
        assert_eq!(said.matches(why).count(), 1, "{said}");
        let code = child.wait().await.unwrap().code();
        assert_eq!(code, Some(if why == "broken pipe" { 0 } else { 5 }), "{said}");
    }
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn what_cannot_be_printed_is_not_acked_and_a_full_disk_is_reported() {
    let scene = Scene::new().await;
    scene.alice_says("unheard").await;
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut listen = scene.bob_listens_after("true", &["--json"]);
    let listen = listen.stdout(full()).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().await.unwrap();
    let said = String::from_utf8(listen.stderr).unwrap();
    assert!(listen.status.code() == Some(5) && said.contains("cannot print: no storage space"), "{said}");
    assert_eq!(scene.platform.undelivered("bob"), 1);
    let mut list = program(AGENTCHAT, &scene.platform, None);
    assert_eq!(list.args(["call", "--list"]).stdout(full()).status().await.unwrap().code(), Some(5));
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_reader_that_is_stuck_holds_up_no_end() {
    let scene = Scene::new().await;
    let (_reader, writer) = stuck();
    let mut listen = scene.bob_listens_after("true", &["--json"]);
    let mut child = listen.stdout(writer).spawn().unwrap();
    scene.alice_says("unheard").await;
    while scene.platform.open_sockets("bob") == 0 {
        tokio::task::yield_now().await;
    }
    let id = child.id().unwrap().to_string();
    assert!(program("kill", &scene.platform, None).args(["-TERM", &id]).status().await.unwrap().success());
    let ended = timeout(Duration::from_secs(60), child.wait()).await.expect("it ends");
    assert_eq!(ended.unwrap().code(), Some(0));
    assert_eq!(scene.platform.undelivered("bob"), 1);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_pipe_that_another_program_made_non_blocking_is_waited_for() {
    let platform = platform().await;
    let (mut reader, writer) = stuck();
    rustix::io::ioctl_fionbio(&writer, true).unwrap();
    let mut list = program(AGENTCHAT, &platform, None);
    let mut child = list.args(["call", "--list"]).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
    drop(list);
    sleep(Duration::from_millis(300)).await;
    let mut printed = String::new();
    let printed = tokio::task::spawn_blocking(move || reader.read_to_string(&mut printed).map(|_| printed));
    let printed = printed.await.unwrap().unwrap();
    assert!(printed.contains("send_message\n") && printed.ends_with('\n'));
    assert_eq!(child.wait().await.unwrap().code(), Some(0));
    platform.shutdown().await;
}

#[tokio::test]
async fn without_json_messages_are_results_and_the_rest_is_not() {
    let scene = Scene::new().await;
    scene.alice_says("hi").await;
    let mut listen = scene.bob_listens_after("true", &["--count", "1"]);
    let output = listen.output().await.unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(out.lines().count() == 1 && out.ends_with("@alice: hi\n"), "{out}");
    assert!(err.contains("agentchat: connected\n"), "{err}");
    assert_eq!(output.status.code(), Some(0));
    scene.settled().await;
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_count_of_messages_ends_the_session_and_leaves_the_others() {
    let scene = Scene::new().await;
    let carol = scene.platform.create_agent("carol").unwrap().api_key;
    for text in ["one", "two", "three"] {
        scene.alice_says(text).await;
    }
    assert_eq!(call(&scene.platform, Some(&carol), "send_message", json!({"to": "bob", "content": "hi"})).await.0, 0);
    let file = TempFile::new("count");
    // One that fails is not counted.
    let script = format!("[ -e {0} ] && exit 0; : > {0}; exit 1", file.path());
    let mut listen = scene.bob_listens_after("true", &["--json", "--exec", &script, "--count", "2"]);
    let output = listen.output().await.unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!((output.status.code(), out.matches("message.new").count()), (Some(0), 2), "{out}");
    assert_eq!(scene.platform.undelivered("bob"), 2);
    scene.platform.shutdown().await;
}
