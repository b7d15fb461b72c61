//! REST against the local platform: round trips, and calls that meet each fault of the switchboard and are carried out once.

use std::time::Duration;

use agentchat_driver::CallEvent;
use agentchat_engine::rest::{GetMessages, ListConversations, Register, SendMessage};
use agentchat_engine::{Error, ErrorCode};
use futures_util::StreamExt;

use super::adapter::Adapter;
use super::platform::{AdapterClient, agent, say, start, stop};
use agentchat_local::faults::{BodyFault, RequestFault, Requests, Rule};
use agentchat_local::{LocalPlatform, Settings};

pub(super) async fn an_agent_registers_writes_and_reads<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let bob = agent::<A>(&platform, "bob");
    let nobody = bob.with_options(bob.options().clone());
    let pending = nobody.register(Register::new("alice@example.com", "alice")).await.unwrap();
    let pending_id = pending.pending_id.clone();
    let code = platform.one_time_code(pending_id.as_str()).unwrap();
    let new = nobody.verify(pending_id, code).await.unwrap();
    let alice = bob.with_api_key(new.api_key.clone());
    assert_eq!(alice.get_me().await.unwrap().handle.as_str(), "alice");

    let sent = alice.send_message(SendMessage::to("@bob", "grüße 🦀")).await.unwrap();
    let rows = bob.get_messages(GetMessages::new(sent.conversation_id.clone())).await.unwrap();
    assert_eq!(rows[0].content.text.as_deref(), Some("grüße 🦀"));
    assert_eq!(bob.list_conversations(ListConversations::new()).await.unwrap().len(), 1);
    match bob.get_agent("nobody-at-all").await.unwrap_err() {
        Error::Api(error) => assert_eq!(error.code, ErrorCode::AgentNotFound),
        other => panic!("{other:?}"),
    }
    stop(platform).await;
}

/// Sends under a fault that hits the first two attempts: stored once, whatever the client saw of it.
async fn stored_once<A: Adapter>(platform: &LocalPlatform, alice: &AdapterClient<A>, fault: RequestFault) {
    let before = platform.undelivered("bob");
    let rule = Rule::request(Requests::route("send_message"), fault.clone()).times(2);
    let rule = platform.faults().add(rule).unwrap();
    let reply = alice.send_message(SendMessage::to("bob", "once")).await.unwrap();
    // On a busy machine others may have been given up as well.
    assert!(reply.meta.attempts >= 3, "{fault:?}");
    assert_eq!(platform.faults().remove(rule).unwrap().applied, 2);
    assert_eq!(platform.undelivered("bob"), before + 1, "{fault:?}");
}

pub(super) async fn whatever_becomes_of_its_answer_a_send_is_stored_once<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let alice = agent::<A>(&platform, "alice");
    let _bob = agent::<A>(&platform, "bob");
    for fault in [
        RequestFault::respond(503),
        RequestFault::respond(503).carried_out(),
        RequestFault::respond(502).text("<html>Bad gateway</html>"),
        RequestFault::close(),
        RequestFault::close().carried_out(),
        RequestFault::reset(),
        RequestFault::reset().carried_out(),
        RequestFault::body(BodyFault::Truncate { after: 0 }),
        RequestFault::body(BodyFault::Truncate { after: 10 }),
    ] {
        stored_once::<A>(&platform, &alice, fault).await;
    }
    stop(platform).await;
}

/// Not even a client that never heard of it, and asks again with its own id.
pub(super) async fn an_answer_that_never_comes_is_given_up_and_the_send_stored_once<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let alice = agent::<A>(&platform, "alice");
    let _bob = agent::<A>(&platform, "bob");
    let mut options = alice.options().clone();
    options.timeout = Some(Duration::from_millis(300));
    let alice = alice.with_options(options);
    stored_once::<A>(&platform, &alice, RequestFault::silence().carried_out()).await;
    stop(platform).await;
}

pub(super) async fn slow_answers_are_waited_for<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    for fault in [
        RequestFault::slow(Duration::from_millis(50)),
        RequestFault::body(BodyFault::Drip { bytes: 20, every: Duration::from_millis(1) }),
    ] {
        platform.faults().add(Rule::request(Requests::any(), fault).times(1)).unwrap();
        say::<A>(&alice, "bob", "slowly").await;
    }
    assert_eq!(bob.list_conversations(ListConversations::new()).await.unwrap().meta.attempts, 1);
    stop(platform).await;
}

pub(super) async fn retry_after_is_obeyed_and_returned_when_it_is_too_long<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let alice = agent::<A>(&platform, "alice");
    let refuse = |seconds: &str| RequestFault::respond(429).header("retry-after", seconds);
    platform.faults().add(Rule::request(Requests::any(), refuse("1")).times(1)).unwrap();
    let (observed, mut events) = alice.observed();
    assert_eq!(observed.get_me().await.unwrap().meta.attempts, 2);
    drop(observed);
    let mut waits = Vec::new();
    while let Some(event) = events.next().await {
        if let CallEvent::Retry(retry) = event {
            waits.push(retry.delay);
        }
    }
    assert!(matches!(waits[..], [wait] if wait >= Duration::from_secs(1)), "{waits:?}");
    platform.faults().add(Rule::request(Requests::any(), refuse("3600")).times(1)).unwrap();
    let error = alice.get_me().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3_600)));
    stop(platform).await;
}
