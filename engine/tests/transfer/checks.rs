//! What is held against the bytes of a file: its checksum, the limit, its encoding, and what was announced of it.

use agentchat_engine::TransferError;
use agentchat_engine::transfer::{Announced, Fingerprinter, ReceiveOptions};

use crate::bench::Bench;

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
