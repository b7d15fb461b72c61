//! After a connection has ended: which ends are retried, with which waits, and which halt the session.

use std::time::Duration;

use agentchat_engine::realtime::{Advice, ConnectionState, Event, HaltReason, Input, ReconnectPlan};
use agentchat_engine::{ApiKey, Fault, FaultKind, WasSent};

use crate::rig::{Rig, options};

fn halted(rig: &Rig) -> Option<(&HaltReason, Advice)> {
    rig.events.iter().find_map(|event| match event {
        Event::Halted { reason, advice } => Some((reason, *advice)),
        _ => None,
    })
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
fn a_refused_key_is_not_tried_again_without_new_credentials() {
    let mut rig = Rig::live();
    rig.close(Some(1008), "Invalid token");
    rig.input(Input::Start { api_key: None });
    assert!(matches!(rig.session.state(), ConnectionState::Halted { .. }));
    assert_eq!(rig.log.iter().filter(|line| line.starts_with("Open ")).count(), 1);
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
