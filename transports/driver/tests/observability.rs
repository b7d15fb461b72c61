//! What a program's logs and metrics show, and that the page about it names everything that is there.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Once;
use std::time::Duration;

use agentchat_driver::engine::realtime::{SessionOptions, SessionStats};
use agentchat_driver::testkit::{Executor, TestPlatform};
use metrics_util::MetricKind;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use tracing::{Level, info};

thread_local! {
    /// What this test has logged.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// One subscriber for all tests: with one for each, an event that another test reaches first would be switched off for good.
static SUBSCRIBER: Once = Once::new();

struct Log;

impl Log {
    /// What a scene logs, without times.
    fn of(scene: impl FnOnce()) -> String {
        SUBSCRIBER.call_once(|| {
            let format = tracing_subscriber::fmt().with_writer(|| Self).with_max_level(Level::DEBUG);
            tracing::subscriber::set_global_default(format.with_ansi(false).without_time().finish()).unwrap();
        });
        scene();
        String::from_utf8(LOG.take()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One message fails once and is then handled; the handler says something of its own.
fn scene() {
    let platform = TestPlatform::new();
    let mut executor = Executor::new(&platform.clock());
    let client = platform.client();
    let (realtime, connection) = client.realtime(SessionOptions::default());
    executor.spawn(connection.run());
    let failed = Cell::new(false);
    executor.spawn(realtime.on_message(move |delivery| {
        info!("handling");
        let result = if failed.replace(true) { Ok(()) } else { Err("not now") };
        async move { result.map(|()| drop(delivery)) }
    }));
    executor.run();
    platform.deliver("alice", "hello");
    executor.advance(Duration::from_secs(5));
    executor.block_on(async move { client.get_me().await }).unwrap();
    realtime.close();
    executor.run();
}

#[test]
fn events_say_which_agent_and_session_and_what_a_handler_logs_says_of_which_message() {
    let log = Log::of(scene);
    let line = |words: &str| log.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {log}"));
    for words in ["caught up", "handler failed", "handling", "session ended"] {
        assert!(line(words).contains("realtime{session="), "{}", line(words));
        assert!(line(words).contains("agent=me"), "{}", line(words));
    }
    assert!(line("handling").contains("delivery{message_id=msg_1 conversation_id=conv_alice attempt=1}"), "{log}");
    assert!(line("handler failed").ends_with("handler failed message_id=msg_1 attempt=1 error=not now"), "{log}");
    let last = log.lines().rfind(|line| line.contains("call{name=\"get_me\"")).unwrap();
    assert!(last.contains("agent=me"), "{last}");
}

#[test]
fn metrics_add_up_and_gauges_return_to_nothing() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, scene);
    let values = snapshotter.snapshot().into_vec();
    let value = |kind: MetricKind, name: &str| {
        let found = values.iter().filter(|(key, ..)| key.kind() == kind && key.key().name() == name);
        found
            .map(|(.., value)| match value {
                DebugValue::Counter(count) => *count as f64,
                DebugValue::Gauge(value) => value.into_inner(),
                DebugValue::Histogram(values) => values.len() as f64,
            })
            .sum::<f64>()
    };
    for (name, expected) in [
        ("connections", 1.0),
        ("received", 1.0),
        ("offered", 2.0),
        ("failed", 1.0),
        ("handled", 1.0),
        ("gaps_given_up", 0.0),
    ] {
        assert_eq!(value(MetricKind::Counter, &format!("agentchat_session_{name}_total")), expected, "{name}");
    }
    for name in ["in_flight", "buffered_messages", "buffered_bytes", "acks_pending"] {
        assert_eq!(value(MetricKind::Gauge, &format!("agentchat_session_{name}")), 0.0, "{name}");
    }
    assert!(value(MetricKind::Histogram, "agentchat_call_duration_seconds") >= 2.0, "{values:?}");
}

/// Every event and span of this crate's sources is on the page about them, and so is every count.
#[test]
fn the_page_names_all_that_is_there() {
    let page = include_str!("../src/manual/observability.rs");
    let mut sources = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                sources.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut names = Vec::new();
    for macro_name in ["error!(", "warn!(", "info!(", "debug!(", "info_span!(", "debug_span!("] {
        for source in &sources {
            for (at, _) in source.match_indices(macro_name) {
                // A span's name, and the words of an event, are the first literal.
                let mut parts = source[at..].split('"');
                let before = parts.next().unwrap();
                names.push(parts.next().unwrap());
                // That is what `tracing` calls an event's words, which a field of this name would replace.
                assert!(!before.contains("message =") && !before.contains("?message,"), "{before}");
            }
        }
    }
    assert!(names.len() > 25, "{names:?}");
    for name in names {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
    let stats = serde_json::to_value(SessionStats::default()).unwrap();
    for count in stats.as_object().unwrap().keys() {
        assert!(page.contains(&format!("`{count}`")), "{count}");
    }
}
