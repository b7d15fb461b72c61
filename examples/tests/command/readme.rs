//! The README's programs and the others that are copied, as users run them: in a group, with a key that is refused, with a
//! handler that takes long when Ctrl-C comes, and without a host.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use agentchat_local::faults::{RequestFault, Requests, Rule, RuleId};
use agentchat_local::{LocalPlatform, RawFrame};
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::run::{AGENTCHAT, call, platform, program};
use crate::scene::group;

const README_AGENT: &str = env!("CARGO_BIN_EXE_readme_agent");

const BLOCKING_AGENT: &str = env!("CARGO_BIN_EXE_readme_blocking_agent");

/// Those that stay connected.
const AGENTS: [&str; 6] = [
    README_AGENT,
    BLOCKING_AGENT,
    env!("CARGO_BIN_EXE_echo_agent"),
    env!("CARGO_BIN_EXE_pull_deliveries"),
    env!("CARGO_BIN_EXE_custom_executor"),
    env!("CARGO_BIN_EXE_blocking_poll_loop"),
];

struct Stage {
    platform: LocalPlatform,
    alice: String,
    agent: String,
    folder: TempDir,
}

impl Stage {
    async fn new() -> Self {
        let platform = platform().await;
        let [alice, agent] = ["alice", "agent"].map(|handle| platform.create_agent(handle).unwrap().api_key);
        Self { platform, alice, agent, folder: tempdir().unwrap() }
    }

    fn command(&self, path: &str, key: &str) -> Command {
        let mut command = program(path, &self.platform, Some(key));
        command.current_dir(self.folder.path()).stderr(Stdio::piped());
        command
    }

    /// A program that is connected.
    async fn run(&self, path: &str) -> Child {
        let child = self.command(path, &self.agent).spawn().unwrap();
        until(|| self.platform.open_sockets("agent") == 1).await;
        child
    }

    async fn alice_says(&self, params: Value) -> Value {
        let (code, said) = call(&self.platform, Some(&self.alice), "send_message", params).await;
        assert_eq!(code, 0, "{said}");
        said["data"].clone()
    }

    /// The platform stores what the agent says next, and takes so long to tell it so.
    fn slow_answer(&self, wait: Duration) -> RuleId {
        let sends = Requests::route("send_message").agent("agent");
        self.platform.faults().add(Rule::request(sends, RequestFault::slow(wait)).times(1)).unwrap()
    }

    /// What the agent has said there.
    async fn answers(&self, conversation: &Value) -> Vec<Value> {
        let params = json!({"conversation_id": conversation});
        let (_, history) = call(&self.platform, Some(&self.alice), "get_messages", params).await;
        let rows = history["data"].as_array().unwrap().iter();
        rows.filter(|row| row["sender"] == "agent").map(|row| row["content"]["text"].clone()).collect()
    }
}

async fn until(mut holds: impl FnMut() -> bool) {
    while !holds() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn interrupt(mut child: Child) -> (Option<i32>, String) {
    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().await.unwrap().success());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).await.unwrap();
    (child.wait().await.unwrap().code(), said)
}

#[test]
fn the_readme_has_the_programs_that_are_tested_here() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("../README.md")).unwrap();
    for name in ["readme_agent.rs", "readme_blocking_agent.rs"] {
        let tested = std::fs::read_to_string(root.join(name)).unwrap();
        let (_, tested) = tested.split_once("\n\n").unwrap();
        assert!(readme.contains(&format!("```rust,no_run\n{tested}```\n")), "the README has another {name}");
    }
}

#[tokio::test]
async fn the_commands_page_names_every_command_and_option() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("agentchat/README.md");
    let page = std::fs::read_to_string(page).unwrap();
    let commands = [
        "",
        "call",
        "send",
        "listen",
        "chat",
        "download",
        "register",
        "recover",
        "login",
        "logout",
        "whoami",
        "profiles",
        "completions",
        "man",
        "verify-webhook",
        "serve-local",
        "replay",
    ];
    for command in commands {
        assert!(page.contains(format!("agentchat {command}").trim()), "{command}");
        let words: Vec<_> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let help = Command::new(AGENTCHAT).args(words).output().await.unwrap();
        let help = String::from_utf8(help.stdout).unwrap();
        let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
        let options: Vec<_> =
            lines.filter_map(|line| line.split([' ', ',', '.']).find(|word| word.starts_with("--"))).collect();
        assert!(!options.is_empty(), "{help}");
        for option in options.into_iter().filter(|option| !["--help", "--version"].contains(option)) {
            let named = [' ', '`', '['].iter().any(|before| page.contains(&format!("{before}{option}")));
            assert!(named, "{command} {option}");
        }
    }
}

#[tokio::test]
async fn they_answer_a_group_in_the_group_and_no_event_of_it() {
    // The first one says hello to begin with.
    for (path, hello) in [(README_AGENT, 1), (BLOCKING_AGENT, 0)] {
        let stage = Stage::new().await;
        let conversation = group(&stage.platform, &stage.alice, &[&stage.agent]).await;
        let agent = stage.run(path).await;
        // Somebody joins, which is an event for the agent; then somebody says something.
        let carol = stage.platform.create_agent("carol").unwrap().api_key;
        let invited = json!({"group_id": conversation, "handle": "carol"});
        assert_eq!(call(&stage.platform, Some(&stage.alice), "add_group_member", invited).await.0, 0);
        crate::scene::accept_invites(&stage.platform, &carol).await;
        let said = stage.alice_says(json!({"conversation_id": conversation, "content": "anybody?"})).await;
        assert_eq!(said["conversation_id"], conversation);
        while stage.answers(&conversation).await.is_empty() || stage.platform.undelivered("agent") > 0 {
            // Group events are not pushed: they come when the agent connects again.
            stage.platform.cut_sockets("agent");
            until(|| stage.platform.open_sockets("agent") == 1).await;
        }
        let (code, complaints) = interrupt(agent).await;
        // Nobody listens for signals in the other one.
        assert_eq!(code, (path == README_AGENT).then_some(0), "{complaints}");
        assert_eq!(stage.answers(&conversation).await, ["got it"], "one message, and one answer");
        assert_eq!(stage.platform.undelivered("alice"), hello + 1, "{path}: the answer in the group");
        stage.platform.shutdown().await;
    }
}

#[tokio::test]
async fn a_key_that_is_refused_ends_every_program_with_an_error() {
    for path in AGENTS {
        let stage = Stage::new().await;
        let agent = stage.run(path).await;
        // From then on the key is worth nothing: for the socket, and for the next one.
        stage.platform.close_sockets("agent", 1008, "API key rotated");
        let output = agent.wait_with_output().await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{path}: {said}");
        assert!(said.contains("API key rotated"), "{path}: {said}");
        let output = stage.command(path, "ac_wrong").output().await.unwrap();
        assert_eq!(output.status.code(), Some(1), "{path}: {output:?}");
        stage.platform.shutdown().await;
    }
}

/// Seven seconds are longer than closes used to wait; `AGENTCHAT_ANSWER_SECONDS=30` for more.
#[tokio::test]
async fn ctrl_c_waits_for_a_slow_answer_and_nothing_is_answered_again() {
    let stage = Stage::new().await;
    let agent = stage.run(README_AGENT).await;
    let seconds = std::env::var("AGENTCHAT_ANSWER_SECONDS").map_or(7, |text| text.parse().unwrap());
    let rule = stage.slow_answer(Duration::from_secs(seconds));
    let said = stage.alice_says(json!({"to": "agent", "content": "think well"})).await;
    until(|| stage.platform.faults().hits(rule).unwrap().applied == 1).await;
    let (code, complaints) = interrupt(agent).await;
    assert_eq!(code, Some(0), "{complaints}");
    assert_eq!(stage.platform.undelivered("agent"), 0, "it was acked");
    assert_eq!(stage.answers(&said["conversation_id"]).await, ["got it", "hello"], "the newest first");

    // Even if the ack were lost: the platform offers it again, and the next run knows.
    stage.platform.faults().clear();
    let agent = stage.run(README_AGENT).await;
    until(|| stage.platform.undelivered("agent") == 0).await;
    let requests = |stage: &Stage| {
        let sends = stage.platform.requests().into_iter().filter(|request| request.path == "/v1/messages");
        sends.filter(|request| request.method == "POST").count()
    };
    let before = requests(&stage);
    stage.platform.push_raw("agent", RawFrame::Text(json!({"type": "message.new", "payload": said}).to_string()));
    stage.alice_says(json!({"to": "agent", "content": "and now?"})).await;
    until(|| stage.platform.undelivered("agent") == 0).await;
    assert_eq!(interrupt(agent).await.0, Some(0));
    // Alice's, and the answer to it.
    assert_eq!(requests(&stage), before + 2, "the first message was not handled again");
    stage.platform.shutdown().await;
}

/// Nobody waits for what it is just doing: the next run does it again, and it is done once.
#[tokio::test]
async fn a_blocking_program_that_is_interrupted_within_an_answer_gives_it_once() {
    let stage = Stage::new().await;
    let agent = stage.run(BLOCKING_AGENT).await;
    let rule = stage.slow_answer(Duration::from_secs(60));
    let asked = stage.alice_says(json!({"to": "agent", "content": "think well"})).await;
    until(|| stage.platform.faults().hits(rule).unwrap().applied == 1).await;
    let (code, said) = interrupt(agent).await;
    assert_eq!(code, None, "the signal kills it: {said}");
    assert_eq!(stage.platform.undelivered("agent"), 1);
    until(|| stage.platform.open_sockets("agent") == 0).await;
    stage.platform.faults().clear();
    let agent = stage.run(BLOCKING_AGENT).await;
    until(|| stage.platform.undelivered("agent") == 0).await;
    assert_eq!(stage.answers(&asked["conversation_id"]).await, ["got it"]);
    interrupt(agent).await;
    stage.platform.shutdown().await;
}

#[tokio::test]
async fn what_goes_wrong_is_reported_without_further_set_up() {
    let stage = Stage::new().await;
    for path in AGENTS {
        if path == README_AGENT {
            // It sends first, and says so when that fails.
            let mut command = stage.command(path, &stage.agent);
            let output = command.env("AGENTCHAT_BASE_URL", "http://127.0.0.1:1").output().await.unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(!output.status.success() && said.to_lowercase().contains("refused"), "{said}");
            continue;
        }
        let mut command = stage.command(path, &stage.agent);
        let mut child = command.env("AGENTCHAT_BASE_URL", "http://127.0.0.1:1").spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        loop {
            let line = said.next_line().await.unwrap().expect("it goes on trying");
            if line.to_lowercase().contains("refused") {
                break;
            }
        }
        child.kill().await.unwrap();
    }

    // A handler that fails: what failed is said, and why.
    let refusal = RequestFault::respond(403).json(json!({"code": "FORBIDDEN", "message": "no"}));
    let faults =
        [(refusal, "error=FORBIDDEN"), (RequestFault::reset(), "error=no answer after 4 attempt(s): connection: ")];
    for path in [README_AGENT, BLOCKING_AGENT, AGENTS[2]] {
        let mut agent = stage.run(path).await;
        let mut said = BufReader::new(agent.stderr.take().unwrap()).lines();
        for (fault, told) in &faults {
            let rule = Rule::request(Requests::route("send_message").agent("agent"), fault.clone());
            let rule = stage.platform.faults().add(rule).unwrap();
            stage.alice_says(json!({"to": "agent", "content": "hello?"})).await;
            loop {
                let line = said.next_line().await.unwrap().expect("it goes on");
                if line.contains("handler failed") && line.contains(told) {
                    break;
                }
            }
            stage.platform.faults().remove(rule).unwrap();
        }
        agent.kill().await.unwrap();
    }
    stage.platform.shutdown().await;
}
