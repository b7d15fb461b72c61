//! What each answer to an attempt means, and when another attempt follows.

use std::time::Duration;

use agentchat_engine::rest::RetryPolicy;
use agentchat_engine::transfer::{ReceiveOptions, Transfer, TransferInput, TransferOptions};
use agentchat_engine::types::SignedUrl;
use agentchat_engine::{Fault, FaultKind, TransferError, WasSent};
use bytes::Bytes;
use http::Response;

use crate::bench::{Bench, URL, seed, start};

#[test]
fn a_put_carries_its_type_and_nothing_of_ours() {
    let mut bench = Bench::put(TransferOptions::default());
    let attempt = &bench.attempts[0];
    assert_eq!((attempt.request.method().as_str(), attempt.body), ("PUT", 3));
    assert_eq!(attempt.request.uri(), URL);
    let headers: Vec<_> = attempt.request.headers().iter().collect();
    assert_eq!(headers.len(), 1, "{headers:?}");
    assert_eq!(attempt.request.headers()["content-type"], "text/plain");
    bench.head(201, &[]);
    assert_eq!(bench.done.unwrap().unwrap().attempts, 1);
}

#[test]
fn urls_that_are_not_encrypted_or_not_absolute_are_refused_before_anything_is_sent() {
    for url in [
        "http://storage.example/f",
        "/f",
        "ftp://h/f",
        "",
        "https://user:pw@storage.example/f",
        "https:///f",
        "https://h:80443/f",
    ] {
        let url = SignedUrl::from(url);
        let refused = Transfer::put(&url, "text/plain", 1, TransferOptions::default(), seed(), start());
        assert!(matches!(refused, Err(TransferError::Url { .. })), "{}", url.expose());
        let refused = Transfer::get(&url, ReceiveOptions::default(), TransferOptions::default(), seed(), start());
        assert!(matches!(refused, Err(TransferError::Url { .. })), "{}", url.expose());
    }
    for url in ["http://127.0.0.1:1/f", "http://localhost/f", "http://[::1]:1/f", URL] {
        let url = SignedUrl::from(url);
        assert!(Transfer::put(&url, "text/plain", 1, TransferOptions::default(), seed(), start()).is_ok());
    }
}

#[test]
fn statuses_that_can_pass_are_repeated_and_all_others_are_final() {
    for status in [100_u16, 204, 301, 307, 308, 400, 401, 403, 404, 405, 409, 410, 412, 413, 416, 501, 505, 507] {
        let mut bench = Bench::get(ReceiveOptions::default());
        bench.head(status, &[("location", "http://elsewhere.example/")]);
        assert!(
            matches!(bench.error(), TransferError::Refused { status: told, attempts: 1 } if *told == status),
            "{status}"
        );
        assert_eq!(bench.attempts.len(), 1);
    }
    for status in [408, 425, 429, 500, 502, 503, 504] {
        let mut bench = Bench::put(TransferOptions::default());
        bench.head(status, &[]);
        assert!(bench.done.is_none());
        bench.advance(Duration::from_secs(1));
        assert_eq!(bench.attempt(), 2, "{status}");
        bench.head(200, &[]);
        assert_eq!(bench.done.unwrap().unwrap().attempts, 2);
    }
}

#[test]
fn retry_after_is_obeyed_in_full_or_ends_the_transfer() {
    let mut bench = Bench::put(TransferOptions::default());
    bench.head(503, &[("retry-after", "20")]);
    bench.advance(Duration::from_millis(19_999));
    assert_eq!(bench.attempts.len(), 1);
    bench.advance(Duration::from_secs(2));
    assert_eq!(bench.attempts.len(), 2);
    bench.head(503, &[("retry-after", "61")]);
    assert!(matches!(bench.error(), TransferError::Refused { status: 503, attempts: 2 }));
}

#[test]
fn faults_are_repeated_but_for_a_refused_certificate() {
    for kind in [FaultKind::Connect, FaultKind::Io, FaultKind::Protocol, FaultKind::Timeout] {
        let mut bench = Bench::put(TransferOptions::default());
        for _ in 0..4 {
            bench.fault(kind);
            bench.advance(Duration::from_secs(9));
        }
        assert!(matches!(bench.error(), TransferError::Transport { attempts: 4, .. }), "{kind:?}");
        assert_eq!(bench.retries.len(), 3);
    }
    let mut bench = Bench::put(TransferOptions::default());
    bench.fault(FaultKind::Tls);
    assert!(matches!(bench.error(), TransferError::Transport { attempts: 1, .. }));
}

#[test]
fn an_attempt_that_may_have_arrived_counts_although_the_last_was_refused() {
    for first in [FaultKind::Io, FaultKind::Connect] {
        let mut bench = Bench::put(TransferOptions::default());
        let fault = |bench: &mut Bench, kind, sent| {
            let attempt = bench.attempt();
            bench.input(TransferInput::Fault { attempt, fault: Fault::new(kind, sent, "gone") });
            bench.advance(Duration::from_secs(9));
        };
        let arrived = if first == FaultKind::Io { WasSent::Maybe } else { WasSent::No };
        fault(&mut bench, first, arrived);
        for _ in 0..3 {
            fault(&mut bench, FaultKind::Connect, WasSent::No);
        }
        let TransferError::Transport { fault, attempts: 4 } = bench.error() else { panic!("{:?}", bench.error()) };
        assert_eq!((fault.kind, fault.sent), (FaultKind::Connect, arrived));
        assert_eq!(bench.error().to_string().contains("nothing was sent"), arrived == WasSent::No);
    }
}

#[test]
fn an_attempt_fails_when_nothing_moves_and_the_deadline_bounds_a_trickle() {
    let retry = RetryPolicy::never();
    let stall = Some(Duration::from_secs(10));
    let options = TransferOptions::default().stall(stall).deadline(Duration::from_secs(60)).retry(retry);
    let mut bench = Bench::put(options.clone());
    bench.advance(Duration::from_secs(9));
    bench.moved();
    bench.advance(Duration::from_secs(9));
    assert!(bench.done.is_none());
    bench.advance(Duration::from_secs(1));
    match bench.error() {
        TransferError::Transport { fault, .. } => assert_eq!(fault.kind, FaultKind::Timeout),
        other => panic!("{other:?}"),
    }
    let mut bench = Bench::put(options);
    for _ in 0..6 {
        bench.advance(Duration::from_secs(9));
        bench.moved();
    }
    bench.advance(Duration::from_secs(6));
    assert!(matches!(bench.error(), TransferError::Deadline { attempts: 1, .. }), "{:?}", bench.error());
}

#[test]
fn what_belongs_to_another_attempt_changes_nothing() {
    let mut bench = Bench::get(ReceiveOptions::default());
    bench.chunk("before the head");
    bench.end();
    bench.fault(FaultKind::Io);
    bench.advance(Duration::from_secs(1));
    assert_eq!(bench.attempt(), 2);
    bench.input(TransferInput::Head { attempt: 1, head: Response::new(()) });
    bench.input(TransferInput::Fault { attempt: 1, fault: Fault::new(FaultKind::Io, WasSent::Maybe, "late") });
    bench.input(TransferInput::Chunk { attempt: 1, bytes: Bytes::from_static(b"late") });
    assert!(bench.written.is_empty() && bench.done.is_none() && bench.retries.len() == 1);
    bench.input(TransferInput::Cancel);
    assert!(matches!(bench.error(), TransferError::Cancelled));
    bench.head(200, &[]);
    assert_eq!(bench.attempts.len(), 2);
}

#[test]
fn a_url_that_expires_on_the_way_has_an_error_of_its_own() {
    let mut download = Bench::get(ReceiveOptions::default());
    download.head(200, &[("content-length", "6")]);
    download.chunk("abc");
    for mut bench in [download, Bench::put(TransferOptions::default())] {
        bench.fault(FaultKind::Io);
        bench.advance(Duration::from_secs(1));
        bench.head(403, &[]);
        assert!(matches!(bench.error(), TransferError::Expired { attempts: 2 }), "{:?}", bench.done);
    }
    let mut bench = Bench::get(ReceiveOptions::default());
    bench.head(403, &[]);
    assert!(matches!(bench.error(), TransferError::Refused { status: 403, attempts: 1 }), "it was never any good");
}

#[test]
fn no_output_shows_the_url() {
    let mut bench = Bench::put(TransferOptions::default());
    let mut shown = format!("{:?} {:?}", bench.transfer, bench.attempts);
    bench.head(503, &[]);
    shown += &format!("{:?}", bench.retries);
    bench.advance(Duration::from_secs(1));
    bench.head(403, &[]);
    shown += &format!("{:?} {}", bench.done, bench.error());
    assert!(!shown.contains("hush") && !shown.contains("att_1"), "{shown}");
}
