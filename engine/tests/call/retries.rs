//! The retry table, every cell; waits, hints, deadlines, cancellation.

use std::time::Duration;

use agentchat_engine::error::Report;
use agentchat_engine::rest::{GetMe, MarkAsRead, Register, SendMessage, SyncMessages};
use agentchat_engine::{Call, CallInput, CallOptions, CallOutput, Error, Fault, FaultKind, RetryPolicy, Seed, WasSent};

use crate::bench::Bench;

fn options() -> CallOptions {
    CallOptions::default()
}

#[test]
fn transient_statuses_are_retried_where_a_repeat_is_safe_and_others_are_not() {
    for status in 400..=599 {
        let passing = [408, 425, 429, 500, 502, 503, 504].contains(&status);
        let mut safe = Bench::new(GetMe::new(), options());
        safe.answer(status, &[], "");
        assert_eq!(safe.done.is_none(), passing, "GET {status}");
        let mut deduplicated = Bench::new(SendMessage::to("alice", "hi"), options());
        deduplicated.answer(status, &[], "");
        assert_eq!(deduplicated.done.is_none(), passing, "send {status}");
        let mut idempotent = Bench::new(MarkAsRead::new("m"), options());
        idempotent.answer(status, &[], "");
        assert_eq!(idempotent.done.is_none(), passing, "read {status}");
        let mut never = Bench::new(Register::new("a@b.c", "alice"), options());
        never.answer(status, &[], "");
        assert!(never.done.is_some(), "register {status}");
    }
}

#[test]
fn faults_are_retried_unless_the_same_would_come_again() {
    for (kind, retried) in [
        (FaultKind::Connect, true),
        (FaultKind::Timeout, true),
        (FaultKind::Io, true),
        (FaultKind::Protocol, true),
        (FaultKind::Tls, false),
        (FaultKind::TooLarge, false),
        (FaultKind::Config, false),
    ] {
        let mut bench = Bench::new(GetMe::new(), options());
        bench.fault(kind, WasSent::Maybe);
        assert_eq!(bench.done.is_none(), retried, "{kind:?}");
        let mut never = Bench::new(Register::new("a@b.c", "alice"), options());
        never.fault(kind, WasSent::No);
        assert!(never.done.is_some(), "{kind:?}");
    }
}

#[test]
fn every_attempt_sends_the_same_request() {
    let mut bench = Bench::new(SendMessage::to("alice", "hi"), options());
    for _ in 0..3 {
        bench.answer(503, &[], "");
        bench.advance(Duration::from_secs(8));
    }
    assert_eq!(bench.attempts.len(), 4);
    for attempt in &bench.attempts {
        assert_eq!(attempt.request.body(), bench.attempts[0].request.body());
        assert_eq!(attempt.request.headers(), bench.attempts[0].request.headers());
    }
    bench.answer(503, &[], "");
    let Error::Api(error) = bench.error() else { panic!("{:?}", bench.error()) };
    assert_eq!((error.status, error.attempts), (503, 4));
}

#[test]
fn waits_double_with_jitter_inside_the_cap() {
    let mut bench = Bench::new(GetMe::new(), options());
    for around in [250, 500, 1_000] {
        bench.fault(FaultKind::Io, WasSent::Maybe);
        let delay = bench.plans.last().unwrap().delay.as_millis();
        assert!((around * 3 / 4..=around * 5 / 4).contains(&delay), "{delay} around {around}");
        bench.advance(bench.plans.last().unwrap().delay);
    }
    let capped = RetryPolicy::default().base(Duration::from_secs(60)).cap(Duration::from_secs(1));
    let mut bench = Bench::new(GetMe::new(), options().retry(capped));
    bench.fault(FaultKind::Io, WasSent::Maybe);
    assert!(bench.plans[0].delay <= Duration::from_secs(1));
}

#[test]
fn a_hint_is_obeyed_in_full_with_a_little_more() {
    for (headers, body) in [
        (&[("retry-after", "20")][..], ""),
        (&[], r#"{"code":"RATE_LIMITED","message":"m","details":{"retry_after_ms":20000}}"#),
        (&[], r#"{"code":"RATE_LIMITED","message":"m","retry_after_ms":20000}"#),
    ] {
        let mut bench = Bench::new(GetMe::new(), options());
        bench.answer(429, headers, body);
        let delay = bench.plans[0].delay.as_millis();
        assert!((20_000..=21_000).contains(&delay), "{delay}");
    }
    let mut bench = Bench::new(GetMe::new(), options());
    bench.answer(503, &[("retry-after", "0")], "");
    assert_eq!(bench.plans[0].delay, Duration::ZERO);
}

#[test]
fn a_hint_past_the_cap_or_the_deadline_ends_the_call_at_once() {
    let mut bench = Bench::new(GetMe::new(), options());
    bench.answer(429, &[("retry-after", "61")], "");
    assert_eq!(bench.error().retry_after(), Some(Duration::from_secs(61)));
    let short = options().deadline(Duration::from_secs(10));
    let mut bench = Bench::new(GetMe::new(), short);
    bench.answer(429, &[("retry-after", "20")], "");
    assert_eq!(bench.error().retry_after(), Some(Duration::from_secs(20)));
    assert_eq!(bench.attempts.len(), 1);
}

#[test]
fn what_asking_again_cannot_change_is_final() {
    for code in ["RECIPIENT_BACKLOGGED", "AWAITING_REPLY"] {
        for status in [403, 429, 503] {
            let mut bench = Bench::new(SendMessage::to("alice", "hi"), options());
            bench.answer(status, &[], &format!(r#"{{"code":"{code}","message":"m"}}"#));
            assert!(bench.done.is_some(), "{code} {status}");
        }
    }
    let mut replayed = Bench::new(MarkAsRead::new("m"), keyed());
    replayed.answer(429, &[("idempotent-replay", "true")], r#"{"code":"RATE_LIMITED","message":"m"}"#);
    assert!(replayed.error().api().unwrap().replayed);
    let mut running = Bench::new(MarkAsRead::new("m"), keyed());
    find_running(&mut running);
    assert!(running.done.is_none(), "the first attempt is still at work");
    let mut unkeyed = Bench::new(MarkAsRead::new("m"), options());
    unkeyed.answer(409, &[], r#"{"code":"IDEMPOTENT_IN_PROGRESS","message":"m"}"#);
    assert!(unkeyed.done.is_some());
}

fn keyed() -> CallOptions {
    options().idempotency_key("key-12345")
}

fn find_running(bench: &mut Bench<MarkAsRead>) {
    bench.answer(409, &[], r#"{"code":"IDEMPOTENT_IN_PROGRESS","message":"m"}"#);
}

/// The platform's mark of the first attempt stands for a minute (contract 1.5).
#[test]
fn an_attempt_at_work_is_waited_for_until_its_mark_is_gone() {
    let mut bench = Bench::new(MarkAsRead::new("m"), keyed());
    let begun = bench.now.mono;
    while bench.done.is_none() {
        find_running(&mut bench);
        let Some(plan) = bench.plans.last().filter(|_| bench.done.is_none()) else { break };
        assert!(plan.delay <= Duration::from_secs(8));
        let delay = plan.delay;
        bench.advance(delay);
    }
    assert_eq!(bench.now.mono.saturating_since(begun), Duration::from_secs(60), "the last attempt finds no mark");
    assert!((10..=20).contains(&bench.attempts.len()), "{}", bench.attempts.len());
    assert_eq!(bench.error().api().unwrap().code.as_str(), "IDEMPOTENT_IN_PROGRESS");
}

#[test]
fn waiting_for_an_attempt_at_work_uses_up_no_retry_and_keeps_to_the_deadline() {
    let mut bench = Bench::new(MarkAsRead::new("m"), keyed());
    for _ in 0..6 {
        find_running(&mut bench);
        bench.advance(Duration::from_secs(8));
    }
    assert_eq!(bench.attempts.len(), 7);
    for _ in 0..3 {
        bench.answer(503, &[], "");
        bench.advance(Duration::from_secs(2));
    }
    assert_eq!(bench.attempts.len(), 10, "all three retries are left");
    bench.answer(503, &[], "");
    assert!(bench.done.is_some());

    let mut hurried = Bench::new(MarkAsRead::new("m"), keyed().deadline(Duration::from_secs(3)));
    while hurried.done.is_none() {
        find_running(&mut hurried);
        hurried.advance(Duration::from_secs(1));
    }
    assert!(hurried.now.mono <= crate::bench::start().mono + Duration::from_secs(4));
    assert!(hurried.error().api().is_some() && hurried.error().maybe_executed());

    let mut never = Bench::new(MarkAsRead::new("m"), keyed().retry(RetryPolicy::never()));
    find_running(&mut never);
    assert!(never.done.is_some());
}

/// An attempt that times out leaves a mark of its own.
#[test]
fn a_later_attempt_that_may_be_at_work_is_waited_for_as_long() {
    let mut bench = Bench::new(MarkAsRead::new("m"), keyed().deadline(None));
    find_running(&mut bench);
    bench.advance(Duration::from_secs(1));
    bench.advance(Duration::from_secs(30));
    bench.advance(Duration::from_secs(1));
    let begun = bench.now.mono;
    while bench.done.is_none() {
        find_running(&mut bench);
        let delay = bench.plans.last().unwrap().delay;
        if bench.done.is_none() {
            bench.advance(delay);
        }
    }
    assert_eq!(bench.now.mono.saturating_since(begun), Duration::from_secs(60));
}

/// Clients that a long outage has brought to the cap come back at different moments, in whole and over the last quarter.
#[test]
fn waits_at_the_cap_are_spread() {
    let policy = RetryPolicy::default().max_retries(1).base(Duration::from_secs(30)).cap(Duration::from_secs(30));
    let wait = |client: u16| {
        let mut seed = [0; 32];
        seed[..2].copy_from_slice(&client.to_le_bytes());
        let options = options().retry(policy.clone());
        let mut call =
            Call::new(&crate::bench::context(), GetMe::new(), options, Seed::from_bytes(seed), crate::bench::start())
                .unwrap();
        let CallOutput::Send(_) = call.poll_output() else { panic!() };
        call.handle_input(
            crate::bench::start(),
            CallInput::Fault { attempt: 1, fault: Fault::new(FaultKind::Io, WasSent::Maybe, "x") },
        );
        let CallOutput::Retrying(plan) = call.poll_output() else { panic!() };
        plan.delay.as_millis()
    };
    let waits: Vec<_> = (0..2_000).map(wait).collect();
    assert!(waits.iter().all(|wait| (22_500..=30_000).contains(wait)));
    for second in 23..30 {
        let there = waits.iter().filter(|wait| *wait / 1_000 == second).count();
        assert!((200..=340).contains(&there), "{there} of 2,000 in second {second}");
    }
}

#[test]
fn a_cap_of_a_day_is_final_whatever_the_answer_says_of_waiting() {
    for headers in [&[][..], &[("retry-after", "1")]] {
        let mut bench = Bench::new(SendMessage::to("alice", "hi"), options());
        bench.answer(429, headers, r#"{"error":{"code":"COLD_CAP_EXCEEDED","message":"m"}}"#);
        assert!(bench.done.is_some());
    }
}

#[test]
fn an_attempt_has_its_time_and_the_call_has_its_own() {
    let mut bench = Bench::new(GetMe::new(), options());
    bench.advance(Duration::from_secs(30));
    assert!(matches!(bench.plans[0].cause, Error::Transport { fault: Fault { kind: FaultKind::Timeout, .. }, .. }));
    bench.advance(Duration::from_secs(200));
    assert_eq!(bench.attempts.len(), 4);
    assert!(matches!(bench.error(), Error::Transport { attempts: 4, .. }));

    let tight = options().deadline(Duration::from_secs(31));
    let mut bench = Bench::new(GetMe::new(), tight);
    bench.advance(Duration::from_secs(60));
    let Error::Deadline { attempts: 2, last: Some(last), .. } = bench.error() else { panic!("{:?}", bench.error()) };
    assert!(Report::new(&**last).to_string().contains("30000 ms"), "{last:?}");

    let endless = options().timeout(None).deadline(None);
    let mut bench = Bench::new(GetMe::new(), endless);
    bench.advance(Duration::from_secs(1_000_000));
    assert!(bench.done.is_none() && bench.wake.is_none());
}

#[test]
fn a_sleep_past_the_deadline_starts_no_attempt() {
    let mut bench = Bench::new(GetMe::new(), options());
    bench.fault(FaultKind::Io, WasSent::Maybe);
    bench.now.mono = bench.now.mono + Duration::from_secs(86_400);
    bench.input(CallInput::Timeout);
    assert!(matches!(bench.error(), Error::Deadline { attempts: 1, .. }));
}

#[test]
fn late_early_and_repeated_inputs_change_nothing() {
    let mut bench = Bench::new(SyncMessages::new(), options());
    bench.input(CallInput::Timeout);
    bench.fault(FaultKind::Io, WasSent::Maybe);
    bench.fault(FaultKind::Io, WasSent::Maybe);
    bench.answer(200, &[], "[]");
    assert!(bench.done.is_none() && bench.plans.len() == 1);
    bench.advance(Duration::from_secs(1));
    let late = http::Response::new(bytes::Bytes::from("[]"));
    bench.input(CallInput::Response { attempt: 1, response: late });
    assert!(bench.done.is_none(), "the answer to the first attempt came after the second began");
    bench.answer(200, &[], "[]");
    assert!(bench.done.as_ref().unwrap().is_ok());
    bench.answer(500, &[], "");
    bench.input(CallInput::Cancel);
}

#[test]
fn cancelling_ends_at_once() {
    let mut bench = Bench::new(GetMe::new(), options());
    bench.input(CallInput::Cancel);
    assert!(matches!(bench.error(), Error::Cancelled));
}
