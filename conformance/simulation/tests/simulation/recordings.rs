//! The runs of the simulation as recordings.

use std::process::Command;

use agentchat_engine::recording::replay;
use agentchat_simulation::{Scenario, tell};

#[test]
fn every_process_of_a_run_has_a_recording_that_replays() {
    for seed in 0..20 {
        let account = tell(Some(Scenario::Crash), seed, false);
        let processes = 1 + account.trace.iter().filter(|line| line.contains("# Crash")).count();
        assert_eq!(account.recordings.len(), processes);
        let inputs: Vec<_> = account.recordings.iter().map(|recording| replay(recording).unwrap().inputs).collect();
        // What was meant for a process that has died reaches no session.
        assert!(inputs.iter().all(|inputs| *inputs > 0) && inputs.iter().sum::<u64>() <= account.tally.inputs);
    }
}

#[test]
fn the_command_writes_them_and_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_simulate"));
    command.args(["--scenario", "storm", "--seed", "3", "--trace", "--record"]).arg(folder.path());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    for (process, recording) in tell(Some(Scenario::Storm), 3, false).recordings.iter().enumerate() {
        let file = folder.path().join(format!("storm-3-process-{}.jsonl", process + 1));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), *recording);
        let said = format!("to replay: agentchat replay {}", file.display());
        assert!(String::from_utf8_lossy(&output.stdout).contains(&said));
    }
}
