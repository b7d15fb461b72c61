//! Checkpoints that are kept in a file: whole, locked, and stored again after a failure.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use agentchat_driver::testkit::Task;
use agentchat_driver::{CheckpointFile, CheckpointFileError, Connection};
use agentchat_engine::limits;
use agentchat_engine::realtime::{Checkpoint, CheckpointError, ConnectionState, SessionOptions};
use futures_util::{FutureExt, StreamExt};
use tempfile::{TempDir, tempdir};

use crate::rig::{Rig, Session, accept};

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn handled(count: usize) -> Checkpoint {
    let ids: Vec<_> = (0..count).map(|n| format!("\"m{n}\"")).collect();
    let text = format!(r#"{{"format":"agentchat-checkpoint","version":1,"handled":[{}]}}"#, ids.join(","));
    Checkpoint::from_json(&text).unwrap()
}

fn stored(path: &Path) -> usize {
    Checkpoint::from_json(&fs::read_to_string(path).unwrap()).unwrap().handled()
}

fn error(path: &Path) -> CheckpointFileError {
    let error = CheckpointFile::open(path).unwrap_err();
    assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    error
}

#[test]
fn a_checkpoint_is_stored_whole_and_read_again() {
    let folder = Folder::new();
    let path = folder.path("state");
    for count in 0..3_usize {
        let mut file = CheckpointFile::open(&path).unwrap();
        assert_eq!(file.take_checkpoint().map(|checkpoint| checkpoint.handled()), count.checked_sub(1));
        assert_eq!(file.take_checkpoint(), None);
        file.store(&handled(7)).unwrap();
        file.store(&handled(count)).unwrap();
        assert_eq!(stored(&path), count);
    }
    assert_eq!(folder.names(), ["state"], "nothing is left beside it");
}

#[cfg(unix)]
#[test]
fn it_is_for_its_owner_alone_and_a_link_stays_a_link() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let (link, path) = (folder.path("link"), folder.path("state"));
    std::os::unix::fs::symlink("state", &link).unwrap();
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    // The link points to nothing yet.
    let file = CheckpointFile::open(&link).unwrap();
    assert_eq!(mode(), 0o600);
    drop(file);
    fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    let file = CheckpointFile::open(&link).unwrap();
    file.store(&handled(1)).unwrap();
    assert_eq!((mode(), stored(&path)), (0o600, 1));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
}

#[test]
fn an_empty_file_is_no_checkpoint_and_a_damaged_one_is_left_alone() {
    let folder = Folder::new();
    let path = folder.path("state");
    fs::write(&path, "").unwrap();
    assert_eq!(CheckpointFile::open(&path).unwrap().take_checkpoint(), None);
    for damaged in [&b"{"[..], b"null", b" ", b"\xff", br#"{"format":"agentchat-checkpoint","version":99}"#] {
        fs::write(&path, damaged).unwrap();
        assert!(matches!(error(&path), CheckpointFileError::Unusable { .. }), "{damaged:?}");
        assert_eq!(fs::read(&path).unwrap(), damaged);
    }
    assert!(matches!(error(&folder.path("no/such/folder")), CheckpointFileError::Open { .. }));
}

#[test]
fn what_is_too_large_or_no_file_is_refused_unread() {
    let folder = Folder::new();
    let path = folder.path("sparse");
    let bytes = 1 << 30;
    File::create(&path).unwrap().set_len(bytes).unwrap();
    let CheckpointFileError::Unusable { source: too_large, .. } = error(&path) else { panic!("it is usable") };
    assert_eq!(too_large, CheckpointError::TooLarge { bytes: usize::try_from(bytes).unwrap() });
    File::options().write(true).open(&path).unwrap().set_len(limits::CHECKPOINT as u64).unwrap();
    assert!(matches!(error(&path), CheckpointFileError::Unusable { source: CheckpointError::Damaged { .. }, .. }));
    assert!(matches!(error(folder.0.path()), CheckpointFileError::NotAFile { .. }));
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_are_refused_without_waiting() {
    let folder = Folder::new();
    let pipe = folder.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [pipe.as_path(), Path::new("/dev/zero"), Path::new("/dev/null")] {
        assert!(matches!(error(path), CheckpointFileError::NotAFile { .. }), "{path:?}");
    }
}

#[test]
fn one_session_at_a_time_whichever_file_has_the_name() {
    let folder = Folder::new();
    let path = folder.path("state");
    let first = CheckpointFile::open(&path).unwrap();
    let in_use = || matches!(error(&path), CheckpointFileError::InUse { .. });
    assert!(in_use());
    first.store(&handled(1)).unwrap();
    assert!(in_use(), "the file that took its place is locked as well");

    // Removed under its feet: written anew, unless somebody else has the name by then.
    fs::remove_file(&path).unwrap();
    first.store(&handled(2)).unwrap();
    assert_eq!(stored(&path), 2);
    fs::remove_file(&path).unwrap();
    let second = CheckpointFile::open(&path).unwrap();
    second.store(&handled(3)).unwrap();
    assert!(matches!(first.store(&handled(4)), Err(CheckpointFileError::InUse { .. })));
    assert_eq!(stored(&path), 3);
    drop(second);
    first.store(&handled(5)).unwrap();
    assert!(in_use());
    drop(first);
    assert_eq!(CheckpointFile::open(&path).unwrap().take_checkpoint().unwrap().handled(), 5);
}

#[test]
fn many_openings_at_once_have_one_winner_while_it_stores() {
    let folder = Folder::new();
    let path = folder.path("state");
    let winner = CheckpointFile::open(&path).unwrap();
    std::thread::scope(|scope| {
        let others: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    for _ in 0..3 {
                        assert!(matches!(error(&path), CheckpointFileError::InUse { .. }));
                    }
                })
            })
            .collect();
        let mut count = 0;
        while !others.iter().all(|other| other.is_finished()) {
            count += 1;
            winner.store(&handled(count % 10)).unwrap();
        }
    });
}

#[test]
fn what_a_killed_process_left_unfinished_is_removed() {
    let folder = Folder::new();
    for name in [".state.x1y2z3.agentchat-new", ".other.x1y2z3.agentchat-new", ".state.x1y2z3", ".state..new"] {
        fs::write(folder.path(name), "{").unwrap();
    }
    drop(CheckpointFile::open(folder.path("state")).unwrap());
    assert_eq!(folder.names(), [".other.x1y2z3.agentchat-new", ".state..new", ".state.x1y2z3", "state"]);
}

/// A session that keeps its checkpoint there.
fn session(file: CheckpointFile) -> Session {
    let rig = Rig::new();
    let options = SessionOptions::default().own_handle("me").drain(false);
    let (realtime, connection) = rig.client.realtime_with_file(options, file);
    let mut connection = Task::new(Connection::run(connection));
    assert_eq!(connection.run(), None);
    let peer = accept(&rig, &mut connection);
    Session { rig, realtime, connection, peer }
}

/// Storing happens on another thread.
fn until(session: &mut Session, mut done: impl FnMut() -> bool) {
    while !done() {
        session.run();
        std::thread::yield_now();
    }
}

#[test]
fn a_session_stores_what_was_handled_and_the_next_one_knows_it() {
    let folder = Folder::new();
    let path = folder.path("state");
    let mut first = session(CheckpointFile::open(&path).unwrap());
    let mut deliveries = first.realtime.deliveries().unwrap();
    for seq in 1..=2 {
        first.message("c", seq);
        deliveries.next().now_or_never().flatten().unwrap().handled();
        until(&mut first, || stored(&path) == seq as usize);
    }
    // Dropped on its way; the thread that stores may still be holding the file.
    drop((first, deliveries));
    let file = loop {
        match CheckpointFile::open(&path) {
            Err(CheckpointFileError::InUse { .. }) => std::thread::yield_now(),
            opened => break opened.unwrap(),
        }
    };
    let mut second = session(file);
    let mut deliveries = second.realtime.deliveries().unwrap();
    second.run();
    second.message("c", 2);
    assert!(deliveries.next().now_or_never().is_none(), "handled before");
    assert_eq!(second.acked(), ["c-2"]);
}

#[test]
fn the_last_settlements_are_stored_at_the_end_and_after_it() {
    let folder = Folder::new();
    let path = folder.path("state");
    let mut session = session(CheckpointFile::open(&path).unwrap());
    let mut deliveries = session.realtime.deliveries().unwrap();
    session.message("a", 1);
    session.message("b", 1);
    let [at_the_end, after_it] = [(), ()].map(|()| deliveries.next().now_or_never().flatten().unwrap());
    session.realtime.close();
    at_the_end.handled();
    session.run();
    session.peer.end();
    // The other one takes longer than the close waits.
    session.rig.script.clock().advance(Duration::from_secs(600));
    while session.connection.run() != Some(ConnectionState::Closed) {
        std::thread::yield_now();
    }
    assert_eq!(stored(&path), 1);
    after_it.handled();
    assert_eq!(stored(&path), 2, "when the handler has ended, so has the writing");
    drop((session, deliveries));
    CheckpointFile::open(&path).expect("nobody uses it any more");
}

#[test]
fn a_failure_is_reported_once_and_storing_tried_again() {
    let folder = Folder::new();
    let (path, away) = (folder.path("folder/state"), folder.path("away"));
    fs::create_dir(folder.path("folder")).unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let teller = Arc::clone(&told);
    let file = CheckpointFile::open(&path).unwrap().on_outcome(move |outcome| {
        teller.lock().unwrap().push(outcome.map_err(ToString::to_string));
    });
    let mut session = session(file);
    let mut deliveries = session.realtime.deliveries().unwrap();
    fs::rename(folder.path("folder"), &away).unwrap();
    session.message("c", 1);
    deliveries.next().now_or_never().flatten().unwrap().handled();
    until(&mut session, || !told.lock().unwrap().is_empty());
    session.message("c", 2);
    deliveries.next().now_or_never().flatten().unwrap().handled();
    session.run();
    let problem = told.lock().unwrap()[0].clone().unwrap_err();
    assert!(problem.contains(path.to_str().unwrap()), "{problem}");

    fs::rename(&away, folder.path("folder")).unwrap();
    let clock = session.rig.script.clock();
    until(&mut session, || {
        clock.advance(Duration::from_millis(100));
        stored(&path) == 2
    });
    until(&mut session, || told.lock().unwrap().len() > 1);
    assert_eq!(told.lock().unwrap()[1..], [Ok(())], "nothing else came, but time");
}
