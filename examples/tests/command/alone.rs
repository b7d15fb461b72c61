//! `agentchat listen` a second time with one key: refused, unless `--shared` says that it is meant.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use crate::run::{AGENTCHAT, Running, program};
use crate::scene::Scene;

#[tokio::test]
async fn a_second_listener_of_a_key_is_refused_until_the_first_is_gone() {
    let scene = Scene::new().await;
    let mut first = scene.bob_listens(&["--json"]);
    first.json("client.caught_up").await;
    let (code, said) = scene.bob_fails_to_listen(&[]).await;
    assert_eq!(code, 2, "{said}");
    let process = format!("process {}", first.child.id().unwrap());
    assert!(said.contains(&process) && said.contains("--shared"), "{said}");
    assert_eq!(scene.platform.open_sockets("bob"), 1);

    // Whose lock it is stands nowhere.
    let locks = Path::new(env!("CARGO_TARGET_TMPDIR")).join("agentchat/locks");
    assert_eq!(std::fs::metadata(&locks).unwrap().permissions().mode() & 0o777, 0o700);
    for lock in std::fs::read_dir(&locks).unwrap() {
        let lock = lock.unwrap();
        let text = std::fs::read_to_string(lock.path()).unwrap_or_default();
        assert!(!text.contains(&scene.bob) && !lock.file_name().to_string_lossy().contains(&scene.bob));
    }

    // Another agent is no business of theirs, and another process is welcome if it says so.
    let mut alice = program(AGENTCHAT, &scene.platform, Some(&scene.alice));
    alice.args(["listen", "--json"]);
    let mut alice = Running::start(alice);
    alice.json("client.caught_up").await;
    let mut shared = scene.bob_listens(&["--json", "--shared"]);
    shared.json("client.caught_up").await;
    assert_eq!(shared.terminate().await, 0);

    first.child.kill().await.unwrap();
    let mut next = scene.bob_listens(&["--json"]);
    next.json("client.caught_up").await;
    assert_eq!(next.terminate().await, 0);
    assert_eq!(alice.terminate().await, 0);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn what_cannot_be_locked_is_an_error_and_shared_does_without() {
    let scene = Scene::new().await;
    let with = |arguments: &[&str]| {
        let mut command = program(AGENTCHAT, &scene.platform, Some(&scene.bob));
        // No directory can be made in a device.
        for name in ["XDG_STATE_HOME", "XDG_RUNTIME_DIR", "TMPDIR"] {
            command.env(name, "/dev/null");
        }
        command.args(arguments).stderr(Stdio::piped());
        command
    };
    let output = with(&["listen"]).output().await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("--shared"), "{said}");
    let mut shared = Running::start(with(&["listen", "--json", "--shared"]));
    shared.json("client.caught_up").await;
    assert_eq!(shared.terminate().await, 0);
    scene.platform.shutdown().await;
}
