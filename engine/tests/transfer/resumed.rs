//! A download that broke off: what is asked for next, and what may be joined to the bytes that are there.

use std::time::Duration;

use agentchat_engine::transfer::{Fingerprinter, ReceiveOptions};
use agentchat_engine::{FaultKind, TransferError};

use crate::bench::{Bench, TAG};

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
