//! `agentchat listen --stats`.

use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::run::{AGENTCHAT, program};
use crate::scene::Scene;

#[tokio::test]
async fn what_a_session_did_is_said_in_numbers_on_standard_error() {
    let scene = Scene::new().await;
    scene.alice_says("one").await;
    let mut listen = program(AGENTCHAT, &scene.platform, Some(&scene.bob));
    listen.args(["listen", "--stats", "1"]).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = listen.spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    let stats = loop {
        let line = said.next_line().await.unwrap().unwrap();
        let Some((_, stats)) = line.split_once("stats ") else { continue };
        let stats: Value = serde_json::from_str(stats).unwrap();
        if stats["handled"] == 1 {
            break stats;
        }
    };
    assert_eq!((&stats["received"], &stats["connections"], &stats["failed"]), (&1.into(), &1.into(), &0.into()));
    scene.platform.shutdown().await;
}
