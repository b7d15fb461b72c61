//! Downloads from stores that break off, repeat and change their file as they like.

use std::time::Duration;

use agentchat_engine::FaultKind;
use agentchat_engine::transfer::{Fingerprinter, ReceiveOptions, TransferInput};
use bytes::Bytes;
use proptest::prelude::*;

use crate::bench::Bench;

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
