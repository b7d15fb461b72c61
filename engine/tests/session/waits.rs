//! Waits that the platform asks for, and those that save requests.

use std::time::Duration;

use agentchat_engine::realtime::{ConnectionState, Input, SessionOptions};
use agentchat_engine::{Fault, FaultKind, WasSent};
use serde_json::json;

use crate::rig::{Rig, options, row};

/// Answers 429 with 300 s, and says after how many seconds the same is asked again, over other connections too.
fn asked_again_after(rig: &mut Rig, path: &str) -> u64 {
    let request = rig.request(path);
    rig.requests.remove(&request);
    let response = http::Response::builder().status(429).header("retry-after", "300").body("{}".into()).unwrap();
    rig.input(Input::Response { request, result: Ok(response) });
    for second in 1.. {
        rig.advance(Duration::from_secs(1));
        if second % 100 == 0 {
            rig.reconnect();
        }
        if path != "/sync" && rig.has_request("/sync") {
            rig.answer_sync(&[row("c", 1)]);
        }
        rig.input(Input::Alive(rig.connection.unwrap()));
        if rig.has_request(path) {
            return second;
        }
    }
    unreachable!()
}

#[test]
fn a_retry_after_of_the_sessions_own_calls_is_obeyed_in_full() {
    let mut rig = Rig::greeted(SessionOptions::default());
    assert!((300..=302).contains(&asked_again_after(&mut rig, "/sync")));
    let mut rig = Rig::greeted(SessionOptions::default());
    assert!((300..=302).contains(&asked_again_after(&mut rig, "/agents/me")));
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("c", 1)]);
    rig.handle_all();
    assert!((300..=302).contains(&asked_again_after(&mut rig, "/sync/ack")));
}

#[test]
fn a_retry_after_of_a_refused_upgrade_is_obeyed_in_full() {
    for status in [429, 503] {
        let mut rig = Rig::idle(options());
        rig.input(Input::Start { api_key: None });
        let first = rig.connection.unwrap();
        rig.input(Input::Fault(first, Fault::upgrade_refused(status, Some(Duration::from_secs(45)))));
        let ConnectionState::Waiting { retry_at, .. } = *rig.session.state() else { panic!() };
        let wait = retry_at.saturating_since(rig.now.mono).as_millis();
        assert!((45_000..=46_000).contains(&wait), "{wait}");
        rig.next_socket();
        rig.input(Input::Fault(rig.connection.unwrap(), Fault::new(FaultKind::Connect, WasSent::No, "refused")));
        let ConnectionState::Waiting { retry_at, .. } = *rig.session.state() else { panic!() };
        assert!(retry_at.saturating_since(rig.now.mono) < Duration::from_secs(2), "asked for once");
    }
}

#[test]
fn rows_that_settle_within_a_short_while_cost_one_commit() {
    let mut rig = Rig::greeted(options());
    let rows: Vec<_> = (1..=100).map(|seq| row("c", seq)).collect();
    rig.answer_sync(&rows);
    rig.answer_sync(&[]);
    let mut commits = 0;
    for _ in 0..100 {
        rig.handle();
        rig.advance(Duration::from_millis(1));
        if rig.has_request("/sync/ack") {
            commits += 1;
            rig.answer_ack();
        }
    }
    assert!((1..=3).contains(&commits), "{commits} commits for a page handled in 100 ms");
    assert!(!rig.has_request("/sync/ack"));
}

#[test]
fn a_commit_whose_answer_cannot_be_read_is_made() {
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("c", 1)]);
    rig.handle_all();
    rig.answer("/sync/ack", &json!("done"));
    rig.advance(Duration::from_secs(5));
    assert!(!rig.has_request("/sync/ack"), "the status says that it is done");
}
