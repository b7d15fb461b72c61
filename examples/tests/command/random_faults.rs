//! `listen` on every runtime under load, while requests and frames fail at random and the platform cannot be reached at
//! times: every message is handled once, and in order unless a gap before it was given up.
//!
//! Some seconds in an ordinary run; `AGENTCHAT_FAULT_SECONDS=3600` for an hour, which has also faults that take most of a
//! minute to be noticed; with `--nocapture` to see the numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::time::{Duration, Instant};

use agentchat_local::LocalPlatform;
use agentchat_local::faults::{BodyFault, FrameFault, Frames, RequestFault, Requests, Rule, Wait};
use agentchat_tokio::{ApiKey, Context, SendMessage};
use futures_util::future::join_all;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{ChildStderr, ChildStdout};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::door::Door;
use crate::load::{Load, SENDERS, next};
use crate::run::{AGENTCHAT, Running, program};
use crate::runtimes::RUNTIMES;
use crate::scene::Scene;

/// How long a set of faults stands, at most.
const LONGEST_MS: u64 = 3_000;

/// Between two messages of the agent's own, sent by another process: gaps that only history can tell about.
const OWN_PACE: Duration = Duration::from_millis(150);

/// How long it takes until a request that is never answered, or a socket that says nothing, is given up.
const SILENCE: Duration = Duration::from_secs(60);

/// Far more than it takes to handle what is left.
const PATIENCE: Duration = Duration::from_secs(300);

/// What a session asks for, by the routes' names.
const ROUTES: &[&str] = &["sync", "sync_ack", "get_messages", "get_me", "ws"];

#[tokio::test(flavor = "multi_thread")]
async fn whatever_fails_every_message_is_handled_once_and_in_order() {
    let seconds = std::env::var("AGENTCHAT_FAULT_SECONDS").map_or(4, |text| text.parse().unwrap());
    let listeners = RUNTIMES.iter().zip(1..).map(|(runtime, seed)| listen(runtime, seed, Duration::from_secs(seconds)));
    for figures in join_all(listeners).await {
        println!("{figures}");
    }
}

async fn listen(runtime: &str, seed: u64, time: Duration) -> String {
    let scene = Scene::new().await;
    let mut door = Door::to(scene.platform.addr());
    let mut bob = program(AGENTCHAT, &scene.platform, Some(&scene.bob));
    bob.args(["listen", "--json", "--reconnect-base-ms", "10"]).env("AGENTCHAT_BASE_URL", door.url());
    bob.env("AGENTCHAT_RUNTIME", runtime).stderr(Stdio::piped());
    let mut bob = Running::start(bob);
    let heard = tokio::spawn(Heard::all(bob.lines()));
    let complaints = tokio::spawn(complaints(bob.child.stderr.take().unwrap()));
    let load = Load::start(&scene.platform);
    let own = sends_from_elsewhere(&scene);

    let spells = fail_at_random(&scene.platform, &mut door, seed, Instant::now() + time).await;

    own.abort();
    let sent = load.stop().await;
    // What was lost on its way over the socket is still stored, and comes with the next drain.
    scene.platform.close_sockets("bob", 1012, "restart");
    let handled = timeout(PATIENCE, scene.settled()).await;
    bob.signal("-TERM").await;
    assert!(bob.child.wait().await.unwrap().success(), "{runtime}");
    let complaints = complaints.await.unwrap();
    assert_eq!(complaints, Vec::<String>::new(), "{runtime}");
    let heard = heard.await.unwrap();
    assert!(handled.is_ok(), "{runtime}: {} of {sent} were handled", heard.messages.len());
    assert_eq!(heard.messages.len(), sent, "{runtime}: every message is handled");
    scene.platform.shutdown().await;
    format!("{runtime}: {spells} sets of faults, {sent} messages, {heard}")
}

/// Sets of faults, one after the other, with nothing failing in between; how many there were.
async fn fail_at_random(platform: &LocalPlatform, door: &mut Door, seed: u64, until: Instant) -> usize {
    let mut random = seed;
    let mut spells = 0;
    while Instant::now() < until {
        let with_silence = until.saturating_duration_since(Instant::now()) > SILENCE;
        if next(&mut random).is_multiple_of(8) {
            door.shut().await;
        } else {
            for _ in 0..=next(&mut random) % 4 {
                platform.faults().add(rule(&mut random, with_silence)).unwrap();
            }
        }
        sleep(Duration::from_millis(next(&mut random) % LONGEST_MS)).await;
        platform.faults().clear();
        door.open_if_shut();
        sleep(Duration::from_millis(next(&mut random) % LONGEST_MS / 2)).await;
        spells += 1;
    }
    spells
}

fn rule(random: &mut u64, with_silence: bool) -> Rule {
    let rule = if next(random).is_multiple_of(2) {
        let route = choose(random, ROUTES);
        Rule::request(Requests::route(*route), request_fault(random, with_silence))
    } else if next(random).is_multiple_of(3) {
        Rule::frame(Frames::from_client().of_type("ack").agent("bob"), frame_fault(random, with_silence))
    } else {
        Rule::frame(Frames::to_client().agent("bob"), frame_fault(random, with_silence))
    };
    // From one in five to every one.
    rule.chance((next(random) % 5 + 1) as f64 / 5.0, next(random))
}

fn request_fault(random: &mut u64, with_silence: bool) -> RequestFault {
    let faults = [
        RequestFault::respond(500),
        RequestFault::respond(503),
        RequestFault::respond(503).header("retry-after", "1"),
        RequestFault::respond(429).header("retry-after", "2"),
        RequestFault::respond(200).text("[{\"id\":"),
        RequestFault::respond(200).text("null"),
        RequestFault::respond(502).text("<html>"),
        RequestFault::close(),
        RequestFault::reset(),
        RequestFault::reset().carried_out(),
        RequestFault::slow(Duration::from_millis(300)),
        RequestFault::body(BodyFault::Truncate { after: 20 }),
        RequestFault::body(BodyFault::Stall { after: 20, wait: Wait::For(Duration::from_millis(500)) }),
        RequestFault::body(BodyFault::Drip { bytes: 64, every: Duration::from_millis(5) }),
    ];
    let silence = [RequestFault::silence(), RequestFault::body(BodyFault::Stall { after: 20, wait: Wait::Forever })];
    if with_silence && next(random).is_multiple_of(10) { choose(random, &silence) } else { choose(random, &faults) }
        .clone()
}

fn frame_fault(random: &mut u64, with_silence: bool) -> FrameFault {
    let faults = [
        FrameFault::Drop,
        FrameFault::Duplicate { copies: 2 },
        FrameFault::Delay { by: Duration::from_millis(30) },
        FrameFault::Defer { by: Duration::from_millis(200) },
        FrameFault::Reorder { behind: 3 },
        FrameFault::Replace { text: "null".into() },
        FrameFault::Replace { text: r#"{"type":"message.new","payload":{"seq":"#.into() },
        FrameFault::Close { code: 1012, reason: "restart".into() },
        FrameFault::Close { code: 1011, reason: String::new() },
        FrameFault::Cut,
        FrameFault::Reset,
    ];
    let half_open = with_silence && next(random).is_multiple_of(20);
    if half_open { FrameFault::Freeze } else { choose(random, &faults).clone() }
}

fn choose<'a, T>(random: &mut u64, from: &'a [T]) -> &'a T {
    &from[next(random) as usize % from.len()]
}

/// Messages of bob's own to those who write to him.
fn sends_from_elsewhere(scene: &Scene) -> JoinHandle<()> {
    let context = Context::builder().base_url(scene.platform.base_url());
    let context = context.api_key(ApiKey::new(scene.bob.clone()).unwrap()).build().unwrap();
    let bob = agentchat_tokio::client(context);
    tokio::spawn(async move {
        for sender in (0..SENDERS).cycle() {
            bob.send_message(SendMessage::to(format!("sender-{sender}"), "hello")).await.unwrap();
            sleep(OWN_PACE).await;
        }
    })
}

/// What a listener has said on standard error, but for pauses that the platform has asked for.
async fn complaints(stderr: ChildStderr) -> Vec<String> {
    let mut lines = BufReader::new(stderr).lines();
    let mut complaints = Vec::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        if !line.contains("; trying again in ") {
            complaints.push(line);
        }
    }
    complaints
}

/// What a listener has printed.
#[derive(Default)]
struct Heard {
    /// Conversation and seq.
    messages: BTreeSet<(String, u64)>,
    /// The highest seq of each conversation.
    marks: BTreeMap<String, u64>,
    /// Conversations with a gap that was given up.
    given_up: BTreeSet<String>,
    gaps: usize,
    not_recovered: usize,
    late: usize,
    disconnects: usize,
}

impl Heard {
    async fn all(mut lines: Lines<BufReader<ChildStdout>>) -> Self {
        let mut heard = Self::default();
        while let Some(line) = lines.next_line().await.unwrap() {
            heard.line(&serde_json::from_str(&line).unwrap());
        }
        heard
    }

    fn line(&mut self, line: &Value) {
        match line["type"].as_str().unwrap() {
            "message.new" => {
                let payload = &line["payload"];
                self.message(payload["conversation_id"].as_str().unwrap(), payload["seq"].as_u64().unwrap());
            }
            "client.sequence_gap" => {
                self.gaps += 1;
                if line["recovered"] == false {
                    self.not_recovered += 1;
                    self.given_up.insert(line["conversation_id"].as_str().unwrap().to_owned());
                }
            }
            "client.disconnected" => self.disconnects += 1,
            "client.gave_up" => panic!("every line can be printed: {line}"),
            _ => {}
        }
    }

    fn message(&mut self, conversation: &str, seq: u64) {
        assert!(self.messages.insert((conversation.to_owned(), seq)), "{conversation} {seq} was handled twice");
        let mark = self.marks.entry(conversation.to_owned()).or_default();
        if seq < *mark {
            self.late += 1;
            assert!(self.given_up.contains(conversation), "{conversation} {seq} after {mark}, and no gap was given up");
        }
        *mark = seq.max(*mark);
    }
}

impl std::fmt::Display for Heard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { gaps, not_recovered, late, disconnects, .. } = self;
        write!(f, "{disconnects} disconnects, {gaps} gaps, {not_recovered} of them given up, {late} messages late")
    }
}
