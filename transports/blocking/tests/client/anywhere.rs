//! Calls and sessions from wherever a program may be: outside of any runtime, and inside each.

use std::thread;
use std::time::Duration;

use agentchat_blocking::{Client, SendMessage, SessionOptions, block_on};

use crate::platform::Scene;

/// Two agents.
fn agents(scene: &Scene) -> [Client; 2] {
    ["alice", "bob"].map(|handle| scene.agent(handle))
}

/// A call, a session with a message, and its end.
fn everything([alice, bob]: &[Client; 2]) {
    let realtime = bob.realtime(SessionOptions::default()).unwrap();
    let mut deliveries = realtime.deliveries().unwrap();
    let sent = alice.send_message(SendMessage::to("bob", "hi")).unwrap();
    let delivery = deliveries.recv_timeout(Duration::from_secs(60)).unwrap();
    assert_eq!(delivery.message().unwrap().id, sent.id);
    delivery.handled();
    realtime.close();
    assert!(deliveries.next().is_none());
    drop(deliveries);
    drop(realtime);
    assert!(bob.get_agent("nobody").is_err());
}

#[test]
fn outside_of_any_runtime_and_from_several_threads() {
    let scene = Scene::new();
    let clients = agents(&scene);
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let [client, _] = clients.clone();
            thread::spawn(move || client.get_me().unwrap().handle.clone())
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap().as_str(), "alice");
    }
    everything(&clients);
}

#[test]
fn inside_tokio_with_one_thread_and_with_several() {
    let scene = Scene::new();
    let clients = agents(&scene);
    let one = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    one.block_on(async { everything(&clients) });
    let several = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let inside = clients.clone();
    several.block_on(several.spawn(async move { everything(&inside) })).unwrap();
    // Blocking threads and local tasks have checks of their own in tokio.
    let inside = clients.clone();
    several.block_on(several.spawn_blocking(move || everything(&inside))).unwrap();
}

#[test]
fn inside_smol_on_its_only_thread() {
    let scene = Scene::new();
    let clients = agents(&scene);
    smol::block_on(async { everything(&clients) });
    let inside = clients.clone();
    smol::block_on(smol::spawn(async move { everything(&inside) }));
}

#[test]
fn inside_async_std_and_on_a_thread_of_its_pool() {
    let scene = Scene::new();
    let clients = agents(&scene);
    async_std::task::block_on(async { everything(&clients) });
    let inside = clients.clone();
    async_std::task::block_on(async_std::task::spawn(async move { everything(&inside) }));
}

#[test]
fn inside_itself() {
    let scene = Scene::new();
    let clients = agents(&scene);
    block_on(async { block_on(async { everything(&clients) }) });
}
