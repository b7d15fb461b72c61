//! Options out of their ranges are refused when the session starts, with an error that has name, range and value.

use std::time::Duration;

use agentchat_engine::realtime::{Advice, ConnectionState, Event, HaltReason, Input, SessionOptions};

use crate::rig::{Rig, options};

/// What is wrong with options: as `check` says it, and as a session says it that is started with them.
fn refusal(options: SessionOptions) -> Option<String> {
    let checked = options.check().err().map(|refused| refused.to_string());
    let mut rig = Rig::idle(options);
    rig.input(Input::Consumer(true));
    rig.input(Input::Start { api_key: None });
    let halted = match rig.session.state() {
        ConnectionState::Halted { reason: HaltReason::Configuration { problem } } => {
            let advised = |event: &Event| matches!(event, Event::Halted { advice: Advice::FixConfiguration, .. });
            assert!(rig.has_event(advised) && rig.finished && rig.connection.is_none(), "{problem}");
            Some(problem.clone())
        }
        _ => None,
    };
    assert_eq!(checked, halted);
    halted
}

#[test]
fn every_bound_is_taken_and_what_is_beyond_it_is_refused() {
    let (least, less) = (Duration::from_millis(1), Duration::from_micros(999));
    for (taken, refused, problem) in [
        (options().drain_page(1), options().drain_page(0), "drain_page must be 1 to 500, was 0"),
        (options().drain_page(500), options().drain_page(501), "drain_page must be 1 to 500, was 501"),
        (options().max_in_flight(1), options().max_in_flight(0), "max_in_flight must be at least 1, was 0"),
        (options().buffered_messages(1), options().buffered_messages(0), "buffered_messages must be at least 1, was 0"),
        (options().buffered_bytes(1), options().buffered_bytes(0), "buffered_bytes must be at least 1, was 0"),
        (options().keepalive(least), options().keepalive(less), "keepalive must be at least 1ms, was 999µs"),
        (
            options().reconnect_base(least),
            options().reconnect_base(less),
            "reconnect_base must be at least 1ms, was 999µs",
        ),
        (
            options().reconnect_max(least),
            options().reconnect_max(less),
            "reconnect_max must be at least 1ms, was 999µs",
        ),
        (options().max_attempts(1), options().max_attempts(0), "max_attempts must be at least 1, was 0"),
    ] {
        assert_eq!(refusal(taken), None);
        assert_eq!(refusal(refused).as_deref(), Some(problem));
    }
}

#[test]
fn whatever_has_no_bound_is_taken() {
    for time in [Duration::ZERO, Duration::MAX] {
        let times =
            options().gap_window(time).fill_after(time).fill_patience(time).hold_live_for(time).read_pause(time);
        assert_eq!(refusal(times.key_wait(time).close_wait(time).redelivery([time])), None);
    }
    let most = options().max_in_flight(usize::MAX).buffered_messages(usize::MAX).buffered_bytes(usize::MAX);
    let most = most.keepalive(Duration::MAX).reconnect_base(Duration::MAX).reconnect_max(Duration::MAX);
    assert_eq!(refusal(most.max_attempts(u32::MAX).reoffers(u32::MAX)), None);
    assert_eq!(refusal(options().redelivery([]).reoffers(0).max_attempts(None)), None);
}

/// One of two that limit each other may be set alone, whatever the default of the other is.
#[test]
fn the_larger_one_gives_way_to_the_window_that_it_is_in() {
    assert_eq!(refusal(options().reconnect_max(Duration::from_millis(1))), None);
    assert_eq!(refusal(options().gap_window(Duration::from_millis(1))), None);
    let mut rig = Rig::greeted(options().gap_window(Duration::from_millis(10)));
    rig.answer_sync(&[]);
    rig.live_message(1);
    rig.live_message(3);
    rig.advance(Duration::from_millis(10));
    assert!(rig.has_request("/messages/c"), "not only after 75 ms");
}

#[test]
fn a_session_that_lives_at_its_bounds_works() {
    let least = options().drain_page(1).max_in_flight(1).buffered_messages(1).buffered_bytes(1);
    let mut rig = Rig::greeted(least.keepalive(Duration::from_secs(1)));
    rig.answer_sync(&[]);
    rig.live_message(1);
    assert_eq!(rig.handle_all(), ["c-1"]);
}
