//! The testkit itself: that its platform behaves, that its time is in order, and that a test cannot hang.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use agentchat_driver::testkit::{Clock, Executor, TestPlatform, json as answer};
use agentchat_driver::{Delivery, Realtime};
use agentchat_engine::realtime::{ConnectionState, HaltReason, SessionOptions};
use agentchat_engine::rest::{GetMessages, SendMessage};
use futures_util::StreamExt as _;
use serde_json::json;

/// An agent that handles everything and notes what it saw.
fn agent(platform: &TestPlatform, executor: &mut Executor) -> (Realtime, Rc<RefCell<Vec<String>>>) {
    let (realtime, connection) = platform.client().realtime(SessionOptions::default());
    let seen = Rc::new(RefCell::new(Vec::new()));
    let notes = Rc::clone(&seen);
    executor.spawn(connection.run());
    executor.spawn(realtime.on_message(move |delivery: Delivery| {
        let id = delivery.header().map(|header| header.id.to_string());
        notes.borrow_mut().extend(id);
        async { Ok::<_, String>(()) }
    }));
    (realtime, seen)
}

#[test]
fn a_send_is_stored_once_and_takes_a_seq() {
    let platform = TestPlatform::new();
    let mut executor = Executor::new(&platform.clock());
    let client = platform.client();
    let mut busy = true;
    platform.on("POST", "/v1/messages", move |_| std::mem::take(&mut busy).then(|| answer(503, &json!({}))));
    let sent = executor.block_on(async move {
        client.send_message(SendMessage::to("@alice", "one")).await.unwrap();
        let two = client.send_message(SendMessage::to("Alice", "two").client_msg_id("my-own")).await.unwrap();
        let again = client.send_message(SendMessage::to("alice", "two").client_msg_id("my-own")).await.unwrap();
        assert_eq!(two.id, again.id);
        client.get_messages(GetMessages::new("conv_alice").after_seq(1_u64)).await.unwrap().value.len()
    });
    assert_eq!(sent, 1);
    let seqs: Vec<_> = platform.sent().iter().map(|row| row["seq"].as_u64()).collect();
    assert_eq!(seqs, [Some(1), Some(2)]);
    assert_eq!(platform.requests().len(), 5, "one was repeated");
}

#[test]
fn what_is_written_out_of_reach_arrives_later_in_order_and_once() {
    let platform = TestPlatform::new();
    let mut executor = Executor::new(&platform.clock());
    let before = platform.deliver("alice", "stored before");
    let (realtime, seen) = agent(&platform, &mut executor);
    executor.run();
    assert_eq!((platform.open_sockets(), realtime.state()), (1, ConnectionState::Live));
    platform.set_reachable(false);
    let during = [platform.deliver("alice", "during"), platform.deliver("bob", "during")];
    executor.advance(Duration::from_secs(300));
    assert_eq!(platform.unacked(), during);
    platform.set_reachable(true);
    executor.advance(Duration::from_secs(40));
    let all: Vec<_> = [before].into_iter().chain(during).collect();
    assert_eq!((&*seen.borrow(), &platform.acked()), (&all, &all));
}

#[test]
fn a_close_is_reported_and_one_for_good_ends_the_session() {
    let platform = TestPlatform::new();
    let mut executor = Executor::new(&platform.clock());
    let (realtime, _) = agent(&platform, &mut executor);
    executor.run();
    assert_eq!(platform.close(1001, "restart"), 1);
    executor.advance(Duration::from_secs(2));
    assert_eq!(platform.open_sockets(), 1, "it came back");
    platform.close(4401, "key revoked");
    executor.run();
    let reason = HaltReason::ClosedForGood { code: 4401, reason: "key revoked".into() };
    assert_eq!(realtime.state(), ConnectionState::Halted { reason });
}

#[test]
fn a_gap_is_filled_from_the_platforms_history() {
    let platform = TestPlatform::new();
    let mut executor = Executor::new(&platform.clock());
    let (_realtime, seen) = agent(&platform, &mut executor);
    executor.run();
    let first = platform.deliver("alice", "one");
    executor.run();
    // Through another client, so that the session does not hear of the seq that it takes.
    let client = platform.client();
    executor.block_on(async move { client.send_message(SendMessage::to("alice", "from elsewhere")).await.unwrap() });
    let third = platform.deliver("alice", "three");
    executor.run();
    assert_eq!(seen.borrow().len(), 1, "seq 2 is waited for");
    executor.advance(Duration::from_secs(3));
    assert_eq!(*seen.borrow(), [first, third]);
}

#[test]
fn the_same_test_gives_the_same_result() {
    let run = || {
        let platform = TestPlatform::new();
        let mut executor = Executor::new(&platform.clock());
        let (_realtime, seen) = agent(&platform, &mut executor);
        for number in 0..20 {
            platform.deliver(["alice", "bob", "carol"][number % 3], "hi");
            executor.advance(Duration::from_millis(700));
            if number % 5 == 4 {
                platform.cut();
            }
        }
        executor.advance(Duration::from_secs(60));
        let requests: Vec<_> = platform.requests().iter().map(|request| format!("{request:?}")).collect();
        let result = (seen.borrow().clone(), platform.acked(), requests, platform.frames());
        assert_eq!(result.0.len(), 20);
        result
    };
    assert_eq!(run(), run());
}

#[test]
fn time_stops_at_everything_that_is_due() {
    let clock = Clock::default();
    let mut executor = Executor::new(&clock);
    let order = Rc::new(RefCell::new(Vec::new()));
    for seconds in [3, 1, 2] {
        let (clock, order) = (clock.clone(), Rc::clone(&order));
        executor.spawn(async move {
            clock.sleep(Duration::from_secs(seconds)).await;
            order.borrow_mut().push((seconds, clock.now().mono.as_micros() / 1_000_000));
        });
    }
    executor.advance(Duration::from_secs(60));
    assert_eq!(*order.borrow(), [(1, 1), (2, 2), (3, 3)]);
    assert_eq!(clock.next_wake(), None);
}

#[test]
#[should_panic(expected = "nothing is left to wait for")]
fn a_future_that_nobody_can_wake_is_reported() {
    Executor::new(&Clock::default()).block_on(std::future::pending::<()>());
}

#[test]
#[should_panic(expected = "not done after a day")]
fn a_future_that_waits_beside_a_living_session_is_reported() {
    let platform = TestPlatform::new();
    let mut executor = Executor::new(&platform.clock());
    let (_realtime, _) = agent(&platform, &mut executor);
    executor.block_on(std::future::pending::<()>());
}

#[test]
#[should_panic(expected = "spins")]
fn a_spinning_task_is_reported() {
    let mut executor = Executor::new(&Clock::default());
    executor.spawn(std::future::poll_fn(|cx| {
        cx.waker().wake_by_ref();
        std::task::Poll::<()>::Pending
    }));
    executor.run();
}

#[test]
fn a_row_that_is_no_message_is_offered_with_a_sentence_on_what_is_wrong() {
    let platform = TestPlatform::new();
    let mut executor = Executor::new(&platform.clock());
    platform.deliver_row(&json!({"id": null, "conversation_id": "conv_1"}));
    let (realtime, connection) = platform.client().realtime(SessionOptions::default());
    executor.spawn(connection.run());
    let problem = executor.block_on(async move {
        let mut deliveries = realtime.deliveries().unwrap();
        deliveries.next().await.unwrap().message().unwrap_err().to_string()
    });
    assert_eq!(problem, "the message cannot be read: it has no id, or one of more than 256 bytes");
}
