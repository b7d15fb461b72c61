//! Recordings: what the loop did replays, and a sink that fails takes nothing along.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use agentchat_driver::testkit::Task;
use agentchat_driver::{Client, Connection, RecordingOf, RecordingSink};
use agentchat_engine::realtime::{ConnectionState, SessionOptions};
use agentchat_engine::recording::replay;
use futures_util::{FutureExt, StreamExt};
use serde_json::json;

use crate::rig::{Rig, accept, say_message};
use crate::store::WithStore;

#[derive(Clone, Default)]
struct File(Arc<Mutex<String>>);

impl File {
    fn sink(&self) -> RecordingSink {
        let file = Arc::clone(&self.0);
        Box::new(move |line| {
            file.lock().unwrap().push_str(line);
            Ok(())
        })
    }

    fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

fn recorded(client: &Client<WithStore>, file: &File) -> Client<WithStore> {
    let file = file.clone();
    client.with_recordings(move |_| Some(file.sink()))
}

/// Connects, handles a message, and closes.
fn live_through(rig: &Rig, client: &Client<WithStore>) -> ConnectionState {
    let options = SessionOptions::default().own_handle("me").drain(false);
    let (realtime, connection) = client.realtime(options);
    let mut deliveries = realtime.deliveries().unwrap();
    let mut connection = Task::new(Connection::run(connection));
    assert_eq!(connection.run(), None);
    let peer = accept(rig, &mut connection);
    say_message(&peer, "c", 1);
    assert_eq!(connection.run(), None);
    deliveries.next().now_or_never().flatten().expect("a delivery").handled();
    assert_eq!(connection.run(), None);
    assert_eq!(peer.sent_texts(), [json!({"type": "ack", "message_id": "c-1"})]);
    realtime.close();
    drop(peer);
    connection.run().expect("the session has ended")
}

#[test]
fn what_a_session_did_replays() {
    let (rig, file) = (Rig::new(), File::default());
    assert_eq!(live_through(&rig, &recorded(&rig.client, &file)), ConnectionState::Closed);
    let recording = file.text();
    assert!(!recording.contains("ac_test") && recording.contains("\"closed\""), "{recording}");
    let replayed = replay(&recording).unwrap_or_else(|e| panic!("{e}"));
    assert!(!replayed.truncated && replayed.inputs > 4, "{replayed:?}");
}

#[test]
fn what_a_call_did_replays() {
    let (rig, file) = (Rig::new(), File::default());
    let client = recorded(&rig.client, &file);
    let mut call = Task::new(async move { client.get_agent("alice").await.map(|agent| agent.handle.clone()) });
    assert!(call.run().is_none());
    rig.exchange().answer(503, &json!({}));
    assert!(call.run().is_none());
    rig.script.clock().advance(std::time::Duration::from_secs(1));
    assert!(call.run().is_none());
    rig.exchange().answer(200, &json!({"handle": "alice"}));
    assert!(call.run().unwrap().is_ok());
    let recording = file.text();
    assert!(recording.contains("\"retrying\""), "{recording}");
    assert_eq!(replay(&recording).map(|replayed| replayed.inputs), Ok(3), "{recording}");
}

#[test]
fn each_machine_is_asked_for_and_may_be_left_out() {
    let rig = Rig::new();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    let client = rig.client.with_recordings(move |what| {
        noted.lock().unwrap().push(match what {
            RecordingOf::Call(route) => route.name,
            _ => "session",
        });
        None
    });
    assert_eq!(live_through(&rig, &client), ConnectionState::Closed);
    let with_options = client.with_options(client.options().clone());
    let mut call = Task::new(async move { with_options.get_me().await.is_ok() });
    assert!(call.run().is_none());
    assert_eq!(*asked.lock().unwrap(), ["session", "get_me"]);
}

#[test]
fn a_sink_that_fails_or_panics_is_not_asked_again() {
    let fails: [fn() -> io::Result<()>; 2] = [|| Err(io::Error::other("the disk is full")), || panic!("a bug")];
    for fail in fails {
        let (rig, written) = (Rig::new(), Arc::new(AtomicUsize::new(0)));
        let lines = Arc::clone(&written);
        let client = rig.client.with_recordings(move |_| {
            let lines = Arc::clone(&lines);
            Some(Box::new(move |_: &str| if lines.fetch_add(1, Ordering::Relaxed) == 3 { fail() } else { Ok(()) }))
        });
        assert_eq!(live_through(&rig, &client), ConnectionState::Closed, "the session does not notice");
        assert_eq!(written.load(Ordering::Relaxed), 4);
    }
}
