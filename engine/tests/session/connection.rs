//! Opening, HELLO, keepalive, backoff, terminal closes.

use std::time::Duration;

use agentchat_engine::limits::CLOSE_WAIT;
use agentchat_engine::realtime::{
    Advice, ConnectionState, Event, HaltReason, Input, Outcome, ReconnectPlan, SessionOptions,
};
use agentchat_engine::{ApiKey, Fault, FaultKind, WasSent};
use serde_json::json;

use crate::rig::{Rig, message, options, row};

fn halted(rig: &Rig) -> Option<(&HaltReason, Advice)> {
    rig.events.iter().find_map(|event| match event {
        Event::Halted { reason, advice } => Some((reason, *advice)),
        _ => None,
    })
}

#[test]
fn the_key_goes_into_hello_and_nowhere_else() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Start { api_key: None });
    rig.input(Input::Opened(rig.connection.unwrap()));
    let hello = rig.sent.pop().unwrap();
    assert_eq!(hello["api_key"], "ac_key");
    assert_eq!(hello["capabilities"], json!(["ack"]));
    assert_eq!(hello["client"], "rust_sdk");
    let log = rig.log.join("\n");
    assert!(log.contains("/v1/ws") && !log.contains("ac_key"), "{log}");
}

#[test]
fn a_session_without_a_key_halts_with_advice() {
    let cx = agentchat_engine::Context::builder().build().unwrap();
    let mut rig = Rig::idle(options());
    rig.session = agentchat_engine::Session::new(&cx, options(), agentchat_engine::Seed::from_bytes([0; 32]), None);
    rig.input(Input::Start { api_key: None });
    assert!(rig.finished);
    assert_eq!(halted(&rig).unwrap().1, Advice::FixConfiguration);
    rig.finished = false;
    rig.input(Input::Start { api_key: Some(ApiKey::new("ac_new").unwrap()) });
    assert!(!rig.finished && rig.connection.is_some());
}

/// Until somebody mends it, every attempt would end like this one.
#[test]
fn a_transport_that_is_set_up_wrong_halts_the_session_at_once_and_says_what_is_wrong() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Start { api_key: None });
    let problem = "the proxy of HTTPS_PROXY: not the URL of a proxy";
    rig.input(Input::Fault(rig.connection.unwrap(), Fault::new(FaultKind::Config, WasSent::No, problem)));
    let reason = HaltReason::Configuration { problem: problem.into() };
    assert!(rig.finished);
    assert_eq!(halted(&rig), Some((&reason, Advice::FixConfiguration)));
    let ends = |event: &Event| matches!(event, Event::Disconnected { plan: ReconnectPlan::End, .. });
    assert_eq!(rig.events.iter().filter(|event| ends(event)).count(), 1);

    // Mended, it is started again.
    rig.finished = false;
    rig.input(Input::Start { api_key: None });
    assert!(!rig.finished && rig.connection.is_some());
}

/// Another network may have an honest peer.
#[test]
fn a_refused_certificate_is_reported_and_tried_again() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Start { api_key: None });
    let fault = Fault::new(FaultKind::Tls, WasSent::No, "invalid peer certificate: UnknownIssuer");
    rig.input(Input::Fault(rig.connection.unwrap(), fault));
    let told = rig.events.iter().any(|event| match event {
        Event::Disconnected { info, plan: ReconnectPlan::Retry { .. }, .. } => info.reason.contains("UnknownIssuer"),
        _ => false,
    });
    assert!(told && matches!(rig.session.state(), ConnectionState::Waiting { attempt: 2, .. }), "{:?}", rig.events);
}

#[test]
fn a_socket_that_does_not_open_is_given_up_after_ten_seconds() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Start { api_key: None });
    rig.advance(Duration::from_secs(10));
    assert_eq!(rig.closes.len(), 1);
    assert!(matches!(rig.session.state(), ConnectionState::Waiting { attempt: 2, .. }));
}

#[test]
fn an_unanswered_hello_is_closed_after_four_seconds_and_retried() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Start { api_key: None });
    rig.input(Input::Opened(rig.connection.unwrap()));
    rig.advance(Duration::from_millis(3_999));
    assert!(rig.closes.is_empty());
    rig.advance(Duration::from_millis(1));
    assert_eq!(rig.closes, [(1008, "HELLO ack timeout")]);
    assert!(matches!(rig.session.state(), ConnectionState::Waiting { .. }));
}

#[test]
fn frames_before_hello_ok_do_not_count() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Consumer(true));
    rig.input(Input::Start { api_key: None });
    rig.input(Input::Opened(rig.connection.unwrap()));
    rig.live_message(1);
    assert!(rig.deliveries.is_empty());
}

#[test]
fn a_quiet_connection_is_pinged_and_then_given_up() {
    let mut rig = Rig::live();
    rig.advance(Duration::from_secs(20));
    assert_eq!(rig.pings, 1);
    rig.input(Input::Alive(rig.connection.unwrap()));
    rig.advance(Duration::from_secs(20));
    assert_eq!((rig.pings, rig.closes.len()), (2, 0));
    rig.advance(Duration::from_secs(20));
    assert_eq!(rig.closes, [(1001, "no sign of life")]);
    assert!(matches!(rig.session.state(), ConnectionState::Waiting { .. }));
}

/// Four megabytes at 16 kbit/s take half an hour.
#[test]
fn a_frame_that_takes_longer_than_a_dead_connection_is_waited_for() {
    let mut rig = Rig::live();
    for _ in 0..100 {
        rig.advance(Duration::from_secs(19));
        rig.input(Input::Alive(rig.connection.unwrap()));
    }
    rig.live_message(1);
    assert_eq!((rig.pings, rig.closes.len(), rig.handle()), (0, 0, "c-1".to_owned()));
    rig.advance(Duration::from_secs(40));
    assert_eq!((rig.pings, rig.closes.len()), (1, 1));
}

#[test]
fn a_day_of_sleep_is_one_clean_reconnect() {
    let mut rig = Rig::live();
    rig.now.mono = rig.now.mono + Duration::from_secs(86_400);
    rig.input(Input::Timeout);
    rig.advance(Duration::from_secs(30));
    let opened = rig.log.iter().filter(|line| line.starts_with("Open ")).count();
    assert!(opened <= 2, "one more socket: {opened}");
}

#[test]
fn refused_keys_halt_and_new_credentials_start_again() {
    for (code, reason, advice) in [
        (1008, "Invalid token", Advice::NewKey),
        (1008, "API key rotated", Advice::NewKey),
        (1008, "Account suspended", Advice::CheckAccount),
        (4401, "", Advice::NewKey),
        (4403, "", Advice::NewKey),
    ] {
        let mut rig = Rig::live();
        rig.close(Some(code), reason);
        assert!(rig.finished, "{code} {reason}");
        assert_eq!(halted(&rig).unwrap(), (&HaltReason::ClosedForGood { code, reason: reason.into() }, advice));
        assert!(matches!(rig.session.state(), ConnectionState::Halted { .. }));
        rig.advance(Duration::from_secs(3_600));
        rig.finished = false;
        rig.input(Input::Start { api_key: Some(ApiKey::new("ac_other").unwrap()) });
        rig.input(Input::Opened(rig.connection.unwrap()));
        assert_eq!(rig.sent.pop().unwrap()["api_key"], "ac_other");
    }
}

#[test]
fn a_late_hello_is_retried_five_times_and_then_final() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Start { api_key: None });
    for _ in 0..5 {
        rig.input(Input::Opened(rig.connection.unwrap()));
        rig.close(Some(1008), "HELLO frame required");
        assert!(!rig.finished);
        rig.next_socket();
    }
    rig.input(Input::Opened(rig.connection.unwrap()));
    rig.close(Some(1008), "HELLO frame required");
    assert!(rig.finished);
}

#[test]
fn every_other_close_is_retried_with_growing_waits() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Start { api_key: None });
    let mut waits = Vec::new();
    for code in [None, Some(1000), Some(1001), Some(1006), Some(1013), Some(4400), Some(4404), None] {
        rig.close(code, "");
        let ConnectionState::Waiting { retry_at, .. } = *rig.session.state() else { panic!("{code:?}") };
        waits.push(retry_at.saturating_since(rig.now.mono).as_millis());
        rig.next_socket();
    }
    for (wait, around) in waits.iter().zip([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
        assert!((around * 3 / 4..=(around * 5 / 4).min(30_000)).contains(wait), "{waits:?}");
    }
}

#[test]
fn only_a_connection_that_lasted_clears_the_count() {
    let mut rig = Rig::live();
    for attempt in 2..6 {
        rig.close(Some(1006), "");
        assert!(matches!(rig.session.state(), ConnectionState::Waiting { attempt: a, .. } if *a == attempt));
        rig.next_socket();
        rig.greet(true);
    }
    assert!(!rig.has_event(|e| matches!(e, Event::Unstable { .. })));
    rig.close(Some(1006), "");
    assert!(rig.has_event(|e| matches!(e, Event::Unstable { in_a_row: 5 })));
    rig.next_socket();
    rig.greet(true);
    rig.answer_sync(&[]);
    for _ in 0..3 {
        rig.advance(Duration::from_secs(11));
        rig.input(Input::Alive(rig.connection.unwrap()));
    }
    rig.close(Some(1006), "");
    assert!(matches!(rig.session.state(), ConnectionState::Waiting { attempt: 2, .. }));
}

#[test]
fn exhausted_attempts_are_reported_and_final() {
    let mut rig = Rig::idle(options().max_attempts(2));
    rig.input(Input::Start { api_key: None });
    let refused = Fault::new(FaultKind::Connect, WasSent::No, "refused");
    rig.input(Input::Fault(rig.connection.unwrap(), refused.clone()));
    rig.advance(Duration::from_secs(1));
    rig.input(Input::Fault(rig.connection.unwrap(), refused));
    assert!(rig.finished);
    assert_eq!(halted(&rig).unwrap(), (&HaltReason::AttemptsExhausted { attempts: 2 }, Advice::TryLater));
    let last = rig.events.iter().rev().find_map(|e| match e {
        Event::Disconnected { info, plan, .. } => Some((info.clone(), plan.clone())),
        _ => None,
    });
    let (info, plan) = last.unwrap();
    assert_eq!(plan, ReconnectPlan::End);
    assert!(info.reason.contains("refused"));
}

#[test]
fn inputs_of_another_connection_change_nothing() {
    let mut rig = Rig::live();
    let old = rig.connection.unwrap();
    rig.reconnect();
    rig.answer_sync(&[]);
    let before = rig.log.len();
    rig.input(Input::Opened(old));
    rig.input(Input::Text(old, json!({"type": "message.new", "payload": message("c", 1)}).to_string()));
    rig.input(Input::Closed { connection: old, code: Some(1008), reason: "Invalid token".into() });
    rig.input(Input::Fault(old, Fault::new(FaultKind::Io, WasSent::Maybe, "reset")));
    assert_eq!(rig.session.state(), &ConnectionState::Live);
    assert!(rig.deliveries.is_empty());
    assert!(rig.log[before..].iter().all(|line| line.starts_with("Idle")));
}

#[test]
fn close_waits_for_what_is_in_flight_acks_it_and_ends() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.live_message(2);
    rig.input(Input::Close);
    assert_eq!(rig.session.state(), &ConnectionState::Closing);
    assert!(!rig.finished);
    rig.handle();
    assert_eq!(rig.acks(), ["c-1"]);
    assert_eq!(rig.closes, [(1000, "")]);
    assert!(rig.finished && rig.deliveries.is_empty());
    assert!(rig.has_event(|e| matches!(e, Event::Closed { unsettled: 0 })));
    assert_eq!(rig.session.state(), &ConnectionState::Closed);
}

#[test]
fn close_does_not_wait_for_ever() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.input(Input::Close);
    rig.advance(CLOSE_WAIT);
    assert!(rig.finished);
    assert!(rig.has_event(|e| matches!(e, Event::Closed { unsettled: 1 })));
}

#[test]
fn a_lost_socket_while_closing_is_not_opened_again() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.input(Input::Close);
    rig.close(Some(1006), "");
    rig.advance(Duration::from_secs(4));
    assert_eq!(rig.log.iter().filter(|line| line.starts_with("Open ")).count(), 1);
    rig.handle();
    assert!(rig.finished);
}

#[test]
fn the_own_handle_is_asked_for_if_not_given() {
    let mut rig = Rig::greeted(SessionOptions::default());
    rig.answer("/agents/me", &json!({"handle": "alice"}));
    rig.answer_sync(&[]);
    rig.live_message(1);
    assert!(rig.deliveries.is_empty(), "our own message is not delivered to us");
    let mut rig = Rig::greeted(SessionOptions::default());
    rig.answer_status("/agents/me", 403, &json!({"code": "SUSPENDED", "message": "no"}));
    assert!(rig.has_event(|e| matches!(e, Event::RequestFailed { purpose: "own handle", .. })));
    rig.answer_sync(&[]);
    rig.live_message(1);
    assert_eq!(rig.deliveries.len(), 1);
}

#[test]
fn the_own_handle_is_asked_for_until_the_platform_says_it() {
    let mut rig = Rig::greeted(SessionOptions::default());
    rig.answer_sync(&[]);
    for wait in [1, 2, 4] {
        rig.answer_status("/agents/me", 403, &json!({"code": "FORBIDDEN", "message": "no"}));
        rig.advance(Duration::from_millis(wait * 750 - 1));
        assert!(!rig.has_request("/agents/me"));
        rig.advance(Duration::from_millis(wait * 500 + 1));
    }
    rig.close(Some(1006), "");
    rig.answer("/agents/me", &json!({"handle": "alice"}));
    rig.next_socket();
    rig.greet(true);
    rig.answer_sync(&[]);
    rig.live_message(1);
    assert!(rig.deliveries.is_empty(), "it is our own");
}

#[test]
fn a_second_hello_ok_changes_nothing() {
    let mut rig = Rig::live();
    rig.live_message(1);
    let connected = |rig: &Rig| rig.events.iter().filter(|e| matches!(e, Event::Connected { .. })).count();
    rig.frame(json!({"type": "hello.ok"}));
    rig.frame(json!({"type": "hello.ok", "capabilities": []}));
    assert_eq!((connected(&rig), rig.session.state()), (1, &ConnectionState::Live));
    assert!(!rig.has_request("/sync"), "no other drain");
    rig.handle();
    assert_eq!(rig.acks(), ["c-1"], "the connection still takes acks");
}

#[test]
fn whether_acks_are_taken_is_learned_with_every_connection() {
    let mut rig = Rig::live();
    for (ack_mode, acked) in [(false, vec![]), (true, vec!["c-2".to_owned()])] {
        rig.close(Some(1006), "");
        rig.next_socket();
        rig.greet(ack_mode);
        rig.answer_sync(&[]);
        rig.live_message(if ack_mode { 2 } else { 1 });
        rig.handle();
        assert_eq!(rig.acks(), acked);
    }
}

#[test]
fn a_stale_sign_of_life_or_binary_frame_changes_nothing() {
    let mut rig = Rig::live();
    let old = rig.connection.unwrap();
    rig.reconnect();
    rig.answer_sync(&[]);
    rig.advance(Duration::from_secs(19));
    let events = rig.events.len();
    rig.input(Input::Alive(old));
    rig.input(Input::Binary(old));
    rig.advance(Duration::from_secs(1));
    assert_eq!((rig.pings, rig.events.len()), (1, events), "the old socket's traffic is no sign of life");
}

#[test]
fn a_close_before_the_connection_is_up_ends_at_once() {
    let steps: [fn(&mut Rig); 4] = [
        |_| {},
        |rig| rig.input(Input::Start { api_key: None }),
        |rig| {
            rig.input(Input::Start { api_key: None });
            rig.input(Input::Opened(rig.connection.unwrap()));
        },
        |rig| {
            rig.input(Input::Start { api_key: None });
            rig.close(None, "");
        },
    ];
    for (n, step) in steps.into_iter().enumerate() {
        let mut rig = Rig::idle(options());
        step(&mut rig);
        rig.input(Input::Close);
        assert!(rig.finished, "step {n}");
        rig.advance(Duration::from_secs(3_600));
        rig.input(Input::Close);
        let finals = rig.events.iter().filter(|e| matches!(e, Event::Closed { .. } | Event::Halted { .. })).count();
        assert_eq!(finals, 1, "one final event, step {n}");
        assert!(rig.log.iter().filter(|line| line.starts_with("Open ")).count() <= 1);
        assert_eq!(rig.session.state(), &ConnectionState::Closed);
    }
}

#[test]
fn a_close_after_a_halt_changes_nothing() {
    let mut rig = Rig::live();
    rig.close(Some(1008), "Invalid token");
    let (events, state) = (rig.events.len(), rig.session.state().clone());
    rig.input(Input::Close);
    rig.advance(Duration::from_secs(60));
    assert_eq!((rig.events.len(), rig.session.state()), (events, &state));
}

#[test]
fn a_refused_key_is_not_tried_again_without_new_credentials() {
    let mut rig = Rig::live();
    rig.close(Some(1008), "Invalid token");
    rig.input(Input::Start { api_key: None });
    assert!(matches!(rig.session.state(), ConnectionState::Halted { .. }));
    assert_eq!(rig.log.iter().filter(|line| line.starts_with("Open ")).count(), 1);
}

#[test]
fn what_is_settled_before_a_halt_is_acked_after_the_next_start() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.close(Some(1008), "API key rotated");
    assert!(rig.finished);
    rig.finished = false;
    rig.handle();
    rig.input(Input::Start { api_key: Some(ApiKey::new("ac_new").unwrap()) });
    rig.greet(true);
    assert_eq!(rig.acks(), ["c-1"]);
}

#[test]
fn a_close_flushes_acks_and_commits_the_cursor_first() {
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("a", 1), row("b", 1), row("c", 1)]);
    let stuck = rig.deliveries.remove(1);
    rig.handle();
    rig.input(Input::Close);
    rig.handle();
    assert!(!rig.finished, "one is in flight and a commit under way");
    rig.input(Input::Settled { delivery: stuck.token, outcome: Outcome::Handled });
    assert_eq!(rig.answer_ack(), "del_a_1");
    assert!(!rig.finished);
    assert_eq!(rig.answer_ack(), "del_c_1");
    assert!(rig.finished);
    assert_eq!((rig.acks(), &rig.closes[..]), (vec!["c-1".to_owned()], &[(1000, "")][..]));
}

#[test]
fn a_commit_that_waits_for_another_try_has_it_at_the_close() {
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("c", 1)]);
    rig.handle();
    rig.answer_status("/sync/ack", 400, &json!({"code": "VALIDATION_ERROR", "message": "no"}));
    rig.input(Input::Close);
    assert_eq!(rig.answer_ack(), "del_c_1");
    assert!(rig.finished);
}

#[test]
fn a_connection_that_comes_up_while_closing_takes_the_acks_and_no_more() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.live_message(2);
    rig.close(Some(1006), "");
    rig.next_socket();
    rig.input(Input::Close);
    rig.greet(true);
    assert_eq!(rig.session.state(), &ConnectionState::Closing);
    assert!(!rig.has_request("/sync"));
    rig.handle();
    assert_eq!(rig.acks(), ["c-1"]);
    assert!(rig.finished && rig.deliveries.is_empty());
}

#[test]
fn a_connection_that_lasted_counts_as_stable_even_if_its_timer_is_handled_late() {
    let mut rig = Rig::live();
    for _ in 0..3 {
        rig.close(Some(1006), "");
        rig.next_socket();
        rig.greet(true);
        rig.answer_sync(&[]);
    }
    rig.now.mono = rig.now.mono + Duration::from_secs(30);
    rig.close(Some(1006), "");
    assert!(matches!(rig.session.state(), ConnectionState::Waiting { attempt: 2, .. }), "{:?}", rig.session.state());
}

#[test]
fn unstable_is_reported_once_in_a_row_of_short_lives() {
    let mut rig = Rig::live();
    for _ in 0..20 {
        rig.close(Some(1006), "");
        rig.next_socket();
        rig.greet(true);
    }
    assert_eq!(rig.events.iter().filter(|e| matches!(e, Event::Unstable { .. })).count(), 1);
}

#[test]
fn a_hello_refused_late_is_retried_whatever_the_reason_says() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Start { api_key: None });
    rig.input(Input::Opened(rig.connection.unwrap()));
    rig.now.mono = rig.now.mono + Duration::from_secs(4);
    rig.close(Some(1008), "");
    assert!(matches!(rig.session.state(), ConnectionState::Waiting { .. }));
    rig.next_socket();
    rig.greet(true);
    rig.close(Some(1008), "HELLO frame required");
    assert!(rig.finished, "after hello.ok it is final");
}
