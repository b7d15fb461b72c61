//! Transfers: what each answer means, when an attempt is repeated, and what a download makes of several answers.

use std::time::Duration;

use agentchat_engine::rest::{RetryPlan, RetryPolicy};
use agentchat_engine::transfer::{
    Announced, Fingerprinter, ReceiveOptions, Received, Transfer, TransferAttempt, TransferInput, TransferOptions,
    TransferOutput,
};
use agentchat_engine::types::SignedUrl;
use agentchat_engine::{Fault, FaultKind, Mono, Now, Seed, TransferError, UnixTime, WasSent};
use bytes::Bytes;
use http::Response;

const URL: &str = "https://storage.example/att_1?signature=hush";

fn seed() -> Seed {
    Seed::from_bytes([5; 32])
}

fn start() -> Now {
    Now::new(Mono::from_micros(5_000_000), UnixTime::from_millis(1_790_000_000_000))
}

/// The strong tag of a file's only version.
const TAG: (&str, &str) = ("etag", "\"v1\"");

struct Bench {
    transfer: Transfer,
    now: Now,
    attempts: Vec<TransferAttempt>,
    retries: Vec<RetryPlan<TransferError>>,
    written: Vec<u8>,
    done: Option<Result<Received, TransferError>>,
    wake: Option<Mono>,
}

impl Bench {
    fn put(options: TransferOptions) -> Self {
        Self::new(Transfer::put(&SignedUrl::from(URL), "text/plain", 3, options, seed(), start()).unwrap())
    }

    fn get(receive: ReceiveOptions) -> Self {
        let (url, options) = (SignedUrl::from(URL), TransferOptions::default());
        Self::new(Transfer::get(&url, receive, options, seed(), start()).unwrap())
    }

    fn new(transfer: Transfer) -> Self {
        let (attempts, retries, written) = (vec![], vec![], vec![]);
        let mut bench = Self { transfer, now: start(), attempts, retries, written, done: None, wake: None };
        bench.poll();
        bench
    }

    fn poll(&mut self) {
        loop {
            match self.transfer.poll_output() {
                TransferOutput::Send(attempt) => self.attempts.push(*attempt),
                TransferOutput::Write(bytes) => self.written.extend_from_slice(&bytes),
                TransferOutput::Retrying(retry) => self.retries.push(retry),
                TransferOutput::Done(result) => assert!(self.done.replace(result).is_none(), "there is one end"),
                TransferOutput::Idle { wake } => return self.wake = wake,
                TransferOutput::Finished => return self.wake = None,
            }
        }
    }

    fn input(&mut self, input: TransferInput) {
        self.transfer.handle_input(self.now, input);
        self.poll();
    }

    fn attempt(&self) -> u32 {
        self.attempts.last().unwrap().number
    }

    fn head(&mut self, status: u16, headers: &[(&str, &str)]) {
        let mut head = Response::builder().status(status);
        for (name, value) in headers {
            head = head.header(*name, *value);
        }
        let attempt = self.attempt();
        self.input(TransferInput::Head { attempt, head: head.body(()).unwrap() });
    }

    fn chunk(&mut self, bytes: &'static str) {
        let attempt = self.attempt();
        self.input(TransferInput::Chunk { attempt, bytes: Bytes::from_static(bytes.as_bytes()) });
    }

    fn end(&mut self) {
        let attempt = self.attempt();
        self.input(TransferInput::End { attempt });
    }

    fn fault(&mut self, kind: FaultKind) {
        let attempt = self.attempt();
        self.input(TransferInput::Fault { attempt, fault: Fault::new(kind, WasSent::Maybe, "broken") });
    }

    /// The headers of the last request.
    fn asked(&self) -> Vec<String> {
        let headers = self.attempts.last().unwrap().request.headers();
        headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
    }

    /// A download of six bytes that has three of them, and whose connection has broken.
    fn halfway(receive: ReceiveOptions, headers: &[(&str, &str)]) -> Self {
        let mut bench = Self::get(receive);
        bench.head(200, headers);
        bench.chunk("abc");
        bench.fault(FaultKind::Io);
        bench.advance(Duration::from_secs(1));
        assert_eq!(bench.attempt(), 2);
        bench
    }

    fn moved(&mut self) {
        let attempt = self.attempt();
        self.input(TransferInput::Moved { attempt });
    }

    /// Lets time pass, saying `Timeout` exactly when asked to.
    fn advance(&mut self, by: Duration) {
        let end = self.now.mono + by;
        while let Some(wake) = self.wake.filter(|wake| *wake <= end) {
            self.now.mono = self.now.mono.max(wake);
            self.input(TransferInput::Timeout);
            assert!(self.wake.is_none_or(|next| next > self.now.mono), "a timeout was handled but is still due");
        }
        self.now.mono = end;
    }

    fn error(&self) -> &TransferError {
        self.done.as_ref().expect("the transfer has ended").as_ref().expect_err("it failed")
    }
}

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
fn a_download_goes_on_where_it_broke_off() {
    let mut bench = Bench::get(ReceiveOptions::default());
    assert_eq!(bench.asked(), ["accept-encoding: identity"]);
    bench.head(200, &[("content-length", "6"), ("content-type", "text/plain"), TAG]);
    assert_eq!(bench.transfer.size(), Some(6));
    bench.chunk("abc");
    bench.fault(FaultKind::Io);
    bench.advance(Duration::from_secs(1));
    assert_eq!(bench.asked(), ["accept-encoding: identity", "range: bytes=3-", "if-range: \"v1\""]);
    bench.head(206, &[("content-range", "bytes 3-5/6"), ("content-length", "3"), ("content-type", "text/plain"), TAG]);
    bench.chunk("def");
    bench.end();
    let received = bench.done.unwrap().unwrap();
    assert_eq!(bench.written, b"abcdef");
    assert_eq!((received.attempts, received.file.size), (2, 6));
    assert_eq!(received.content_type.as_deref(), Some("text/plain"));
    let mut whole = Fingerprinter::new();
    whole.update(b"abcdef");
    assert_eq!(received.file, whole.finish());
}

#[test]
fn without_a_strong_tag_the_file_is_asked_for_again_and_nothing_is_written_twice() {
    for headers in [&[][..], &[("etag", "W/\"v1\"")], &[("etag", "v1")], &[("content-length", "6")]] {
        let mut bench = Bench::halfway(ReceiveOptions::default(), headers);
        assert_eq!(bench.asked(), ["accept-encoding: identity"], "{headers:?}");
        bench.head(200, headers);
        for chunk in ["ab", "cd", "", "ef"] {
            bench.chunk(chunk);
        }
        bench.end();
        assert_eq!(bench.done.unwrap().unwrap().file.size, 6);
        assert_eq!(bench.written, b"abcdef");
    }
}

#[test]
fn a_checksum_of_the_callers_vouches_for_parts() {
    let mut whole = Fingerprinter::new();
    whole.update(b"abcdef");
    let sha256 = whole.finish().sha256;
    for (rest, right) in [("def", true), ("deX", false)] {
        let mut bench = Bench::halfway(ReceiveOptions::default().sha256(sha256.as_str()), &[]);
        assert_eq!(bench.asked(), ["accept-encoding: identity", "range: bytes=3-"]);
        bench.head(206, &[("content-range", "bytes 3-5/6")]);
        bench.chunk(rest);
        bench.end();
        assert_eq!(bench.done.as_ref().unwrap().is_ok(), right);
    }
}

#[test]
fn a_short_part_is_followed_by_the_next_one_at_once() {
    let mut bench = Bench::halfway(ReceiveOptions::default(), &[("content-length", "6"), TAG]);
    for (range, part) in [("bytes 3-3/6", "d"), ("bytes 4-4/*", "e"), ("bytes 5-5/6", "f")] {
        bench.head(206, &[("content-range", range), ("content-length", "1"), TAG]);
        bench.chunk(part);
        assert!(bench.done.is_none());
        bench.end();
    }
    assert_eq!(bench.attempts.iter().map(|attempt| attempt.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(bench.attempts[3].request.headers()["range"], "bytes=5-");
    assert_eq!(bench.retries.len(), 1, "no part is a retry");
    assert_eq!((bench.done.unwrap().unwrap().attempts, bench.written.as_slice()), (4, &b"abcdef"[..]));
}

#[test]
fn parts_are_not_counted_as_retries_but_what_breaks_off_between_them_is() {
    let mut bench = Bench::halfway(ReceiveOptions::default().limit(100), &[("content-length", "40"), TAG]);
    for at in 3..20 {
        bench.head(206, &[("content-range", format!("bytes {at}-{at}/40").as_str()), TAG]);
        bench.chunk("x");
        bench.end();
    }
    assert_eq!((bench.attempts.len(), bench.retries.len()), (19, 1));
    for _ in 0..3 {
        bench.fault(FaultKind::Io);
        bench.advance(Duration::from_secs(9));
    }
    assert!(matches!(bench.error(), TransferError::Transport { attempts: 21, .. }), "{:?}", bench.done);
}

#[test]
fn an_answer_that_ends_below_what_it_said_has_broken_off() {
    let mut bench = Bench::get(ReceiveOptions::default());
    bench.head(200, &[("content-length", "6"), TAG]);
    bench.chunk("abc");
    bench.end();
    assert!(bench.done.is_none());
    bench.advance(Duration::from_secs(1));
    bench.head(206, &[("content-range", "bytes 3-5/6"), TAG]);
    bench.chunk("d");
    bench.end();
    bench.advance(Duration::from_secs(2));
    assert_eq!(bench.attempts[2].request.headers()["range"], "bytes=4-");
    bench.head(206, &[("content-range", "bytes 4-5/6"), TAG]);
    bench.chunk("ef");
    bench.end();
    assert_eq!(bench.written, b"abcdef");
    assert!(bench.done.unwrap().is_ok());
}

#[test]
fn another_size_another_tag_and_another_beginning_are_another_file() {
    type Headers<'a> = &'a [(&'a str, &'a str)];
    let tagged: Headers<'_> = &[("content-length", "6"), TAG];
    let heads: [(Headers<'_>, u16, Headers<'_>); 8] = [
        (tagged, 206, &[("content-range", "bytes 3-4/5"), TAG]),
        (tagged, 206, &[("content-range", "bytes 3-6/7"), TAG]),
        (tagged, 206, &[("content-range", "bytes 3-6/*"), TAG]),
        (tagged, 206, &[("content-range", "bytes 3-5/6"), ("etag", "\"v2\"")]),
        (tagged, 200, &[("content-length", "7"), TAG]),
        (tagged, 200, &[("content-length", "6"), ("etag", "\"v2\"")]),
        (&[("etag", "W/\"v1\"")], 200, &[("etag", "W/\"v2\"")]),
        (&[], 200, &[("content-length", "2")]),
    ];
    for (first, status, then) in heads {
        let mut bench = Bench::halfway(ReceiveOptions::default(), first);
        bench.head(status, then);
        assert!(matches!(bench.error(), TransferError::Changed), "{then:?}: {:?}", bench.done);
        assert_eq!(bench.written, b"abc");
    }
    for (first, chunks) in [
        (tagged, &["abX"][..]),
        (tagged, &["Xbcdef"]),
        (&[], &["X", "bc", "def"]),
        (&[], &["ab"]),
        (tagged, &["abcde"]),
        (tagged, &["abcdefg"]),
    ] {
        let mut bench = Bench::halfway(ReceiveOptions::default(), first);
        bench.head(200, &[]);
        for chunk in chunks {
            bench.chunk(chunk);
        }
        bench.end();
        assert!(matches!(bench.error(), TransferError::Changed), "{chunks:?}: {:?}", bench.done);
        assert!(b"abcde".starts_with(&bench.written), "{chunks:?}");
    }
}

#[test]
fn bytes_that_no_tag_was_named_for_are_joined_with_nothing() {
    let mut bench = Bench::halfway(ReceiveOptions::default(), &[TAG]);
    bench.head(200, &[]);
    bench.chunk("abcd");
    bench.fault(FaultKind::Io);
    bench.advance(Duration::from_secs(2));
    assert_eq!(bench.asked(), ["accept-encoding: identity"], "d may be of another version than abc");
    bench.head(200, &[TAG]);
    bench.chunk("abcde");
    bench.fault(FaultKind::Io);
    bench.advance(Duration::from_secs(4));
    assert_eq!(bench.asked().len(), 3, "all of it came under the tag once more");
}

#[test]
fn a_part_that_was_not_asked_for_is_refused() {
    let mut bench = Bench::get(ReceiveOptions::default());
    bench.head(206, &[("content-range", "bytes 0-2/6")]);
    assert!(matches!(bench.error(), TransferError::Refused { status: 206, .. }));
}

#[test]
fn after_a_part_that_cannot_be_used_the_whole_file_is_asked_for() {
    let part = |range: &'static str| (206, [("content-range", range), ("content-length", "3"), TAG]);
    let mut unusable: Vec<(u16, Vec<(&str, &str)>)> =
        ["bytes 2-4/6", "bytes 4-6/7", "bytes */6", "", "3-5/6", "bytes x-5/6", "bytes 3-4/6", "bytes 3-5/5"]
            .into_iter()
            .map(|range| (part(range).0, part(range).1.to_vec()))
            .collect();
    unusable.push((206, vec![TAG]));
    unusable.push((206, vec![("content-range", "bytes 3-5/6")]));
    unusable.push((206, vec![("content-range", "bytes 3-5/6"), ("content-length", "x"), TAG]));
    unusable.push((416, vec![("content-range", "bytes */3")]));
    for (status, headers) in unusable {
        let mut bench = Bench::halfway(ReceiveOptions::default(), &[TAG]);
        assert_eq!(bench.asked().len(), 3);
        bench.head(status, &headers);
        assert!(bench.done.is_none(), "{headers:?}: {:?}", bench.done);
        bench.advance(Duration::from_secs(2));
        assert_eq!(bench.asked(), ["accept-encoding: identity"], "{headers:?}");
        assert_eq!(bench.written, b"abc");
        bench.head(200, &[TAG]);
        bench.chunk("abcdef");
        bench.end();
        assert!(bench.done.unwrap().is_ok(), "{headers:?}");
    }
    let mut bench = Bench::halfway(ReceiveOptions::default(), &[TAG]);
    bench.head(206, &[("content-range", "bytes 3-4/6"), TAG]);
    bench.chunk("def");
    assert_eq!(bench.written, b"abc", "more than it said");
    bench.advance(Duration::from_secs(2));
    assert_eq!(bench.asked(), ["accept-encoding: identity"]);
}

#[test]
fn an_encoding_that_was_not_asked_for_is_no_success() {
    for encoding in ["gzip", "br", "identity, gzip", "\u{e9}"] {
        let mut bench = Bench::get(ReceiveOptions::default());
        bench.head(200, &[("content-encoding", encoding)]);
        assert!(matches!(bench.error(), TransferError::Encoded), "{encoding}");
    }
    let mut bench = Bench::get(ReceiveOptions::default());
    bench.head(200, &[("content-encoding", "identity")]);
    bench.chunk("abc");
    bench.end();
    assert!(bench.done.unwrap().is_ok());
}

#[test]
fn the_limit_holds_whether_the_size_is_announced_or_not() {
    let limited = || Bench::get(ReceiveOptions::default().limit(4));
    let mut bench = limited();
    bench.head(200, &[("content-length", "5")]);
    assert!(matches!(bench.error(), TransferError::TooLarge { limit: 4 }));
    let mut bench = limited();
    bench.head(200, &[]);
    bench.chunk("abc");
    bench.chunk("de");
    assert!(matches!(bench.error(), TransferError::TooLarge { limit: 4 }));
    assert_eq!(bench.written, b"abc", "nothing beyond the limit is written");
    let mut bench = limited();
    bench.head(200, &[("content-length", "4")]);
    bench.chunk("abcd");
    bench.end();
    assert!(bench.done.unwrap().is_ok());
}

#[test]
fn another_checksum_is_no_success() {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    for (expected, right) in [(abc.to_owned(), true), (abc.to_uppercase(), true), (abc.replace('b', "c"), false)] {
        let mut bench = Bench::get(ReceiveOptions::default().sha256(expected));
        bench.head(200, &[]);
        bench.chunk("abc");
        bench.end();
        assert_eq!(bench.done.as_ref().unwrap().is_ok(), right);
        if !right {
            assert!(matches!(bench.error(), TransferError::Checksum { found, .. } if found == abc));
        }
    }
}

#[test]
fn a_file_that_was_written_to_is_noticed_before_its_last_byte_leaves() {
    let mut file = Fingerprinter::new();
    file.update(b"abcdef");
    let file = file.finish();
    let sent = |chunks: &[&str]| {
        let mut sent = Announced::new(&file);
        chunks.iter().all(|chunk| sent.check(chunk.as_bytes()).is_ok())
    };
    assert!(sent(&["abc", "def"]) && sent(&["a", "bcdef"]));
    assert!(!sent(&["abc", "deX"]) && !sent(&["Xbc", "def"]), "other bytes");
    assert!(!sent(&["abc", ""]), "shorter");
    assert!(!sent(&["abc", "defg"]), "longer");
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

mod any_store {
    use proptest::prelude::*;

    use super::*;

    /// What a store does with one attempt.
    #[derive(Clone, Debug)]
    enum Deed {
        /// Sends a version of the file, or the part that is asked for, in chunks of this size, and breaks off after so many
        /// bytes. `If-Range` is of no interest to it.
        Send {
            version: usize,
            tagged: bool,
            ranges: bool,
            announce: bool,
            chunk: usize,
            break_after: usize,
        },
        Status(u16),
        Nothing,
    }

    fn any_deed() -> impl Strategy<Value = Deed> {
        prop_oneof![
            4 => (0..4_usize, any::<bool>(), any::<bool>(), any::<bool>(), 1..9_usize, 0..60_usize).prop_map(
                |(version, tagged, ranges, announce, chunk, break_after)| {
                    // Mostly the first one: a file that is another each time never comes whole.
                    let version = version / 3;
                    Deed::Send { version, tagged, ranges, announce, chunk, break_after }
                }
            ),
            1 => prop::sample::select(vec![429_u16, 500, 503]).prop_map(Deed::Status),
            1 => Just(Deed::Nothing),
        ]
    }

    proptest! {
        /// However a store breaks off and goes on, and whichever version it sends, what is written is the beginning of one of
        /// them, and at success all of it; with a checksum, of the one that was wanted.
        #[test]
        fn what_is_written_is_the_file(
            size in 1..40_usize,
            alike in 0..40_usize,
            checked in any::<bool>(),
            deeds in prop::collection::vec(any_deed(), 4),
        ) {
            let wanted: Vec<u8> = (0..size).map(|at| at as u8).collect();
            let other: Vec<u8> = wanted.iter().map(|at| if usize::from(*at) < alike { *at } else { 0xFF }).collect();
            let mut whole = Fingerprinter::new();
            whole.update(&wanted);
            let whole = whole.finish();
            let mut receive = ReceiveOptions::default();
            receive.sha256 = checked.then(|| whole.sha256.clone());
            let versions = [wanted, other];
            let mut bench = Bench::get(receive);
            for deed in deeds {
                if bench.done.is_some() {
                    break;
                }
                match deed {
                    Deed::Nothing => bench.advance(Duration::from_secs(60)),
                    Deed::Status(status) => bench.head(status, &[]),
                    Deed::Send { version, tagged, ranges, announce, chunk, break_after } => {
                        let file = &versions[version];
                        let tag = format!("\"{version}\"");
                        let asked = bench.attempts.last().unwrap().request.headers().get("range");
                        let from: usize = asked.map_or(0, |range| {
                            range.to_str().unwrap()["bytes=".len()..].trim_end_matches('-').parse().unwrap()
                        });
                        let from = if ranges { from } else { 0 };
                        let part = &file[from.min(size)..];
                        let (length, range) = (part.len().to_string(), format!("bytes {from}-{}/{size}", size - 1));
                        let mut headers = vec![];
                        if tagged {
                            headers.push(("etag", tag.as_str()));
                        }
                        if announce {
                            headers.push(("content-length", length.as_str()));
                        }
                        if from > 0 {
                            headers.push(("content-range", range.as_str()));
                        }
                        bench.head(if from > 0 { 206 } else { 200 }, &headers);
                        let attempt = bench.attempt();
                        for bytes in part[..break_after.min(part.len())].chunks(chunk) {
                            bench.input(TransferInput::Chunk { attempt, bytes: Bytes::copy_from_slice(bytes) });
                        }
                        if break_after < part.len() {
                            bench.fault(FaultKind::Io);
                        } else {
                            bench.end();
                        }
                    }
                }
                let begins = versions.iter().any(|file| file.starts_with(&bench.written));
                prop_assert!(checked || begins, "{:?}", bench.written);
                bench.advance(Duration::from_secs(10));
            }
            if let Some(Ok(received)) = &bench.done {
                prop_assert!(versions.contains(&bench.written), "{:?}", bench.written);
                prop_assert!(!checked || received.file == whole);
            }
        }
    }
}
