//! `agentchat listen --checkpoint F --exec …`, killed with SIGKILL at random moments under load: every message is handled
//! at least once, and twice at most those that were in flight.
//!
//! Five kills in an ordinary run; `AGENTCHAT_KILLS=100` for more, with `--nocapture` to see the numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use agentchat_conformance::server::LocalPlatform;
use agentchat_tokio::{ApiKey, Client, Context, SendMessage};
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::process::Child;
use tokio::sync::{Mutex, MutexGuard};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::run::{AGENTCHAT, platform, program};

/// As many conversations, and so as many messages at the same time.
const SENDERS: usize = 6;

/// Between two messages of one sender: together they send more than is handled.
const PACE: Duration = Duration::from_millis(60);

/// The longest life of a listener: long enough to handle some dozens of messages, and often too short to connect.
const LONGEST_LIFE_MS: u64 = 600;

/// Far more than it takes to handle what is left: whoever takes longer has lost something.
const PATIENCE: Duration = Duration::from_secs(300);

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_it_loses_nothing() {
    let kills = std::env::var("AGENTCHAT_KILLS").map_or(5, |text| text.parse().unwrap());
    let platform = platform().await;
    let bob = platform.create_agent("bob").unwrap().api_key;
    let handler = Handler::new();
    let load = Load::start(&platform);

    let (mut in_flight, mut random) = (0, 0x9e37_79b9_7f4a_7c15_u64);
    for _ in 0..kills {
        let listener = handler.listen(&platform, &bob);
        sleep(Duration::from_millis(next(&mut random) % LONGEST_LIFE_MS)).await;
        kill(listener, &platform).await;
        let sent = load.pause().await;
        // Whatever the handler began and the platform does not know to be handled.
        in_flight += handler.begun().distinct() - (*sent - platform.undelivered("bob"));
    }

    let sent = load.stop().await;
    let listener = handler.listen(&platform, &bob);
    let all_acked = async {
        while platform.undelivered("bob") > 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, all_acked).await.expect("everything is handled in the end");
    kill(listener, &platform).await;

    let (begun, ended) = (handler.begun(), handler.ended());
    assert_eq!(ended.distinct(), sent, "every message is handled at least once");
    let repeated = begun.count() - begun.distinct();
    println!("{kills} kills, {sent} messages, {in_flight} in flight at the kills, {repeated} handled twice");
    assert!(repeated <= in_flight, "{repeated} handled again, {in_flight} were in flight");
    assert_eq!(begun.first_out_of_order(), None, "each conversation in order");
    platform.shutdown().await;
}

/// Kills the listener, and waits until nothing of it is left: the commands that it had started hold its standard error
/// open, and the platform has read what it had sent.
async fn kill(mut listener: Child, platform: &LocalPlatform) {
    listener.kill().await.unwrap();
    let mut complaints = String::new();
    listener.stderr.take().unwrap().read_to_string(&mut complaints).await.unwrap();
    assert_eq!(complaints, "");
    while platform.open_sockets("bob") > 0 {
        sleep(Duration::from_millis(5)).await;
    }
}

/// A generator of moments (splitmix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 27)
}

/// Agents that write to bob without a pause.
struct Load {
    /// How many messages are stored; held where none may be stored meanwhile.
    sent: Arc<Mutex<usize>>,
    senders: Vec<JoinHandle<()>>,
}

impl Load {
    fn start(platform: &LocalPlatform) -> Self {
        let sent = Arc::new(Mutex::new(0));
        let senders = (0..SENDERS).map(|n| {
            let key = platform.create_agent(&format!("sender-{n}")).unwrap().api_key;
            let context = Context::builder().base_url(platform.base_url()).api_key(ApiKey::new(key).unwrap());
            tokio::spawn(write_on(agentchat_tokio::client(context.build().unwrap()), Arc::clone(&sent)))
        });
        Self { senders: senders.collect(), sent }
    }

    /// Nothing is sent while this is held; how many messages there are.
    async fn pause(&self) -> MutexGuard<'_, usize> {
        self.sent.lock().await
    }

    async fn stop(self) -> usize {
        let sent = self.sent.lock().await;
        self.senders.iter().for_each(JoinHandle::abort);
        *sent
    }
}

async fn write_on(client: Client, sent: Arc<Mutex<usize>>) {
    loop {
        let mut sent = sent.lock().await;
        client.send_message(SendMessage::to("bob", "hi")).await.unwrap();
        *sent += 1;
        drop(sent);
        sleep(PACE).await;
    }
}

/// A command that notes what it begins with and what it has ended with. One that was given nothing was started just
/// before the kill.
struct Handler {
    folder: PathBuf,
}

impl Handler {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("agentchat-kill-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    fn listen(&self, platform: &LocalPlatform, key: &str) -> Child {
        let [begun, ended, checkpoint] = ["begun", "ended", "checkpoint"].map(|name| self.folder.join(name));
        let command = format!(
            "message=$(cat); test \"$message\" || exit; printf '%s\\n' \"$message\" >> {}; sleep 0.01; printf '%s\\n' \"$message\" >> {}",
            begun.display(),
            ended.display()
        );
        let mut listen = program(AGENTCHAT, platform, Some(key));
        listen.args(["listen", "--json", "--reconnect-base-ms", "10", "--exec", &command]);
        listen.arg("--checkpoint").arg(checkpoint);
        listen.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn begun(&self) -> Log {
        Log::read(&self.folder.join("begun"))
    }

    fn ended(&self) -> Log {
        Log::read(&self.folder.join("ended"))
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The messages that were noted: conversation and seq.
struct Log(Vec<(String, u64)>);

impl Log {
    fn read(path: &std::path::Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let message = |line: &str| {
            let line: Value = serde_json::from_str(line).unwrap();
            let payload = &line["payload"];
            (payload["conversation_id"].as_str().unwrap().to_owned(), payload["seq"].as_u64().unwrap())
        };
        Self(text.lines().map(message).collect())
    }

    fn count(&self) -> usize {
        self.0.len()
    }

    fn distinct(&self) -> usize {
        self.0.iter().collect::<BTreeSet<_>>().len()
    }

    /// The first message of a conversation that was begun before one below it: what, and after which seq.
    fn first_out_of_order(&self) -> Option<(&str, u64, u64)> {
        let mut begun = BTreeMap::<&str, u64>::new();
        self.0.iter().find_map(|(conversation, seq)| {
            let highest = begun.entry(conversation).or_default();
            let before = *highest;
            *highest = before.max(*seq);
            (*seq > before + 1).then_some((conversation.as_str(), *seq, before))
        })
    }
}
