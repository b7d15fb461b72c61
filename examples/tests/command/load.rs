//! A load of messages for bob, and a handler that notes what it does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use agentchat_local::LocalPlatform;
use agentchat_tokio::{ApiKey, Client, Context, ErrorKind, SendMessage};
use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// As many conversations, and so as many messages at the same time.
pub(crate) const SENDERS: usize = 6;

/// Between two messages of one sender: together they send more than is handled.
const PACE: Duration = Duration::from_millis(60);

/// A generator of moments (splitmix64).
pub(crate) fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 27)
}

/// Agents that write to bob without a pause.
pub(crate) struct Load {
    /// How many messages are stored; held where none may be stored meanwhile.
    sent: Arc<Mutex<usize>>,
    senders: Vec<JoinHandle<()>>,
}

impl Load {
    pub(crate) fn start(platform: &LocalPlatform) -> Self {
        let sent = Arc::new(Mutex::new(0));
        let senders = (0..SENDERS).map(|n| {
            let key = platform.create_agent(&format!("sender-{n}")).unwrap().api_key;
            let context = Context::builder().base_url(platform.base_url()).api_key(ApiKey::new(key).unwrap());
            tokio::spawn(write_on(agentchat_tokio::client(context.build().unwrap()), Arc::clone(&sent)))
        });
        Self { senders: senders.collect(), sent }
    }

    /// Nothing is sent while this is held; how many messages there are.
    pub(crate) async fn pause(&self) -> MutexGuard<'_, usize> {
        self.sent.lock().await
    }

    /// Nothing is sent any more; how many messages there are.
    pub(crate) async fn stop(&self) -> usize {
        let sent = self.sent.lock().await;
        self.senders.iter().for_each(JoinHandle::abort);
        *sent
    }
}

async fn write_on(client: Client, sent: Arc<Mutex<usize>>) {
    loop {
        let mut sent = sent.lock().await;
        match client.send_message(SendMessage::to("bob", "hi")).await {
            Ok(_) => *sent += 1,
            // Bob has not handled what there is for too long: it waits for him.
            Err(error) if error.api().is_some_and(|api| api.kind() == ErrorKind::RecipientBacklogged) => {}
            Err(error) => panic!("{error}"),
        }
        drop(sent);
        sleep(PACE).await;
    }
}

/// A command that notes what it begins with and what it has ended with. One that was given nothing was started just
/// before the kill.
pub(crate) struct Handler {
    folder: PathBuf,
}

impl Handler {
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("agentchat-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    /// Where it notes things, and where others may keep theirs.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The command for `--exec`. A limit on what its parent may write is not for it.
    pub(crate) fn command(&self) -> String {
        let [begun, ended] = ["begun", "ended"].map(|name| self.folder.join(name));
        format!(
            "ulimit -S -f unlimited; message=$(cat); test \"$message\" || exit; printf '%s\\n' \"$message\" >> {}; sleep 0.01; printf '%s\\n' \"$message\" >> {}",
            begun.display(),
            ended.display()
        )
    }

    pub(crate) fn begun(&self) -> Log {
        Log::read(&self.folder.join("begun"))
    }

    pub(crate) fn ended(&self) -> Log {
        Log::read(&self.folder.join("ended"))
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The messages that were noted: conversation and seq.
pub(crate) struct Log(Vec<(String, u64)>);

impl Log {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let message = |line: &str| {
            let line: Value = serde_json::from_str(line).unwrap();
            let payload = &line["payload"];
            (payload["conversation_id"].as_str().unwrap().to_owned(), payload["seq"].as_u64().unwrap())
        };
        Self(text.lines().map(message).collect())
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn distinct(&self) -> usize {
        self.0.iter().collect::<BTreeSet<_>>().len()
    }

    /// The first message of a conversation that was begun before one below it: what, and after which seq.
    pub(crate) fn first_out_of_order(&self) -> Option<(&str, u64, u64)> {
        let mut begun = BTreeMap::<&str, u64>::new();
        self.0.iter().find_map(|(conversation, seq)| {
            let highest = begun.entry(conversation).or_default();
            let before = *highest;
            *highest = before.max(*seq);
            (*seq > before + 1).then_some((conversation.as_str(), *seq, before))
        })
    }
}
