//! `agentchat download`, and what `send --file` takes.

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::run::{AGENTCHAT, agentchat, call, program};
use crate::scene::{Scene, TempFile};

#[tokio::test]
async fn what_was_sent_is_downloaded_where_it_was_asked_for() {
    let scene = Scene::new().await;
    let file = TempFile::with("to-download.csv", "a,b\n1,2\n");
    let sent = ["send", "--file", file.path(), "--content-type", "text/csv", "@bob", "see", "--json"];
    let sent = agentchat(&scene.platform, Some(&scene.alice), &sent).await;
    let sent: Value = serde_json::from_slice(&sent.stdout).unwrap();
    let id = sent["content"]["attachment_id"].as_str().unwrap();
    let folder = tempdir().unwrap();
    let bob = async |arguments: &[&str]| {
        let mut command = program(AGENTCHAT, &scene.platform, Some(&scene.bob));
        command.current_dir(folder.path()).args(["download", id]).args(arguments).output().await.unwrap()
    };
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();

    let output = bob(&["--json"]).await;
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told["path"], &told["size"], &told["content_type"]), (&json!(id), &json!(8), &json!("text/csv")));
    assert_eq!(read(id), file.text());
    let sha256 = told["sha256"].as_str().unwrap();
    assert!(bob(&["table.csv", "--sha256", sha256]).await.status.success());
    assert_eq!(read("table.csv"), file.text());
    assert_eq!(bob(&["-"]).await.stdout, file.text().as_bytes());

    // A file that is there is replaced on purpose only.
    std::fs::write(folder.path().join("mine"), "mine").unwrap();
    let refused = bob(&["mine"]).await;
    assert!(refused.status.code() == Some(2) && read("mine") == "mine", "{refused:?}");
    assert!(bob(&["mine", "--overwrite"]).await.status.success());
    assert_eq!(read("mine"), file.text());

    let wrong = bob(&["wrong", "--sha256", &"0".repeat(64)]).await;
    assert!(!wrong.status.success() && !folder.path().join("wrong").exists(), "{wrong:?}");
    assert_eq!(bob(&["no/such/folder"]).await.status.code(), Some(5));
    for (id, code) in [("att_none", 1), ("../up", 2), ("", 2)] {
        let output = agentchat(&scene.platform, Some(&scene.bob), &["download", id]).await;
        assert_eq!(output.status.code(), Some(code), "{id:?}: {output:?}");
    }
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_type_that_the_platform_does_not_take_is_refused_with_those_that_it_does() {
    let scene = Scene::new().await;
    let file = TempFile::with("unknown.xyz", "x");
    for arguments in [
        &["send", "--file", file.path(), "--content-type", "text/html", "@bob"][..],
        &["send", "--file", file.path(), "@bob"],
    ] {
        let refused = agentchat(&scene.platform, Some(&scene.alice), arguments).await;
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(
            refused.status.code() == Some(2) && said.contains("image/png") && said.contains("video/webm"),
            "{said}"
        );
    }
    assert!(scene.platform.requests().iter().all(|request| request.path != "/v1/uploads"));
    assert_eq!(call(&scene.platform, Some(&scene.bob), "sync", json!({})).await.1["data"], json!([]));
    scene.platform.shutdown().await;
}
