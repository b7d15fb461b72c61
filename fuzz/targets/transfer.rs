//! Anything that can happen to an upload or a download, in any order: heads, chunks and ends that nobody asked for, bytes of attempts
//! that are over, faults, time that stands, passes or jumps, the caller who gives up. It ends once, in time, asks for no more than its
//! retries and the parts that come allow, writes no more than may be, and shows its signed URL to nobody.
//!
//! That what a download writes is one file is held by `download`.
#![cfg_attr(fuzzing, no_main)]

use std::time::Duration;

use agentchat_engine::rest::RetryPolicy;
use agentchat_engine::transfer::{
    Fingerprinter, ReceiveOptions, Transfer, TransferInput, TransferOptions, TransferOutput,
};
use agentchat_engine::types::SignedUrl;
use agentchat_engine::{Fault, FaultKind, Now, Seed, WasSent};
use agentchat_fuzz::{Choices, answers};
use bytes::Bytes;
use http::{HeaderValue, Response};

const SECRET: &str = "signature_of_the_url";
const RANGES: [&str; 6] =
    ["bytes 0-3/4", "bytes 2-9/20", "bytes 4-4/*", "bytes 9-3/4", "bytes 0-99999999999999999999/1", "x"];
const TAGS: [&str; 4] = ["\"a\"", "\"b\"", "W/\"a\"", "a"];

fn transfer(data: &[u8]) {
    let mut choices = Choices::new(data);
    let url = SignedUrl::from(format!("https://storage.example/f?signature={SECRET}"));
    let (limit, start) = (choices.byte() as u64 + 1, Now::default());
    let retries = choices.below(4) as u32;
    let mut options = TransferOptions::default().retry(RetryPolicy::default().max_retries(retries));
    options.stall = (choices.below(4) > 0).then(|| Duration::from_millis(1 << choices.below(16)));
    options.deadline = (choices.below(4) > 0).then(|| Duration::from_millis(1 << choices.below(22)));
    let (deadline, seed) = (options.deadline, Seed::from_bytes([4; 32]));
    let upload = choices.below(3) == 0;
    let machine = if upload {
        Transfer::put(&url, "text/plain", limit, options, seed, start)
    } else {
        let mut receive = ReceiveOptions::default().limit(limit);
        receive.sha256 = choices.rarely(4).then(|| "0a".repeat(32));
        Transfer::get(&url, receive, options, seed, start)
    };
    let mut machine = machine.expect("a good URL");
    let (mut now, mut done, mut sent, mut written) = (start, None, 0_u32, Vec::new());
    for step in 0.. {
        let wake = loop {
            match machine.poll_output() {
                TransferOutput::Send(attempt) => {
                    sent += 1;
                    assert!(done.is_none() && attempt.number == sent, "attempt {} after {sent}", attempt.number);
                    assert_eq!(attempt.request.uri().to_string(), url.expose());
                    assert_eq!(attempt.body, if upload { limit } else { 0 });
                    assert!(!format!("{attempt:?}").contains(SECRET));
                }
                TransferOutput::Write(bytes) => {
                    assert!(!upload && !bytes.is_empty() && done.is_none());
                    written.extend_from_slice(&bytes);
                }
                TransferOutput::Retrying(plan) => agentchat_fuzz::assert_silent(&plan.cause, SECRET),
                TransferOutput::Done(result) => assert!(done.replace(result).is_none(), "it ends once"),
                TransferOutput::Idle { wake } => break wake,
                TransferOutput::Finished => {
                    assert!(done.is_some(), "it has ended, and said nothing");
                    break None;
                }
            }
        };
        assert!(!format!("{machine:?}").contains(SECRET));
        assert!(written.len() as u64 <= limit, "more is written than may be");
        // A part that is asked for without a retry follows one that brought at least a byte.
        assert!(u64::from(sent) <= u64::from(retries) + 1 + written.len() as u64, "{sent} requests");
        let end = deadline.map(|deadline| start.mono + deadline);
        assert!(done.is_some() || end.is_none_or(|end| wake.is_some_and(|wake| wake <= end)), "the deadline counts");
        if choices.is_spent() || step > 400 {
            break;
        }
        let input = next(&mut choices, sent);
        if matches!(input, TransferInput::Timeout) {
            now.mono = match choices.below(4) {
                0 => now.mono + Duration::from_millis(choices.byte() as u64),
                1 => now.mono + Duration::from_secs(60 * choices.byte() as u64),
                _ => wake.map_or(now.mono, |wake| wake.max(now.mono)),
            };
        }
        machine.handle_input(now, input);
    }
    match done {
        Some(Ok(received)) => {
            let mut fingerprint = Fingerprinter::new();
            fingerprint.update(&written);
            assert_eq!(received.file, fingerprint.finish());
        }
        Some(Err(error)) => agentchat_fuzz::assert_silent(&error, SECRET),
        None => {}
    }
}

fn next(choices: &mut Choices<'_>, sent: u32) -> TransferInput {
    let attempt = if choices.rarely(8) { choices.byte() as u32 } else { sent };
    match choices.below(10) {
        0..3 => TransferInput::Head { attempt, head: head(choices) },
        3..6 => TransferInput::Chunk { attempt, bytes: Bytes::copy_from_slice(choices.bytes()) },
        6 => TransferInput::End { attempt },
        7 => TransferInput::Fault { attempt, fault: fault(choices) },
        8 => TransferInput::Moved { attempt },
        _ if choices.rarely(16) => TransferInput::Cancel,
        _ => TransferInput::Timeout,
    }
}

fn head(choices: &mut Choices<'_>) -> Response<()> {
    let mut head = answers::any(choices, SECRET).map(drop);
    for _ in 0..choices.below(4) {
        let (name, value) = match choices.below(5) {
            0 => ("content-range", choices.pick(&RANGES).to_owned()),
            1 => ("content-range", format!("bytes {}-{}/{}", choices.byte(), choices.byte(), choices.byte())),
            2 => ("etag", choices.pick(&TAGS).to_owned()),
            3 => ("content-encoding", choices.text()),
            _ => ("content-length", choices.byte().to_string()),
        };
        if let Ok(value) = HeaderValue::from_str(&value) {
            head.headers_mut().append(name, value);
        }
    }
    head
}

fn fault(choices: &mut Choices<'_>) -> Fault {
    let kind =
        choices.pick(&[FaultKind::Io, FaultKind::Connect, FaultKind::Timeout, FaultKind::Tls, FaultKind::Config]);
    let said =
        if choices.rarely(3) { format!("at https://storage.example/f?signature={SECRET}") } else { choices.text() };
    Fault::new(kind, choices.pick(&[WasSent::Maybe, WasSent::No]), said)
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| transfer(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("transfer", transfer);
}
