//! Handlers: settled by result, concurrent, and undisturbed by each other's panics.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use agentchat_driver::testkit::Task;
use agentchat_driver::{Delivery, SessionError, SocketEvent};
use agentchat_engine::realtime::{ConnectionState, HaltReason};
use futures_channel::oneshot;

use crate::rig::Session;

type Results = Rc<RefCell<Vec<(String, u32, oneshot::Sender<Result<(), &'static str>>)>>>;

/// A handler that waits for the test to say how it ends, and panics if the test hangs up.
fn handler(results: &Results) -> impl Fn(Delivery) -> Pending + 'static {
    let results = Rc::clone(results);
    move |delivery| {
        let (say, said) = oneshot::channel();
        results.borrow_mut().push((delivery.header().unwrap().id.to_string(), delivery.attempt(), say));
        Box::pin(async move { said.await.expect("a handler's panic, as wanted") })
    }
}

type Pending = std::pin::Pin<Box<dyn Future<Output = Result<(), &'static str>>>>;

fn end(results: &Results, id: &str, result: Result<(), &'static str>) {
    let mut running = results.borrow_mut();
    let index = running.iter().position(|(running, ..)| running == id).expect("it runs");
    running.remove(index).2.send(result).expect("it waits");
}

#[test]
fn conversations_are_handled_concurrently_and_settled_by_result() {
    let (mut session, results) = (Session::live(), Results::default());
    let mut handling = Task::new(session.realtime.on_message(handler(&results)));
    session.message("a", 1);
    session.message("a", 2);
    session.message("b", 1);
    assert!(handling.run().is_none());
    let running = |results: &Results| results.borrow().iter().map(|(id, ..)| id.clone()).collect::<Vec<_>>();
    assert_eq!(running(&results), ["a-1", "b-1"], "one at a time within a conversation");

    end(&results, "b-1", Ok(()));
    assert!(handling.run().is_none());
    assert_eq!(session.acked(), ["b-1"]);
    end(&results, "a-1", Err("not now"));
    assert!(handling.run().is_none());
    session.run();
    session.advance(Duration::from_secs(1));
    assert!(handling.run().is_none());
    assert_eq!(results.borrow()[0].1, 2, "offered again, in place");
    end(&results, "a-1", Ok(()));
    assert!(handling.run().is_none());
    assert_eq!(session.acked(), ["a-1"]);
    assert!(handling.run().is_none());
    assert_eq!(running(&results), ["a-2"]);
}

#[test]
fn a_panic_is_a_failure_of_its_message_alone() {
    let (mut session, results) = (Session::live(), Results::default());
    let mut handling = Task::new(session.realtime.on_message(handler(&results)));
    session.message("a", 1);
    session.message("b", 1);
    assert!(handling.run().is_none());
    drop(results.borrow_mut().remove(0));
    assert!(handling.run().is_none(), "the others go on");
    end(&results, "b-1", Ok(()));
    assert!(handling.run().is_none());
    assert_eq!(session.acked(), ["b-1"]);
    session.advance(Duration::from_secs(1));
    assert!(handling.run().is_none());
    assert_eq!(results.borrow()[0].1, 2);
}

#[test]
fn what_the_handler_said_itself_counts() {
    let mut session = Session::live();
    let mut handling = Task::new(session.realtime.on_message(|delivery: Delivery| async move {
        delivery.failed("not now");
        Ok::<_, String>(())
    }));
    session.message("a", 1);
    assert!(handling.run().is_none());
    assert!(session.acked().is_empty());
}

#[test]
fn dropping_the_handlers_fails_what_they_had() {
    let (mut session, results) = (Session::live(), Results::default());
    let mut handling = Task::new(session.realtime.on_message(handler(&results)));
    session.message("a", 1);
    assert!(handling.run().is_none());
    drop(handling);
    session.run();
    let mut handling = Task::new(session.realtime.on_message(handler(&results)));
    session.advance(Duration::from_secs(1));
    assert!(handling.run().is_none());
    assert_eq!(results.borrow()[1].1, 2);
}

#[test]
fn a_close_waits_for_the_handler_and_for_the_close_handshake() {
    let (mut session, results) = (Session::live(), Results::default());
    let mut handling = Task::new(session.realtime.on_message(handler(&results)));
    session.message("a", 1);
    assert!(handling.run().is_none());
    session.realtime.close();
    session.run();
    assert_eq!(session.realtime.state(), ConnectionState::Closing);
    end(&results, "a-1", Ok(()));
    assert!(handling.run().is_none());
    session.run();
    let sent = session.peer.sent();
    assert!(format!("{sent:?}").contains("Close { code: 1000"), "{sent:?}");
    assert_eq!(sent.len(), 2, "the ack went before it");
    assert_eq!(handling.run(), None, "the connection has not ended");
    session.peer.end();
    assert_eq!(session.connection.run(), Some(ConnectionState::Closed));
    assert_eq!(handling.run(), Some(Ok(())));
}

#[test]
fn an_end_that_nobody_asked_for_is_an_error_and_says_what_to_do() {
    let mut session = Session::live();
    let mut handling = Task::new(session.realtime.on_message(|_| async { Ok::<_, String>(()) }));
    session.peer.event(SocketEvent::Closed { code: Some(1008), reason: "Invalid token".into() });
    session.peer.end();
    while session.connection.run().is_none() {
        session.rig.script.clock().advance(Duration::from_secs(1));
    }
    let Some(Err(refused)) = handling.run() else { panic!("it goes on, or is content") };
    let reason = HaltReason::ClosedForGood { code: 1008, reason: "Invalid token".into() };
    assert_eq!(refused, SessionError::Halted { reason });
    assert_eq!(
        refused.to_string(),
        "the platform ended the session (1008 Invalid token); the key is not accepted, use a valid one"
    );

    let session = Session::live();
    let mut handling = Task::new(session.realtime.on_message(|_| async { Ok::<_, String>(()) }));
    drop(session.connection);
    assert_eq!(handling.run(), Some(Err(SessionError::Dropped)));
}

#[test]
fn a_handler_that_ends_after_the_session_is_waited_for() {
    let (mut session, results) = (Session::live(), Results::default());
    let mut handling = Task::new(session.realtime.on_message(handler(&results)));
    session.message("a", 1);
    assert!(handling.run().is_none());
    session.realtime.close();
    session.run();
    session.advance_to_end();
    assert!(handling.run().is_none(), "the connection has ended, the handler has not");
    end(&results, "a-1", Ok(()));
    assert_eq!(handling.run(), Some(Ok(())));
    assert_eq!(session.realtime.checkpoint().handled(), 1);
}
