//! Every future of a client, dropped at any of its await points: nothing leaks, and the client works on.
//!
//! That none is forgotten here or in `cancelled_sessions` is tested beside the table of endpoints.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use agentchat_driver::{CallEvent, Download, Hooks, SocketCommand, Transport, Upload};
use agentchat_engine::paging::{Contacts, PagingError};
use agentchat_engine::rest::{GetMessages, JsonCall, SendMessage, TABLE};
use agentchat_engine::types::Contact;
use agentchat_engine::{ApiKey, Error};
use axum::http::Request;
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;

use super::adapter::{Adapter, client};
use super::dropping::{at_every_point, polled};
use super::platform::{agent, patient, start, stop, until};
use super::server::serve;
use agentchat_local::Settings;

/// What leads to `target`, and how many of its connections are open.
fn counting(target: SocketAddr) -> (SocketAddr, Arc<AtomicUsize>) {
    let open = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&open);
    let address = serve(move |_, mut stream| {
        counted.fetch_add(1, Ordering::SeqCst);
        let counted = Arc::clone(&counted);
        async move {
            let mut onward = TcpStream::connect(target).await.unwrap();
            // Ends with either side.
            let _ = copy_bidirectional(&mut stream, &mut onward).await;
            counted.fetch_sub(1, Ordering::SeqCst);
        }
    });
    (address, open)
}

/// Every row of the table, with the parameters of its first vector. What they name is mostly unknown to the platform, and that
/// is an answer too.
pub(super) async fn every_call_can_be_dropped_at_any_point_and_leaves_no_connection<A: Adapter>() {
    let platform = start(Settings::default()).await;
    platform.create_agent("alice").unwrap();
    let (address, open) = counting(platform.addr());
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../../vectors/requests.json")).unwrap();
    for (number, route) in TABLE.iter().enumerate() {
        let vector = vectors.iter().find(|vector| vector["name"] == route.name).unwrap();
        let call = || JsonCall::new(route.name, vector["params"].clone()).unwrap();
        let key = platform.create_agent(&format!("caller-{number}")).unwrap().api_key;
        let client = client::<A>(address).with_api_key(ApiKey::new(key).unwrap());
        let plain = at_every_point(|_| client.call(call())).await;
        let with_options = at_every_point(|_| client.call_with(call(), patient())).await;
        for answered in [plain, with_options] {
            assert!(matches!(answered, Ok(_) | Err(Error::Api(_))), "{}: {answered:?}", route.name);
        }
        drop(client);
        until::<A>(|| open.load(Ordering::SeqCst) == 0).await;
    }
    stop(platform).await;
}

pub(super) async fn lists_can_be_dropped_at_any_point_and_go_on_where_they_were<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let alice = agent::<A>(&platform, "alice");
    let names: Vec<_> = (0..7).map(|number| format!("friend{number}")).collect();
    for name in &names {
        platform.create_agent(name).unwrap();
        alice.add_contact(name.as_str()).await.unwrap();
    }
    let contacts = || Contacts::new().page_size(2);
    let name = |row: Result<Contact, PagingError>| row.unwrap().handle.to_string();
    // The list stays, and the waits for its rows are dropped.
    let (mut rows, mut list) = (Vec::new(), alice.pages(contacts()));
    for times in 0.. {
        match polled(2 + times % 2, list.next()).await {
            Some(Some(row)) => rows.push(name(row)),
            Some(None) => break,
            None => {}
        }
    }
    assert_eq!(rows, names);
    // The list itself is dropped, and another goes on from its position.
    let (mut rows, mut position) = (Vec::new(), 0);
    for times in 0.. {
        let mut list = alice.pages(contacts().start(position));
        let reading = async {
            while let Some(row) = list.next().await {
                rows.push(name(row));
            }
        };
        let done = polled(times, reading).await;
        position = list.position();
        if done.is_some() {
            break;
        }
    }
    assert_eq!(rows, names);
    stop(platform).await;
}

pub(super) async fn a_call_can_be_dropped_at_any_point_and_made_again<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    // A new connection each time, so that connecting is dropped as well.
    let mut sent = BTreeSet::new();
    let last = at_every_point(|times| {
        let id = format!("dropped-{times}");
        sent.insert(id.clone());
        let fresh = agent::<A>(&platform, &format!("alice-{times}"));
        async move { fresh.send_message(SendMessage::to("bob", "fresh").client_msg_id(id)).await }
    })
    .await;
    assert_eq!(last.unwrap().meta.attempts, 1);

    // And over one client, whose pooled connections see it all. Whether the dropped call was carried out or not, making it
    // again with its id stores it once.
    let last = at_every_point(|times| {
        let alice = &alice;
        let send = move || SendMessage::to("bob", format!("{times}")).client_msg_id(format!("again-{times}"));
        async move {
            let first = alice.send_message(send()).await;
            assert_eq!(alice.send_message(send()).await.unwrap().id, first.unwrap().id);
            times
        }
    })
    .await;
    for times in 0..=last {
        let again = SendMessage::to("bob", format!("{times}")).client_msg_id(format!("again-{times}"));
        alice.send_message(again).await.unwrap();
    }
    let conversation = alice.send_message(SendMessage::to("bob", "the end")).await.unwrap().conversation_id.clone();
    let rows = bob.get_messages(GetMessages::new(conversation).after_seq(0_u64).limit(200_u32)).await.unwrap();
    let ids: Vec<_> = rows.iter().map(|row| row.client_msg_id.clone()).collect();
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len());
    assert_eq!(ids.len(), last + 2, "each once, and the end");
    stop(platform).await;
}

pub(super) async fn files_can_be_dropped_on_their_way_and_sent_again<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    let bytes = Bytes::from(vec![7; 300_000]);
    let upload = || Upload::to("bob", bytes.clone()).filename("note.txt");
    let uploaded = at_every_point(|_| alice.upload(upload())).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("note.txt");
    let download = || Download::new(uploaded.attachment_id.clone());
    let received = at_every_point(|_| bob.download_to(download(), &target)).await.unwrap();
    assert_eq!(received.file, uploaded.file);
    let written = at_every_point(async |_| {
        let mut written = Vec::new();
        bob.download(download(), &mut written).await.map(|_| written)
    });
    assert!(written.await.unwrap() == bytes);
    assert!(std::fs::read(&target).unwrap() == bytes);
    // What was dropped is cleared away by a thread of its own.
    until::<A>(|| std::fs::read_dir(folder.path()).unwrap().count() == 1).await;
    stop(platform).await;
}

pub(super) async fn an_opening_can_be_dropped_at_any_point_and_leaves_no_socket<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let bob = agent::<A>(&platform, "bob");
    let (address, open) = counting(platform.addr());
    let url = format!("ws://{address}/v1/ws");
    let mut socket = at_every_point(|_| bob.transport().open(Request::get(&url).body(()).unwrap())).await.unwrap();
    socket.send(SocketCommand::Ping).await.unwrap();
    assert!(socket.next().await.is_some(), "the one that was not dropped works");
    drop(socket);
    until::<A>(|| open.load(Ordering::SeqCst) == 0).await;
    stop(platform).await;
}

pub(super) async fn hooks_can_be_dropped_at_any_point_and_no_call_minds<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let alice = agent::<A>(&platform, "alice");
    // Two events, and a turn for others after each.
    for times in 0..=3 {
        let (observed, events) = alice.observed();
        observed.get_me().await.unwrap();
        assert!(polled(times, Hooks::new().run(events)).await.is_none(), "they run as long as the client is there");
        observed.get_me().await.unwrap();
    }
    // The events stay, and the waits for them are dropped.
    let (observed, mut events) = alice.observed();
    for _ in 0..10 {
        assert!(polled(1, events.next()).await.is_none());
        observed.get_me().await.unwrap();
        let told = [events.next().await.unwrap(), events.next().await.unwrap()];
        let [CallEvent::Request(request), CallEvent::Response(response)] = told else { panic!("{told:?}") };
        assert_eq!(request.at, response.at);
    }
    stop(platform).await;
}
