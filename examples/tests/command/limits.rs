//! Files that are not what they should be: without an end, far too large, or pipes that nobody writes to.

use std::fs::File;
use std::process::{Command, Stdio};

use serde_json::json;
use tempfile::tempdir;
use tokio::io::AsyncWriteExt;

use crate::run::{AGENTCHAT, agentchat, call, program};
use crate::scene::{Scene, TempFile};

#[tokio::test]
async fn files_are_limited_before_they_are_read() {
    let scene = Scene::new().await;
    let folder = tempdir().unwrap();
    let [sparse, pipe, zeros] =
        ["sparse.png", "pipe.png", "zeros.png"].map(|name| folder.path().join(name).to_str().unwrap().to_owned());
    File::create(&sparse).unwrap().set_len(1 << 30).unwrap();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", &zeros).unwrap();
    let (sparse, pipe, zeros) = (sparse.as_str(), pipe.as_str(), zeros.as_str());
    for (arguments, named) in [
        (&["listen", "--checkpoint", sparse][..], sparse),
        (&["listen", "--checkpoint", "/dev/zero"], "/dev/zero"),
        (&["listen", "--checkpoint", pipe], pipe),
        (&["listen", "--checkpoint", "/"], "/"),
        (&["listen", "--record", "/"], "/"),
        (&["call", "get_me", "--api-key-file", sparse], sparse),
        (&["call", "get_me", "--api-key-file", "/dev/zero"], "/dev/zero"),
        (&["verify-webhook", "--signature", "s", "--secret-file", sparse], sparse),
        (&["verify-webhook", "--signature", "s", "--secret-file", "/dev/zero"], "/dev/zero"),
        (&["listen", "--forward-to", "http://127.0.0.1:1/", "--secret-file", "/dev/zero"], "/dev/zero"),
        (&["send", "@alice", "--file", zeros], zeros),
        (&["send", "@alice", "--file", pipe], pipe),
        (&["replay", sparse], sparse),
        (&["replay", "/dev/zero"], "/dev/zero"),
    ] {
        let output = agentchat(&scene.platform, Some(&scene.bob), arguments).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(named) && output.stdout.is_empty(), "{arguments:?}: {said}");
    }
    let output = agentchat(&scene.platform, Some(&scene.bob), &["send", "@alice", "--file", sparse]).await;
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_key_may_come_through_a_pipe_and_begin_with_a_byte_order_mark() {
    let scene = Scene::new().await;
    let mut command = program(AGENTCHAT, &scene.platform, None);
    command.args(["call", "get_me", "--api-key-file", "/dev/stdin"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("\u{feff}{}\r\n", scene.bob).as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    let me = call(&scene.platform, Some(&scene.bob), "get_me", json!({})).await;
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()["data"], me.1["data"]);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn standard_input_without_an_end_is_refused() {
    let scene = Scene::new().await;
    let secret = TempFile::with("secret", &"5".repeat(64));
    let verify = ["verify-webhook", "--signature", "s", "--secret-file", secret.path()];
    for arguments in [&["call", "get_me", "-"][..], &["send", "@alice", "-"], &verify] {
        let mut command = program(AGENTCHAT, &scene.platform, Some(&scene.bob));
        command.args(arguments).stdin(File::open("/dev/zero").unwrap());
        let output = command.output().await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("standard input"), "{said}");
    }
    scene.platform.shutdown().await;
}
