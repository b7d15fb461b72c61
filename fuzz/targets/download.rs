//! Any answers to a download: statuses, `Content-Range`, `ETag` and lengths, honest or not, and cuts anywhere, while the
//! file becomes another. The model knows every version of it: what is reported as success is one of them, never shorter
//! than what was announced first, and never larger than allowed.
#![cfg_attr(fuzzing, no_main)]

use std::time::Duration;

use agentchat_engine::transfer::{
    Fingerprinter, ReceiveOptions, Received, Transfer, TransferInput, TransferOptions, TransferOutput,
};
use agentchat_engine::types::SignedUrl;
use agentchat_engine::{Fault, FaultKind, Now, Seed, TransferError, WasSent};
use agentchat_fuzz::Choices;
use bytes::Bytes;
use http::{Response, StatusCode};

/// The largest file that is taken.
const LIMIT: u64 = 48;

/// The versions of a file: alike in their beginnings, ends or sizes.
fn versions(size: usize) -> Vec<Vec<u8>> {
    let first: Vec<u8> = (0..size).map(|at| at as u8).collect();
    let mut half = first.clone();
    half[size / 2..].iter_mut().for_each(|byte| *byte |= 0x80);
    let mut start = first.clone();
    start[0] = 0xFF;
    let longer = [first.as_slice(), b"more"].concat();
    let shorter = first[..size - 1].to_vec();
    vec![first, half, start, longer, shorter]
}

/// What the store says and does next.
#[derive(Debug)]
struct Answer {
    head: Response<()>,
    body: Vec<u8>,
    chunk: usize,
    /// Whether the body's end is seen, and not that the connection breaks.
    ends: bool,
    /// The file's size, if this says it, and whether it is true.
    size: Option<(u64, bool)>,
}

/// A store that has a file in several versions. Its strong tags are true: a part of one version under the tag of another
/// cannot be told from one that is right, short of a checksum.
fn answer(choices: &mut Choices<'_>, versions: &[Vec<u8>], asked: Option<usize>, announced: bool) -> Answer {
    let version = [0, 0, 0, 0, 1, 2, 3, 4][choices.below(8)];
    let file = &versions[version];
    let status = match choices.below(16) {
        0 => [204, 302, 403, 404, 416, 429, 500, 503][choices.below(8)],
        1..5 => 200,
        _ if asked.is_some() => 206,
        _ => [200, 200, 200, 206][choices.below(4)],
    };
    let mut head = Response::builder().status(StatusCode::from_u16(status).expect("a status"));
    match choices.below(4) {
        0 => {}
        1 => head = head.header("etag", "W/\"any\""),
        _ => head = head.header("etag", format!("\"{version}\"")),
    }
    let asked = asked.unwrap_or(0);
    let from = match (status, choices.below(8)) {
        (206, 0) => choices.below(file.len()),
        (206, _) => asked.min(file.len()),
        _ => 0,
    };
    let mut body = file[from..].to_vec();
    let mut size = None;
    if status == 206 {
        if choices.below(2) == 0 {
            body.truncate(choices.below(file.len()) + 1);
        }
        let last = (from + body.len()).saturating_sub(1);
        let promised = if choices.below(8) == 0 { last + choices.below(4) } else { last };
        let total = file.len() as u64;
        match choices.below(8) {
            0 => {}
            1 => head = head.header("content-range", format!("bytes {from}-{promised}/*")),
            2 => {
                let total = choices.byte() as u64;
                size = Some((total, false));
                head = head.header("content-range", format!("bytes {from}-{promised}/{total}"));
            }
            3 => head = head.header("content-range", format!("items {from}-{promised}/{total}")),
            _ => {
                size = Some((total, true));
                head = head.header("content-range", format!("bytes {from}-{promised}/{total}"));
            }
        }
    }
    let mut sized = status == 206;
    match choices.below(4) {
        0 => {}
        1 => {
            let length = choices.byte() as u64;
            sized = true;
            head = head.header("content-length", length);
            size = if status == 200 { Some((length, length == body.len() as u64)) } else { size };
        }
        _ => {
            let length = body.len() as u64;
            sized = true;
            head = head.header("content-length", length);
            size = if status == 200 { Some((length, true)) } else { size };
        }
    }
    if choices.below(64) == 0 {
        head = head.header("content-encoding", "gzip");
    }
    let whole = body.len();
    if choices.below(4) > 0 {
        body.truncate(choices.below(whole + 1));
    }
    // The end of a body that nobody said the length of is believed.
    let may_end = body.len() == whole || sized || announced;
    let ends = may_end && choices.below(2) > 0;
    let chunk = choices.below(9) + 1;
    Answer { head: head.body(()).expect("a head"), body, chunk, ends, size }
}

/// The download, and the clock that it is given.
struct Downloading {
    transfer: Transfer,
    now: Now,
    written: Vec<u8>,
    /// The request that waits for its answer, and where the part that it asks for begins.
    asked: Option<(u32, Option<usize>)>,
    /// Whether it waits for the next attempt.
    waits: bool,
    done: Option<Result<Received, TransferError>>,
}

impl Downloading {
    fn poll(&mut self) {
        loop {
            match self.transfer.poll_output() {
                TransferOutput::Send(attempt) => {
                    let range = attempt.request.headers().get("range").map(|range| {
                        let range = range.to_str().expect("our own");
                        range["bytes=".len()..].trim_end_matches('-').parse().expect("our own")
                    });
                    assert!(range.is_none_or(|from| from == self.written.len()));
                    self.asked = Some((attempt.number, range));
                    self.waits = false;
                }
                TransferOutput::Write(bytes) => self.written.extend_from_slice(&bytes),
                TransferOutput::Retrying(_) => self.waits = true,
                TransferOutput::Done(result) => assert!(self.done.replace(result).is_none(), "it ends once"),
                TransferOutput::Idle { wake } => match wake {
                    Some(wake) if self.waits => {
                        self.now.mono = self.now.mono.max(wake);
                        self.transfer.handle_input(self.now, TransferInput::Timeout);
                    }
                    _ => return,
                },
                TransferOutput::Finished => return,
            }
        }
    }

    fn input(&mut self, input: TransferInput) {
        self.transfer.handle_input(self.now, input);
        self.poll();
    }
}

fn sha256(file: &[u8]) -> String {
    let mut fingerprint = Fingerprinter::new();
    fingerprint.update(file);
    fingerprint.finish().sha256
}

fn download(data: &[u8]) {
    let mut choices = Choices::new(data);
    let versions = versions(choices.below(46) + 2);
    let expected = (choices.below(4) == 0).then(|| sha256(&versions[0]));
    let mut receive = ReceiveOptions::default().limit(LIMIT);
    receive.sha256.clone_from(&expected);
    let url = SignedUrl::from("https://storage.example/f?signature=hush");
    let options = TransferOptions::default().stall(None).deadline(Duration::from_secs(3_600));
    let transfer = Transfer::get(&url, receive, options, Seed::from_bytes([7; 32]), Now::default());
    let transfer = transfer.expect("a good URL");
    let mut download =
        Downloading { transfer, now: Now::default(), written: Vec::new(), asked: None, waits: false, done: None };
    download.poll();
    let mut announced = None;
    while download.done.is_none() && !choices.is_spent() {
        let (attempt, range) = download.asked.take().expect("a request waits");
        let answer = answer(&mut choices, &versions, range, announced.is_some());
        let before = download.written.len();
        download.input(TransferInput::Head { attempt, head: answer.head });
        if download.asked.is_none() && download.done.is_none() {
            announced = announced.or(answer.size);
        }
        for bytes in answer.body.chunks(answer.chunk) {
            download.input(TransferInput::Chunk { attempt, bytes: Bytes::copy_from_slice(bytes) });
        }
        let fault = Fault::new(FaultKind::Io, WasSent::Maybe, "cut");
        download.input(if answer.ends {
            TransferInput::End { attempt }
        } else {
            TransferInput::Fault { attempt, fault }
        });
        assert!(download.written.len() - before <= answer.body.len(), "nothing is written that did not come");
        assert!(download.written.len() as u64 <= LIMIT);
    }
    if let Some(Ok(received)) = &download.done {
        assert_eq!(received.file.size, download.written.len() as u64);
        assert_eq!(received.file.sha256, sha256(&download.written));
        if let Some(expected) = expected {
            assert_eq!(received.file.sha256, expected);
        }
        match announced {
            Some((size, false)) => assert_eq!(received.file.size, size, "a lie that nothing contradicts"),
            _ => assert!(versions.contains(&download.written), "two versions were joined: {:?}", download.written),
        }
    }
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| download(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("download", download);
}
