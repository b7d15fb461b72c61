//! The command on each of the runtimes.

use crate::run::{AGENTCHAT, agentchat, program};
use crate::scene::{Scene, TempFile};

pub(crate) const RUNTIMES: [&str; 4] = ["tokio", "smol", "async-std", "blocking"];

#[tokio::test]
async fn calls_say_which_runtime_they_run_on() {
    let scene = Scene::new().await;
    for runtime in RUNTIMES {
        let mut call = program(AGENTCHAT, &scene.platform, Some(&scene.alice));
        call.args(["call", "get_me"]).env("AGENTCHAT_RUNTIME", runtime);
        let output = call.output().await.unwrap();
        assert!(output.status.success(), "{runtime}: {output:?}");
        let request = scene.platform.requests().pop().unwrap();
        let agent = &request.headers["user-agent"];
        assert!(agent.contains(&format!(" {runtime}/")), "{runtime}: {agent}");
    }
    assert_eq!(
        agentchat(&scene.platform, None, &["call", "--list", "--runtime", "glommio"]).await.status.code(),
        Some(2)
    );
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn messages_are_handled_by_a_command_and_ctrl_c_ends_cleanly() {
    for runtime in RUNTIMES {
        let scene = Scene::new().await;
        let mut bob = scene.bob_listens(&["--json", "--runtime", runtime, "--exec", "grep -q hi"]);
        bob.json("client.caught_up").await;
        assert_eq!(scene.platform.cut_sockets("bob"), 1);
        scene.alice_says("hi").await;
        assert_eq!(bob.json("message.new").await["payload"]["content"]["text"], "hi", "{runtime}");
        scene.settled().await;
        assert_eq!(bob.interrupt().await, 0, "{runtime}");
        scene.platform.shutdown().await;
    }
}

#[tokio::test]
async fn a_termination_lets_what_is_in_flight_finish() {
    for runtime in RUNTIMES {
        let scene = Scene::new().await;
        let file = TempFile::new(&format!("busy-{runtime}"));
        // Starts, says so, and ends at a signal.
        let script = format!(": > {0}; while [ -e {0} ]; do sleep 0.01; done", file.path());
        let bob = scene.bob_listens(&["--runtime", runtime, "--exec", &script]);
        scene.alice_says("slow").await;
        while !file.0.exists() {
            tokio::task::yield_now().await;
        }
        let ended = tokio::spawn(bob.terminate());
        std::fs::remove_file(&file.0).unwrap();
        assert_eq!(ended.await.unwrap(), 0, "{runtime}");
        assert_eq!(scene.platform.undelivered("bob"), 0, "{runtime}: it was acked before the end");
        scene.platform.shutdown().await;
    }
}

#[tokio::test]
async fn the_end_of_a_session_has_its_exit_code() {
    for runtime in RUNTIMES {
        let scene = Scene::new().await;
        let mut bob = scene.bob_listens(&["--json", "--runtime", runtime]);
        bob.json("client.caught_up").await;
        scene.platform.close_sockets("bob", 1008, "API key rotated");
        assert_eq!(bob.child.wait().await.unwrap().code(), Some(4), "{runtime}");
        scene.platform.shutdown().await;
    }
}
