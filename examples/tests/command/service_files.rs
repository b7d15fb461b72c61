//! `listen` as the files of `agentchat/deploy` start it: the systemd unit, and the image.

use std::fs;

use serde_json::Value;

use crate::run::{AGENTCHAT, Running, program};
use crate::scene::{Scene, TempFile};

const UNIT: &str = include_str!("../../agentchat/deploy/agentchat-listen.service");
const IMAGE: &str = include_str!("../../agentchat/deploy/Dockerfile");

/// Runs these arguments with the key in a file, until a message is handled and the supervisor sends SIGTERM. What is below a
/// place of the service is in a file of the test instead.
async fn runs(name: &str, arguments: Vec<String>, places: [(&str, &str); 2]) {
    let scene = Scene::new().await;
    let key = TempFile::with(&format!("{name}-key"), &scene.bob);
    let checkpoint = TempFile::new(&format!("{name}-checkpoint"));
    let files = places.into_iter().zip([key.path(), checkpoint.path()]);
    let files: Vec<_> = files.map(|((place, file), ours)| (format!("{place}/{file}"), ours)).collect();
    let ours = |argument: String| match files.iter().find(|(theirs, _)| *theirs == argument) {
        Some((_, ours)) => (*ours).to_owned(),
        None => argument.replace("/usr/local/lib/agentchat/handler", "cat > /dev/null"),
    };
    let arguments: Vec<String> = arguments.into_iter().map(ours).collect();
    assert!([key.path(), checkpoint.path()].iter().all(|path| arguments.iter().any(|argument| argument == path)));

    let mut command = program(AGENTCHAT, &scene.platform, None);
    command.args(&arguments);
    let listener = Running::start(command);
    scene.alice_says("hello").await;
    scene.settled().await;
    assert_eq!(listener.terminate().await, 0);
    assert!(
        fs::read(checkpoint.path()).is_ok_and(|written| !written.is_empty()),
        "the next run knows what was handled"
    );
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn the_systemd_unit_starts_a_listener() {
    let start = UNIT.lines().find_map(|line| line.strip_prefix("ExecStart=/usr/local/bin/agentchat ")).unwrap();
    let arguments = start.split(' ').map(str::to_owned).collect();
    runs("unit", arguments, [("${CREDENTIALS_DIRECTORY}", "key"), ("${STATE_DIRECTORY}", "checkpoint")]).await;
}

#[tokio::test]
async fn the_image_starts_a_listener() {
    assert!(IMAGE.contains("\nENTRYPOINT [\"agentchat\"]\n"));
    let start = IMAGE.lines().find_map(|line| line.strip_prefix("CMD ")).unwrap();
    let arguments: Vec<Value> = serde_json::from_str(start).unwrap();
    let arguments = arguments.iter().map(|argument| argument.as_str().unwrap().to_owned()).collect();
    runs("image", arguments, [("/run/secrets", "agentchat_key"), ("/state", "checkpoint")]).await;
}
