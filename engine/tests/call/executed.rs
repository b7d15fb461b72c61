//! Whether a call that failed may have been executed: every attempt counts, not the last alone.

use std::time::Duration;

use agentchat_engine::error::Report;
use agentchat_engine::rest::{MarkAsRead, RetryPolicy, SendMessage};
use agentchat_engine::{CallOptions, Error, FaultKind, WasSent};

use crate::bench::Bench;

/// How an attempt ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Refused,
    Broken,
    Silent,
    Answer(u16, &'static str),
}

use End::{Answer, Broken, Refused, Silent};

/// A send whose attempts end so.
fn sent(ends: &[End]) -> Bench<SendMessage> {
    let mut bench = Bench::new(SendMessage::to("alice", "hi"), CallOptions::default());
    for end in ends {
        assert!(bench.done.is_none(), "{ends:?}");
        match end {
            Refused => bench.fault(FaultKind::Connect, WasSent::No),
            Broken => bench.fault(FaultKind::Io, WasSent::Maybe),
            Silent => bench.advance(Duration::from_secs(30)),
            Answer(status, code) => bench.answer(*status, &[], &format!(r#"{{"code":"{code}","message":"m"}}"#)),
        }
        if let Some(plan) = bench.plans.last().cloned().filter(|_| bench.done.is_none()) {
            // The report of an attempt on the way is as true as the one in the end.
            let arrived = plan.cause.maybe_executed();
            assert_eq!(
                arrived,
                !ends.iter().take(bench.plans.len()).all(|end| matches!(end, Refused | Answer(429, _))),
                "{ends:?}"
            );
            bench.advance(plan.delay);
        }
    }
    bench
}

#[test]
fn an_attempt_that_may_have_arrived_counts_however_the_last_one_ends() {
    for first in [Broken, Silent, Answer(503, "INTERNAL_ERROR"), Answer(408, "TIMEOUT")] {
        for last in [
            &[Refused, Refused, Refused][..],
            &[Answer(403, "BLOCKED")],
            &[Answer(404, "AGENT_NOT_FOUND")],
            &[Answer(429, "AWAITING_REPLY")],
            &[Answer(429, "RATE_LIMITED"), Answer(429, "RATE_LIMITED"), Answer(429, "RATE_LIMITED")],
            &[Answer(409, "IDEMPOTENT_IN_PROGRESS")],
            &[Refused, Answer(401, "UNAUTHORIZED")],
        ] {
            let bench = sent(&[&[first], last].concat());
            let error = bench.error();
            assert!(error.maybe_executed(), "{first:?} {last:?}: {error}");
            assert!(!error.to_string().contains("nothing was sent"), "{error}");
            if !matches!(last, [Answer(409, _)]) {
                assert!(error.to_string().contains("(an earlier attempt may have arrived)"), "{error}");
            }
        }
    }
}

#[test]
fn what_certainly_did_not_arrive_is_reported_as_such() {
    let bench = sent(&[Refused; 4]);
    assert!(!bench.error().maybe_executed());
    let text = Report::new(bench.error()).to_string();
    assert_eq!(text, "no answer after 4 attempt(s) (nothing was sent): connect: broken");
    for (status, code) in [(403, "BLOCKED"), (400, "VALIDATION_ERROR"), (413, "CONTENT_TOO_LARGE")] {
        let bench = sent(&[Refused, Answer(status, code)]);
        assert!(!bench.error().maybe_executed());
        assert_eq!(bench.error().to_string(), format!("{code} ({status}): m"));
    }
    // A rate limit is a refusal like any other.
    assert!(!sent(&[Answer(429, "RATE_LIMITED"); 4]).error().maybe_executed());
}

/// A redirect may follow a call that was executed, and these two say themselves that something is at work, or was.
#[test]
fn an_answer_that_rules_nothing_out_counts_by_itself() {
    let options = || CallOptions::default().retry(RetryPolicy::never());
    for (status, code) in [(500, "X"), (504, "X"), (303, "X"), (408, "X"), (409, "IDEMPOTENT_IN_PROGRESS")] {
        let mut bench = Bench::new(MarkAsRead::new("m"), options());
        bench.answer(status, &[], &format!(r#"{{"code":"{code}","message":"m"}}"#));
        assert!(bench.error().maybe_executed(), "{status} {code}");
        assert!(!bench.error().to_string().contains("earlier"), "{}", bench.error());
    }
}

#[test]
fn a_deadline_counts_the_attempt_in_flight_and_those_before() {
    let within = |seconds| CallOptions::default().deadline(Duration::from_secs(seconds));
    // In flight at the deadline, after a refused connection.
    let mut bench = Bench::new(SendMessage::to("alice", "hi"), within(20));
    bench.fault(FaultKind::Connect, WasSent::No);
    bench.advance(Duration::from_secs(20));
    let Error::Deadline { attempts: 2, sent: WasSent::Maybe, .. } = bench.error() else {
        panic!("{:?}", bench.error())
    };
    let text = Report::new(bench.error()).to_string();
    assert!(!text.contains("nothing was sent") && text.contains("an attempt may have arrived"), "{text}");
    // Asleep at the deadline, after refused connections alone.
    let mut bench = Bench::new(SendMessage::to("alice", "hi"), within(20));
    bench.fault(FaultKind::Connect, WasSent::No);
    bench.now.mono = bench.now.mono + Duration::from_secs(60);
    bench.input(agentchat_engine::CallInput::Timeout);
    assert!(!bench.error().maybe_executed());
    let text = Report::new(bench.error()).to_string();
    assert!(
        text.ends_with("(nothing was sent): connect: broken") && text.matches("nothing was sent").count() == 1,
        "{text}"
    );
}
