//! Hooks over real sockets: they hear what happens, and no call waits for them.

use std::sync::mpsc::sync_channel;

use agentchat_driver::{CallEvent, Hooks};
use agentchat_engine::rest::SendMessage;
use agentchat_net::with_hooks;
use futures_util::StreamExt;
use tokio::sync::mpsc;

use super::adapter::Adapter;
use super::files::agent;
use super::server::platform;
use agentchat_local::Settings;

pub(super) async fn hooks_run_in_the_background_and_hear_of_warnings<A: Adapter>() {
    let platform = platform(Settings::default().backlog_warning(1)).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    alice.send_message(SendMessage::to("bob", "hi")).await.unwrap();
    bob.send_message(SendMessage::to("alice", "hi")).await.unwrap();
    let (say, mut heard) = mpsc::unbounded_channel();
    let (say_error, mut errors) = mpsc::unbounded_channel();
    let hooks = Hooks::new()
        .on_request(|_| panic!("a hook's own mistake"))
        .on_backlog_warning(move |event| say.send(event.warning.clone()).unwrap())
        .on_error(move |event| say_error.send(event.failure.status).unwrap());
    let alice = with_hooks(&alice, hooks);
    let sent = alice.send_message(SendMessage::to("bob", "still there?")).await.unwrap();
    assert_eq!(heard.recv().await, sent.meta.backlog_warning);
    assert!(alice.get_agent("nobody-at-all").await.is_err());
    assert_eq!(errors.recv().await, Some(Some(404)));
    drop(alice);
    assert_eq!(heard.recv().await, None, "the hooks are gone with the client");
}

pub(super) async fn a_hook_that_blocks_holds_no_call_up<A: Adapter>() {
    let platform = platform(Settings::default()).await;
    let (alice, events) = agent::<A>(&platform, "alice").observed();
    let (let_go, until) = sync_channel::<()>(0);
    let hooks = Hooks::new().on_request(move |_| until.recv().unwrap());
    let running = std::thread::spawn(|| A::block_on(hooks.run(events)));
    for _ in 0..10 {
        alice.get_me().await.unwrap();
    }
    drop(alice);
    for _ in 0..10 {
        let_go.send(()).unwrap();
    }
    running.join().unwrap();
}

pub(super) async fn events_can_be_read_as_a_stream<A: Adapter>() {
    let platform = platform(Settings::default()).await;
    let (alice, mut events) = agent::<A>(&platform, "alice").observed();
    alice.get_me().await.unwrap();
    let Some(CallEvent::Request(request)) = events.next().await else { panic!() };
    assert_eq!(request.at.url.as_ref(), format!("{}/v1/agents/me", platform.base_url()));
    let Some(CallEvent::Response(response)) = events.next().await else { panic!() };
    assert!(response.status == 200 && response.request_id.is_some() && response.at == request.at);
}
