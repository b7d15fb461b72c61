//! What a session, a call and a transfer hold while the platform means ill: a small multiple of what they say, and what the limits
//! allow to be remembered. Counted by the allocator.

mod victim;

use std::collections::BTreeSet;
use std::hash::Hasher;
use std::time::Duration;

use agentchat_engine::realtime::Input;
use agentchat_engine::rest::GetMe;
use agentchat_engine::transfer::{ReceiveOptions, Transfer, TransferInput, TransferOptions, TransferOutput};
use agentchat_engine::types::SignedUrl;
use agentchat_engine::{ApiKey, Call, CallInput, CallOptions, CallOutput, Context, Now, Seed, limits};
use bytes::Bytes;
use http::Response;
use peak_alloc::PeakAlloc;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use siphasher::sip::SipHasher13;

use crate::victim::{SEED, Victim, long, options, row};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What is held is at most so many times what `Session::buffered` counts.
const FACTOR: usize = 2;

/// Bytes of a session that has nothing.
const IDLE: usize = 8 * 1024;

/// Bytes of an id that is remembered, at its full length.
const ID: usize = 512;

/// Bytes of a conversation that is remembered, its id at its full length, without ranges; and of a range.
const CONVERSATION: usize = 2_048;
const RANGE: usize = 48;

/// What is held is what is counted, within the factor either way, and so much that is remembered.
fn check(what: &str, victim: &mut Victim, remembered: usize) {
    let (buffered, held) = (victim.buffered(), victim.held());
    let most = FACTOR * buffered.bytes + remembered + IDLE;
    assert!(held <= most, "{what}: {held} bytes are held, more than {most}; counted are {buffered:?}");
    assert!(buffered.bytes <= 3 * held, "{what}: {held} bytes are held, and counted are {buffered:?}");
    assert!(buffered.bytes <= limits::BUFFERED_BYTES && buffered.messages <= limits::BUFFERED_MESSAGES, "{what}");
}

/// One test, because the count is the process's.
#[test]
fn what_is_held_is_bounded_and_counted() {
    tiny_messages();
    long_identifiers();
    frames_that_are_mostly_something_else();
    rows_that_cannot_be_read();
    gaps_that_are_never_filled();
    frames_that_are_too_large();
    identifiers_that_collide();
    all_that_is_remembered();
    own_messages_with_gaps_between();
    an_endless_drain();
    a_call_whose_answers_are_large_errors();
    a_download_in_small_pieces();
}

fn tiny_messages() {
    let mut victim = Victim::without_drain();
    for n in 1..=limits::BUFFERED_MESSAGES + 100 {
        victim.message(&row(&format!("m{n}"), "c", n, ""));
    }
    check("tiny messages", &mut victim, 0);
    let mut victim = Victim::without_drain();
    for n in 1..=limits::BUFFERED_MESSAGES + 100 {
        victim.message(&row(&format!("m{n}"), &format!("c{n}"), 1, ""));
    }
    check("tiny messages, each in a conversation of its own", &mut victim, 0);
}

fn long_identifiers() {
    let mut victim = Victim::without_drain();
    for n in 1..=5_000 {
        let (sender, kind, cursor) = (long("s", n), long("t", n), long("d", n));
        let more = format!(r#","sender":"{sender}","type":"{kind}","delivery_id":"{cursor}""#);
        victim.message(&row(&long("m", n), &long("c", n), n, &more));
    }
    check("long identifiers", &mut victim, 0);
}

/// A frame of megabytes with a row of a hundred bytes in it: the row is kept, and not the frame.
fn frames_that_are_mostly_something_else() {
    for (before, after) in [(2_000_000, 0), (0, 2_000_000), (60_000, 60_000)] {
        let (before, after) = ("x".repeat(before), "x".repeat(after));
        let mut victim = Victim::without_drain();
        for n in 1..=50 {
            let row = row(&format!("m{n}"), "c", n, "");
            victim.text(format!(r#"{{"type":"message.new","a":"{before}","payload":{row},"b":"{after}"}}"#));
        }
        assert_eq!(victim.buffered().messages, 50);
        check("padded frames", &mut victim, 0);
    }
}

fn rows_that_cannot_be_read() {
    let mut victim = Victim::new(options());
    let bad = |n| format!(r#"{{"id":"{}","delivery_id":"{}"}}"#, long("m", n), long("d", n));
    let rows: Vec<_> = (0..5_000).map(bad).collect();
    assert!(victim.answer("/sync", 200, &format!("[{}]", rows.join(","))));
    drop(rows);
    assert_eq!(victim.buffered().messages, 5_000);
    check("rows that cannot be read", &mut victim, 0);
}

/// Thousands of conversations whose second message never comes, while history fails.
fn gaps_that_are_never_filled() {
    let mut victim = Victim::without_drain();
    for n in 0..5_000 {
        for seq in [1, 3] {
            victim.message(&row(&format!("m{n}-{seq}"), &format!("c{n}"), seq, ""));
        }
    }
    check("gaps", &mut victim, 0);
    victim = Victim::without_drain();
    for n in 0..5_000 {
        for seq in [1, 3] {
            victim.message(&row(&format!("m{n}-{seq}"), &format!("c{n}"), seq, ""));
        }
    }
    victim.pass(Duration::from_secs(1));
    while victim.answer("", 500, "") {}
    check("gaps that are asked about", &mut victim, 0);
}

fn frames_that_are_too_large() {
    let mut victim = Victim::without_drain();
    for around in
        [r#"{"type":"message.new","payload":{"id":"m","conversation_id":"c","x":"#, r#"{"type":"hello.ok","x":"#]
    {
        let text = format!(r#"{around}"{}"}}}}"#, "x".repeat(limits::FRAME));
        victim.text(text);
    }
    victim.text("[".repeat(limits::FRAME));
    assert_eq!(victim.buffered().messages, 0);
    check("frames that are too large", &mut victim, 0);
}

/// Ids that a peer who knows the session's seed chose: all enter a table at one place. Nothing grows by it, and none is taken for
/// another.
fn identifiers_that_collide() {
    let mut stream = ChaCha8Rng::from_seed(SEED);
    stream.set_stream(1);
    let mut key = [0; 16];
    stream.fill_bytes(&mut key);
    let place = |id: &str| {
        let mut hasher = SipHasher13::new_with_key(&key);
        hasher.write(id.as_bytes());
        hasher.finish() & 1_023
    };
    let ids: Vec<String> = (0_u32..).map(|n| format!("m{n}")).filter(|id| place(id) == 5).take(1_000).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 1_000);
    let mut victim = Victim::without_drain();
    for _ in 0..2 {
        for (n, id) in ids.iter().enumerate() {
            victim.message(&row(id, "c", n + 1, ""));
        }
    }
    assert_eq!(victim.buffered().messages, 1_000);
    victim.input(Input::Consumer(true));
    victim.handle_all();
    for (n, id) in ids.iter().enumerate() {
        victim.message(&row(id, "c", n + 1, ""));
    }
    assert_eq!((victim.handled, victim.buffered().messages), (1_000, 0));
    check("identifiers that collide", &mut victim, 1_000 * ID);
}

/// More messages than are remembered, each in a conversation of its own, and more conversations than are.
fn all_that_is_remembered() {
    let mut victim = Victim::without_drain();
    victim.input(Input::Consumer(true));
    for n in 0..limits::HANDLED_IDS + 2_000 {
        victim.message(&row(&long("m", n), &long("c", n), 1, ""));
        victim.handle_all();
    }
    assert_eq!(victim.buffered().bytes, 0);
    let remembered = limits::HANDLED_IDS * ID + limits::REMEMBERED_CONVERSATIONS * CONVERSATION;
    check("all that is remembered", &mut victim, remembered);
}

/// Our own messages, as far as the platform says so, with a gap after each: as many ranges as are remembered.
fn own_messages_with_gaps_between() {
    let mut victim = Victim::without_drain();
    let (conversations, ranges) = (100, limits::OWN_RANGES + limits::SEQ_RANGES);
    for n in 0..conversations {
        for seq in 1..=ranges + 100 {
            victim.message(&row("m", &long("c", n), 2 * seq, r#","sender":"me""#));
        }
    }
    check("own messages", &mut victim, conversations * (CONVERSATION + ranges * RANGE));
}

/// A drain that never ends, whose rows are never handled or are our own: its cursors are bounded like ids.
fn an_endless_drain() {
    let mut victim = Victim::new(options().drain_page(500));
    let mut n = 0;
    let mut pages = 0;
    while pages < 2 * limits::HANDLED_IDS / 500 {
        let rows = (0..500).map(|_| {
            n += 1;
            let more = format!(r#","delivery_id":"{}","sender":"me""#, long("d", n));
            row(&long("m", n), "c", n, &more)
        });
        let page = format!("[{}]", rows.collect::<Vec<_>>().join(","));
        if !victim.answer("/sync", 200, &page) {
            break;
        }
        pages += 1;
    }
    assert!(pages > limits::HANDLED_IDS / 500, "{pages}");
    check("an endless drain", &mut victim, 3 * limits::HANDLED_IDS * ID);
}

/// Error after error, each as large as is read: the last one is kept, for the deadline's.
fn a_call_whose_answers_are_large_errors() {
    let cx = Context::builder().api_key(ApiKey::new("ac_key").unwrap()).build().unwrap();
    let before = MEMORY.current_usage();
    let (mut now, seed) = (Now::default(), Seed::from_bytes(SEED));
    let mut call = Call::new(&cx, GetMe::new(), CallOptions::default(), seed, now).unwrap();
    let text = "x".repeat(limits::ERROR_BODY - 100);
    for _ in 0..limits::RETRIES {
        let CallOutput::Send(attempt) = call.poll_output() else { panic!("it is repeated") };
        let body = Bytes::from(format!(r#"{{"code":"INTERNAL_ERROR","message":"{text}","details":{{"x":"{text}"}}}}"#));
        let response = Response::builder().status(503).body(body).unwrap();
        call.handle_input(now, CallInput::Response { attempt: attempt.number, response });
        drop(attempt);
        assert!(matches!(call.poll_output(), CallOutput::Retrying(_)));
        let held = MEMORY.current_usage() - before - text.len();
        assert!(held <= 2 * limits::ERROR_BODY, "{held} bytes are held while the next attempt is waited for");
        let CallOutput::Idle { wake: Some(wake) } = call.poll_output() else { panic!("it waits") };
        now.mono = wake;
        call.handle_input(now, CallInput::Timeout);
    }
}

/// A file that comes a byte at a time: nothing of it is kept.
fn a_download_in_small_pieces() {
    let url = SignedUrl::from("https://storage.example/f?signature=x");
    let (now, seed) = (Now::default(), Seed::from_bytes(SEED));
    let receive = ReceiveOptions::default();
    let mut transfer = Transfer::get(&url, receive, TransferOptions::default(), seed, now).unwrap();
    let TransferOutput::Send(attempt) = transfer.poll_output() else { panic!("it asks") };
    let attempt = attempt.number;
    transfer.handle_input(now, TransferInput::Head { attempt, head: Response::new(()) });
    let before = MEMORY.current_usage();
    for _ in 0..100_000 {
        transfer.handle_input(now, TransferInput::Chunk { attempt, bytes: Bytes::from_static(b"x") });
        while let TransferOutput::Write(_) = transfer.poll_output() {}
    }
    let held = MEMORY.current_usage().saturating_sub(before);
    assert!(held <= 4 * 1024, "{held} bytes are held of a file that was written");
}
