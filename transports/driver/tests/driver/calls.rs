//! Calls: retries, give-ups, and what dropping one does.

use std::time::Duration;

use agentchat_driver::testkit::Task;
use agentchat_engine::rest::{GetMe, RetryPolicy, SendMessage};
use agentchat_engine::{CallOptions, Error, Fault, FaultKind, WasSent};
use futures_util::{FutureExt, StreamExt};
use serde_json::json;

use crate::rig::{Rig, Session, message};

#[test]
fn a_failed_attempt_is_repeated_after_its_wait_with_the_same_request() {
    let rig = Rig::new();
    let client = rig.client.clone();
    let mut call = Task::new(async move { client.send_message(SendMessage::to("@alice", "hi")).await });
    assert!(call.run().is_none());
    let first = rig.exchange();
    assert_eq!(first.request().uri().path(), "/v1/messages");
    assert!(first.request().headers()["user-agent"].to_str().unwrap().ends_with(" testkit/1"));
    let body = first.request().body().clone();
    first.answer(503, &json!({}));
    assert!(call.run().is_none());
    assert!(rig.script.exchanges() == 0, "it waits");

    rig.script.clock().advance(Duration::from_secs(1));
    assert!(call.run().is_none());
    let second = rig.exchange();
    assert_eq!(second.request().body(), &body);
    second.answer(201, &message("c", 1, "me"));
    let reply = call.run().expect("the call is done").unwrap();
    assert_eq!((reply.meta.attempts, reply.seq), (2, Some(1)));
}

#[test]
fn a_dropped_call_drops_its_attempt() {
    let rig = Rig::new();
    let client = rig.client.clone();
    let mut call = Task::new(async move { client.get_me().await });
    assert!(call.run().is_none());
    let exchange = rig.exchange();
    assert!(!exchange.is_given_up());
    drop(call);
    assert!(exchange.is_given_up());
}

#[test]
fn an_attempt_that_the_engine_gave_up_is_dropped() {
    let rig = Rig::new();
    let client = rig.client.clone();
    let options = CallOptions::default().timeout(Duration::from_secs(1));
    let mut call = Task::new(async move { client.call_with(GetMe::new(), options).await });
    assert!(call.run().is_none());
    let first = rig.exchange();
    rig.script.clock().advance(Duration::from_millis(999));
    assert!(call.run().is_none());
    assert!(!first.is_given_up());
    rig.script.clock().advance(Duration::from_millis(1));
    assert!(call.run().is_none());
    assert!(first.is_given_up());
    rig.script.clock().advance(Duration::from_secs(1));
    assert!(call.run().is_none());
    rig.exchange().answer(200, &json!({"handle": "alice"}));
    assert_eq!(call.run().expect("the call is done").unwrap().meta.attempts, 2);
}

#[test]
fn a_fault_is_returned_when_no_retry_is_allowed() {
    let rig = Rig::new();
    let client = rig.client.with_options(CallOptions::default().retry(RetryPolicy::never()));
    let mut call = Task::new(async move { client.get_me().await });
    assert!(call.run().is_none());
    let fault = Fault::new(FaultKind::Connect, WasSent::No, "refused");
    rig.exchange().end::<bytes::Bytes>(Err(fault.clone()));
    let error = call.run().expect("the call is done").unwrap_err();
    assert!(matches!(&error, Error::Transport { fault: told, attempts: 1, .. } if *told == fault), "{error:?}");
}

#[test]
fn an_invalid_argument_sends_nothing() {
    let rig = Rig::new();
    let error = rig.client.get_agent("..").now_or_never().expect("no waiting").unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error:?}");
    assert!(rig.script.exchanges() == 0);
}

#[test]
fn a_default_idempotency_key_is_not_shared_by_calls() {
    let options = CallOptions::default().idempotency_key("12345678");
    assert_eq!(Rig::new().client.with_options(options).options().idempotency_key, None);
}

#[test]
fn sessions_learn_of_own_sends_and_do_not_wait_for_their_seqs() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    session.message("c", 1);
    deliveries.next().now_or_never().flatten().unwrap().handled();
    session.run();

    let client = session.rig.client.clone();
    let mut send = Task::new(async move { client.send_message(SendMessage::to("alice", "hi")).await });
    assert!(send.run().is_none());
    session.rig.exchange().answer(201, &message("c", 2, "me"));
    assert!(send.run().expect("the call is done").is_ok());

    session.message("c", 3);
    let reply = deliveries.next().now_or_never().flatten().expect("seq 2 is no gap");
    assert_eq!(reply.header().unwrap().seq, Some(3));
}

#[test]
fn another_agents_sends_are_no_business_of_the_session() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    session.message("c", 1);
    deliveries.next().now_or_never().flatten().unwrap().handled();
    session.run();

    let other = session.rig.client.with_api_key(agentchat_engine::ApiKey::new("ac_other").unwrap());
    let mut send = Task::new(async move { other.send_message(SendMessage::to("me", "hi")).await });
    assert!(send.run().is_none());
    session.rig.exchange().answer(201, &message("c", 2, "other"));
    assert!(send.run().expect("the call is done").is_ok());

    session.message("c", 3);
    assert!(deliveries.next().now_or_never().is_none(), "seq 2 is still to come");
    session.message("c", 2);
    assert_eq!(deliveries.next().now_or_never().flatten().unwrap().header().unwrap().seq, Some(2));
}
