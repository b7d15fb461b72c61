//! Signals, and what a process inherits: masks, ignored signals and closed descriptors.

use std::process::Stdio;

use tokio::process::Command;
use tokio::time::{Duration, sleep};

use crate::run::{AGENTCHAT, Running, program};
use crate::scene::{Scene, TempFile};

/// A handler that begins a file, and ends when it is gone; then it notes so in another.
fn busy(name: &str) -> (TempFile, TempFile, String) {
    let [running, ended] = ["running", "ended"].map(|part| TempFile::new(&format!("{name}-{part}")));
    let script =
        format!(": > {0}; while [ -e {0} ]; do sleep 0.01; done; echo ended >> {1}", running.path(), ended.path());
    (running, ended, script)
}

async fn exists(file: &TempFile) {
    while !file.0.exists() {
        tokio::task::yield_now().await;
    }
}

/// A signal, or several at once, to the whole process group, as a terminal sends it. What is in flight finishes, is acked,
/// and is handled once.
#[tokio::test]
async fn whatever_asks_it_to_end_lets_what_is_in_flight_finish() {
    for (number, signals) in [&["HUP"][..], &["INT"], &["TERM"], &["TERM", "HUP"], &["TERM", "TERM"]].iter().enumerate()
    {
        let scene = Scene::new().await;
        let (running, ended, script) = busy(&format!("signal-{number}"));
        let mut listen = scene.bob_listens_after("true", &["--exec", &script]);
        listen.process_group(0).stderr(Stdio::null());
        let mut bob = Running::start(listen);
        scene.alice_says("slow").await;
        exists(&running).await;
        let group = format!("-{}", bob.child.id().unwrap());
        for signal in *signals {
            let sent = Command::new("kill").args([&format!("-{signal}"), "--", &group]).status().await.unwrap();
            assert!(sent.success());
            // Not taken for one by their receiver.
            sleep(Duration::from_millis(100)).await;
        }
        std::fs::remove_file(&running.0).unwrap();
        assert_eq!(bob.child.wait().await.unwrap().code(), Some(0), "{signals:?}");
        assert_eq!(ended.text(), "ended\n", "{signals:?}");
        assert_eq!(scene.platform.undelivered("bob"), 0, "{signals:?}: it was acked before the end");
        scene.platform.shutdown().await;
    }
}

#[tokio::test]
async fn one_who_started_it_to_outlive_the_terminal_has_it_so() {
    let scene = Scene::new().await;
    let mut bob = Running::start(scene.bob_listens_after("trap '' HUP", &["--json"]));
    bob.json("client.caught_up").await;
    bob.signal("-HUP").await;
    scene.alice_says("after the terminal").await;
    bob.json("message.new").await;
    scene.settled().await;
    assert_eq!(bob.terminate().await, 0);
    scene.platform.shutdown().await;
}

/// The kernel forgets the children of a process that ignores SIGCHLD.
#[tokio::test]
async fn commands_are_waited_for_by_one_who_inherited_not_to() {
    let scene = Scene::new().await;
    // Shells do not hand that on.
    let mut listen = program("env", &scene.platform, Some(&scene.bob));
    listen.args(["--ignore-signal=CHLD", AGENTCHAT, "listen", "--json", "--exec", "exit $(grep -c fails)"]);
    listen.stderr(Stdio::piped());
    let mut bob = Running::start(listen);
    scene.alice_says("hi").await;
    bob.json("message.new").await;
    scene.settled().await;
    scene.alice_says("one that fails").await;
    let mut said = tokio::io::BufReader::new(bob.child.stderr.take().unwrap());
    // The first failure that is reported: what succeeded was known to have succeeded.
    let mut line = String::new();
    tokio::io::AsyncBufReadExt::read_line(&mut said, &mut line).await.unwrap();
    assert!(line.contains("exit status: 1"), "{line}");
    assert_eq!(bob.terminate().await, 0);
    assert_eq!(scene.platform.undelivered("bob"), 1);
    scene.platform.shutdown().await;
}

/// Nothing that is opened later may become a standard stream, or what is printed would be written into it.
#[tokio::test]
async fn closed_descriptors_are_nobody_elses() {
    let scene = Scene::new().await;
    let file = TempFile::new("closed-checkpoint");
    let script = "echo to stdout; echo to stderr >&2; grep -q hi";
    let arguments = ["--exec", script, "--checkpoint", file.path()];
    let mut bob = scene.bob_listens_after("exec <&- >&- 2>&-", &arguments).spawn().unwrap();
    scene.alice_says("hi").await;
    scene.settled().await;
    let id = bob.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    assert_eq!(bob.wait().await.unwrap().code(), Some(0));
    assert_eq!(agentchat_tokio::Checkpoint::from_json(&file.text()).unwrap().handled(), 1);

    // Where printing is handling, there is nothing to do it with; a null device that was asked for takes all.
    scene.alice_says("unheard").await;
    let mut deaf = scene.bob_listens_after("exec >&-", &["--json"]);
    let deaf = deaf.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().await.unwrap();
    let said = String::from_utf8(deaf.stderr).unwrap();
    assert!(deaf.status.code() == Some(2) && said.contains("standard output is closed"), "{said}");
    assert_eq!(scene.platform.undelivered("bob"), 1);
    let mut null = scene.bob_listens_after("exec > /dev/null", &["--count", "1"]);
    assert_eq!(null.status().await.unwrap().code(), Some(0));
    scene.settled().await;
    scene.platform.shutdown().await;
}
