//! The recordings in `conformance/recordings`: each shows that a weakness of other clients (W-numbers as in the tests of
//! the engine) is not ours, step by step, and replays on every version of the engine.
//!
//! They are written by the scenes in this folder. After a deliberate change of behaviour or format:
//!
//! ```text
//! AGENTCHAT_RECORDINGS=write cargo test -p agentchat-simulation --test recordings
//! ```
//!
//! and look at what changed before committing it.

mod acks;
mod calls;
mod connections;
mod gaps;
mod order;
mod robust;
mod stage;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use agentchat_engine::recording::replay;

/// The name of a recording, and the scene that writes it.
type Scene = (&'static str, fn() -> String);

fn scenes() -> BTreeMap<&'static str, fn() -> String> {
    let all: Vec<Scene> =
        [acks::SCENES, calls::SCENES, connections::SCENES, gaps::SCENES, order::SCENES, robust::SCENES].concat();
    let count = all.len();
    let scenes: BTreeMap<_, _> = all.into_iter().collect();
    assert_eq!(scenes.len(), count, "every scene has a name of its own");
    scenes
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../recordings")
}

/// What is committed, by name.
fn committed() -> BTreeMap<String, String> {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let recordings = files.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    recordings
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap()))
        .collect()
}

/// In one test, because it may write what the other half of it reads.
#[test]
fn every_recording_is_what_its_scene_writes_and_replays() {
    if std::env::var_os("AGENTCHAT_RECORDINGS").is_some_and(|what| what == "write") {
        std::fs::create_dir_all(folder()).unwrap();
        for name in committed().keys() {
            std::fs::remove_file(folder().join(name).with_extension("jsonl")).unwrap();
        }
        for (name, scene) in scenes() {
            std::fs::write(folder().join(name).with_extension("jsonl"), scene()).unwrap();
        }
    }
    let committed = committed();
    let names: Vec<_> = committed.keys().map(String::as_str).collect();
    assert_eq!(names, scenes().into_keys().collect::<Vec<_>>());
    for (name, recording) in &committed {
        let replayed = replay(recording).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(replayed.outputs > 0 && !replayed.truncated, "{name}");
        let written = scenes()[name.as_str()]();
        let differs = written.lines().zip(recording.lines()).position(|(a, b)| a != b);
        assert!(written == *recording, "{name}: its scene writes something else, first in line {differs:?} from 0");
    }
}
