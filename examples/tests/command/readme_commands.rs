//! The README's commands, as they stand there and in their order. Those that build are run by `.ci/run`.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tempfile::tempdir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

use crate::run::AGENTCHAT;

/// Far more than all of them take.
const STUCK: Duration = Duration::from_secs(180);

/// The blocks of commands.
fn blocks(readme: &str) -> Vec<&str> {
    readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// A command without what only makes it quick, quiet and safe where it runs often.
fn plain(line: &str) -> String {
    let line = line.strip_prefix("AGENTCHAT_KILLS=100 ").unwrap_or(line).split(" >").next().unwrap_or_default();
    let asides = ["-q", "--locked", "--debug", "--root", "target/installed"];
    line.split(' ').filter(|word| !asides.contains(word)).collect::<Vec<_>>().join(" ")
}

/// A shell in a folder of its own, without a key, a profile or a proxy, that finds the command.
fn shell(folder: &Path, commands: &str) -> Command {
    let found = Path::new(AGENTCHAT).parent().unwrap();
    let path = format!("{}:{}", found.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("bash");
    shell.args(["-euo", "pipefail", "-c", commands]).current_dir(folder).env("PATH", path).env("HOME", folder);
    for name in ["AGENTCHAT_API_KEY", "AGENTCHAT_BASE_URL", "AGENTCHAT_PROFILE", "AGENTCHAT_RUNTIME"] {
        shell.env_remove(name);
    }
    for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"] {
        shell.env_remove(name).env_remove(name.to_lowercase());
    }
    shell.stdin(Stdio::null()).kill_on_drop(true);
    shell
}

#[tokio::test]
async fn the_readmes_commands_run_in_order_as_they_are_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let ci = std::fs::read_to_string(root.join(".ci/run")).unwrap();
    let (build, ours): (Vec<_>, Vec<_>) = blocks(&readme).into_iter().partition(|block| block.starts_with("cargo "));
    assert!(build.len() >= 4 && ours.len() >= 3, "the README was read");
    let steps: Vec<_> = ci.lines().map(plain).collect();
    for line in build.iter().flat_map(|block| block.lines()) {
        assert!(steps.contains(&plain(line)), ".ci/run does not run {line}");
    }

    let folder = tempdir().unwrap();
    let (platform, commands) = ours.split_first().unwrap();
    let mut platform = shell(folder.path(), platform).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(platform.stdout.take().unwrap()).lines();
    timeout(STUCK, async { while !said.next_line().await.unwrap().unwrap().starts_with("AgentChat runs at") {} })
        .await
        .unwrap();
    let run = shell(folder.path(), &commands.concat()).output();
    let output = timeout(STUCK, run).await.unwrap().unwrap();
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{told}");
    assert!(said.contains("\"hello\""), "{said}");
}
