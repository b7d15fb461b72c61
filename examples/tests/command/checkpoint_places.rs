//! `agentchat listen --checkpoint` where files are not just files: links, mounts, a second process, a directory that goes away.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use agentchat_tokio::Checkpoint;
use tempfile::{TempDir, tempdir};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{ChildStderr, Command};

use crate::run::{AGENTCHAT, Running, program};
use crate::scene::Scene;

struct Places {
    scene: Scene,
    folder: TempDir,
}

impl Places {
    async fn new() -> Self {
        Self { scene: Scene::new().await, folder: tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn handled(&self, name: &str) -> usize {
        let text = fs::read_to_string(self.path(name)).unwrap();
        Checkpoint::from_json(&text).unwrap_or_else(|e| panic!("{e}: {text:?}")).handled()
    }

    /// Bob handles one message with his checkpoint there, and leaves.
    async fn one_message(&self, checkpoint: &str) {
        let path = self.path(checkpoint);
        let mut bob = self.scene.bob_listens(&["--json", "--checkpoint", path.to_str().unwrap()]);
        self.scene.alice_says("hi").await;
        bob.json("message.new").await;
        self.scene.settled().await;
        assert_eq!(bob.terminate().await, 0);
    }

    /// Bob runs a script that may mount.
    #[cfg(target_os = "linux")]
    fn mounting(&self, script: &str) -> Command {
        let mut command: Command = program("unshare", &self.scene.platform, Some(&self.scene.bob));
        if !rustix::process::geteuid().is_root() {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["--mount", "sh", "-c", script]);
        command
    }

    /// Bob listens, and what he says on standard error can be read.
    fn heard(&self, checkpoint: &str) -> (Running, Lines<BufReader<ChildStderr>>) {
        let mut command = program(AGENTCHAT, &self.scene.platform, Some(&self.scene.bob));
        command.args(["listen", "--json", "--checkpoint", self.path(checkpoint).to_str().unwrap()]);
        command.stderr(Stdio::piped());
        let mut bob = Running::start(command);
        let said = BufReader::new(bob.child.stderr.take().unwrap()).lines();
        (bob, said)
    }
}

#[tokio::test]
async fn a_link_stays_a_link_and_an_empty_file_is_a_beginning() {
    let places = Places::new().await;
    fs::write(places.path("state"), "").unwrap();
    std::os::unix::fs::symlink("state", places.path("link")).unwrap();
    places.one_message("link").await;
    assert!(fs::symlink_metadata(places.path("link")).unwrap().is_symlink());
    assert_eq!(places.handled("state"), 1);
    assert_eq!(fs::read_dir(places.folder.path()).unwrap().count(), 2, "nothing is left beside them");
    places.scene.platform.shutdown().await;
}

/// As containers have it: the file is a mount of its own, and nothing can take its place.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_that_is_mounted_is_written_in_place() {
    let places = Places::new().await;
    let [outside, inside] = ["outside", "inside"].map(|name| places.path(name));
    for path in [&outside, &inside] {
        fs::write(path, "").unwrap();
    }
    let script = format!(
        "mount --bind {} {inside} && exec {AGENTCHAT} listen --json --checkpoint {inside}",
        outside.display(),
        inside = inside.display()
    );
    let listen = || Running::start(places.mounting(&script));
    for count in 1..=2 {
        let mut bob = listen();
        bob.json("client.caught_up").await;
        places.scene.alice_says("hi").await;
        bob.json("message.new").await;
        places.scene.settled().await;
        assert_eq!(bob.terminate().await, 0);
        assert_eq!(places.handled("outside"), count);
    }
    assert_eq!(fs::read_to_string(&inside).unwrap(), "", "seen from here nothing is mounted");
    places.scene.platform.shutdown().await;
}

/// A file system of 64 KiB, which somebody else fills, and empties again.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_is_reported_once_and_tried_again() {
    let places = Places::new().await;
    fs::create_dir(places.path("small")).unwrap();
    let path = places.path("small/state");
    let script = format!(
        "mount -t tmpfs -o size=64k tmpfs {} && exec {AGENTCHAT} listen --json --checkpoint {}",
        places.path("small").display(),
        path.display()
    );
    let mut command = places.mounting(&script);
    command.stderr(Stdio::piped());
    let mut bob = Running::start(command);
    let mut said = BufReader::new(bob.child.stderr.take().unwrap()).lines();
    bob.json("client.caught_up").await;
    let root = PathBuf::from(format!("/proc/{}/root", bob.child.id().unwrap()));
    let filler = root.join(places.path("small/filler").strip_prefix("/").unwrap());
    let fill = || {
        let refused = fs::write(&filler, [0; 128 * 1024]).unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::StorageFull);
    };
    fill();
    for _ in 0..2 {
        places.scene.alice_says("hi").await;
        bob.json("message.new").await;
    }
    let problem = said.next_line().await.unwrap().unwrap();
    assert!(problem.contains(&format!("cannot write the checkpoint {}: No space", path.display())), "{problem}");
    places.scene.settled().await;
    fs::remove_file(&filler).unwrap();
    let again = said.next_line().await.unwrap().unwrap();
    assert!(again.contains("stored again"), "{again}");

    // Full until the end.
    fill();
    places.scene.alice_says("hi").await;
    bob.json("message.new").await;
    places.scene.settled().await;
    assert_eq!(bob.terminate().await, 5);
    assert!(said.next_line().await.unwrap().unwrap().contains("cannot write the checkpoint"));
    assert!(said.next_line().await.unwrap().unwrap().contains("may come twice"));
    assert_eq!(said.next_line().await.unwrap(), None);
    places.scene.platform.shutdown().await;
}

/// From the beginning, and whatever the limit is that is reached.
#[tokio::test]
async fn without_room_for_a_checkpoint_it_does_not_begin() {
    let places = Places::new().await;
    let path = places.path("state");
    let mut listen = places.scene.bob_listens_after("ulimit -f 0", &["--checkpoint", path.to_str().unwrap()]);
    let output = listen.output().await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains(&format!("cannot write the checkpoint {}", path.display())), "{said}");
    assert_eq!(places.scene.platform.open_sockets("bob"), 0);
    places.scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_second_process_with_one_checkpoint_is_refused_and_changes_nothing() {
    let places = Places::new().await;
    let path = places.path("state");
    let arguments = ["--json", "--shared", "--checkpoint", path.to_str().unwrap()];
    let mut first = places.scene.bob_listens(&arguments);
    first.json("client.caught_up").await;
    let (code, said) = places.scene.bob_fails_to_listen(&arguments).await;
    assert_eq!(code, 2, "{said}");
    assert!(said.contains(path.to_str().unwrap()) && said.contains("in use"), "{said}");
    places.scene.alice_says("hi").await;
    first.json("message.new").await;
    places.scene.settled().await;
    while places.handled("state") == 0 {
        tokio::task::yield_now().await;
    }
    first.child.kill().await.unwrap();
    places.one_message("state").await;
    assert_eq!(places.handled("state"), 2);
    places.scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_checkpoint_that_cannot_be_stored_is_reported_once_and_tried_again() {
    let places = Places::new().await;
    fs::create_dir(places.path("folder")).unwrap();
    let (mut bob, mut said) = places.heard("folder/state");
    bob.json("client.caught_up").await;
    fs::rename(places.path("folder"), places.path("away")).unwrap();
    for _ in 0..2 {
        places.scene.alice_says("hi").await;
        bob.json("message.new").await;
    }
    let problem = said.next_line().await.unwrap().unwrap();
    assert!(problem.contains(places.path("folder/state").to_str().unwrap()), "{problem}");
    places.scene.settled().await;
    fs::rename(places.path("away"), places.path("folder")).unwrap();
    let again = said.next_line().await.unwrap().unwrap();
    assert!(again.contains("stored again"), "{again}");
    assert_eq!(bob.terminate().await, 0);
    assert_eq!(said.next_line().await.unwrap(), None, "nothing else was to be said");
    assert_eq!(places.handled("folder/state"), 2);

    // Gone for good: everything else goes its way, and the exit code tells.
    let (mut bob, mut said) = places.heard("folder/state");
    bob.json("client.caught_up").await;
    fs::rename(places.path("folder"), places.path("away")).unwrap();
    places.scene.alice_says("hi").await;
    bob.json("message.new").await;
    places.scene.settled().await;
    assert_eq!(bob.terminate().await, 5);
    assert!(said.next_line().await.unwrap().unwrap().contains("cannot open the checkpoint"));
    assert!(said.next_line().await.unwrap().unwrap().contains("may come twice"));
    places.scene.platform.shutdown().await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_and_a_read_only_one_are_reported_and_what_was_stored_stays() {
    let places = Places::new().await;
    let folder = places.path("disk");
    fs::create_dir(&folder).unwrap();
    let stored = Checkpoint::default().to_json();
    for spoil in ["cat /dev/zero > full 2>&-", "mount -o remount,ro ."] {
        let script = format!(
            "mount -t tmpfs -o size=64k tmpfs {0} && cd {0} && printf '%s' '{stored}' > state && {{ {spoil} || :; }} && \
             {{ {AGENTCHAT} listen --checkpoint state; code=$?; cat state; exit $code; }}",
            folder.display()
        );
        let output = places.mounting(&script).output().await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(5), "{spoil}: {said}");
        assert!(said.contains("the checkpoint state: "), "{said}");
        assert_eq!(String::from_utf8(output.stdout).unwrap(), stored, "{spoil}");
    }
    places.scene.platform.shutdown().await;
}
