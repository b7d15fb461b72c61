//! Anything that can happen to a call: answers with any status, headers and body, to any attempt; faults; time that stands, passes or
//! jumps; the caller who gives up. It ends once, repeats only what may be repeated and as often as it may, says the same request
//! every time, keeps its deadline and its secrets, and its recording replays.
#![cfg_attr(fuzzing, no_main)]

use std::time::Duration;

use agentchat_engine::recording::{Recorder, replay};
use agentchat_engine::rest::{
    CreateGroup, DeleteMessage, Endpoint, GetAgentMuteStatus, GetAttachmentDownloadUrl, GetMe, RetryClass, RetryPolicy,
    SendMessage, SyncMessages, Verify,
};
use agentchat_engine::{
    ApiKey, Attempt, CallInput, CallOptions, CallOutput, Context, Error, Fault, FaultKind, Now, Seed, WasSent,
};
use agentchat_fuzz::{Choices, answers};

const KEY: &str = "ac_secret_of_the_call";

fn call(data: &[u8]) {
    let mut choices = Choices::new(data);
    match choices.below(8) {
        0 => run(&mut choices, GetMe::new()),
        1 => run(&mut choices, SendMessage::to("alice", "hi")),
        2 => run(&mut choices, SyncMessages::new().limit(5_u32)),
        3 => run(&mut choices, GetAgentMuteStatus::new("alice")),
        4 => run(&mut choices, GetAttachmentDownloadUrl::new("att_1")),
        5 => run(&mut choices, DeleteMessage::new("msg_1")),
        6 => run(&mut choices, CreateGroup::new("a group")),
        _ => run(&mut choices, Verify::new("pnd_1", "123456")),
    }
}

fn options(choices: &mut Choices<'_>) -> CallOptions {
    let millis = |choices: &mut Choices<'_>| Duration::from_millis(1 << choices.below(18));
    let retry = RetryPolicy::default()
        .max_retries(choices.below(5) as u32)
        .base(millis(choices))
        .cap(millis(choices))
        .retry_after_cap(Duration::from_secs(choices.byte() as u64));
    let mut options = CallOptions::default().retry(retry).timeout(millis(choices));
    options.deadline = (choices.below(4) > 0).then(|| millis(choices) * 4);
    if choices.rarely(3) {
        options.timeout = None;
    }
    options.idempotency_key = choices.rarely(2).then(|| "0123456789".to_owned());
    options
}

fn run<E: Endpoint + Clone>(choices: &mut Choices<'_>, endpoint: E) {
    let cx = Context::builder().api_key(ApiKey::new(KEY).expect("a key")).build().expect("a context");
    let (options, seed, start) = (options(choices), Seed::from_bytes([5; 32]), Now::default());
    let (mut file, route) = (String::new(), endpoint.route());
    let (mut sent, mut repeated): (Vec<Attempt>, Vec<WasSent>) = (Vec::new(), Vec::new());
    let (mut now, mut done) = (start, None);
    let mut sink = |line: &str| file.push_str(line);
    let call = Recorder::call(&cx, endpoint, options.clone(), seed, start, Some(&mut sink));
    let mut call = call.expect("arguments that can be sent");
    for step in 0.. {
        let wake = loop {
            match call.poll_output() {
                CallOutput::Send(attempt) => {
                    assert!(done.is_none(), "nothing follows the end");
                    assert_eq!(attempt.number as usize, sent.len() + 1);
                    if let Some(first) = sent.first() {
                        same(first, &attempt);
                    }
                    sent.push(*attempt);
                }
                CallOutput::Retrying(plan) => {
                    assert_eq!(plan.next_attempt as usize, sent.len() + 1);
                    agentchat_fuzz::assert_silent(&plan.cause, KEY);
                    repeated.push(maybe_sent(&plan.cause));
                }
                CallOutput::Done(result) => {
                    assert!(done.is_none(), "it ends once");
                    done = Some(result.map(drop));
                }
                CallOutput::Idle { wake } => break wake,
                CallOutput::Finished => {
                    assert!(done.is_some(), "it has ended, and said nothing");
                    break None;
                }
            }
        };
        let end = options.deadline.map(|deadline| start.mono + deadline);
        assert!(done.is_some() || end.is_none_or(|end| wake.is_some_and(|wake| wake <= end)), "the deadline counts");
        if choices.is_spent() || step > 400 {
            break;
        }
        let attempt = if choices.rarely(6) { choices.byte() as u32 } else { sent.len() as u32 };
        let input = match choices.below(8) {
            0..4 => CallInput::Response { attempt, response: answers::any(choices, KEY) },
            4 => CallInput::Fault { attempt, fault: fault(choices) },
            5 | 6 => {
                now.mono = match choices.below(4) {
                    0 => now.mono + Duration::from_millis(choices.byte() as u64),
                    1 => now.mono + Duration::from_secs(60 * choices.byte() as u64),
                    _ => wake.map_or(now.mono, |wake| wake.max(now.mono)),
                };
                CallInput::Timeout
            }
            _ if choices.rarely(8) => CallInput::Cancel,
            _ => CallInput::Timeout,
        };
        call.handle_input(now, input);
    }
    if let Some(Err(error)) = &done {
        agentchat_fuzz::assert_silent(error, KEY);
    }
    // Answers that an earlier attempt is still at work use up no retry.
    let running = options.idempotency_key.is_some();
    assert!(running || sent.len() <= options.retry.max_retries as usize + 1, "{} attempts", sent.len());
    let safe = match route.retry {
        RetryClass::Never => panic_if(!repeated.is_empty(), "it must never be repeated"),
        RetryClass::Idempotent | RetryClass::Deduplicated => true,
        RetryClass::WithKey => options.idempotency_key.is_some(),
        RetryClass::Unsafe => false,
    };
    assert!(safe || repeated.iter().all(|sent| *sent == WasSent::No), "what may have arrived was repeated");
    drop(call);
    assert!(!file.contains(KEY), "the key is in the recording");
    if let Err(error) = replay(&file) {
        panic!("{error}\n{file}");
    }
}

fn panic_if(broken: bool, what: &str) -> bool {
    assert!(!broken, "{what}");
    true
}

fn fault(choices: &mut Choices<'_>) -> Fault {
    use FaultKind::{Config, Connect, Io, Protocol, Timeout, Tls, TooLarge};
    let kind = choices.pick(&[Io, Connect, Timeout, Protocol, TooLarge, Tls, Config]);
    let sent = choices.pick(&[WasSent::Maybe, WasSent::No]);
    let mut fault = Fault::new(kind, sent, if choices.rarely(4) { KEY.to_owned() } else { choices.text() });
    fault.request_id = choices.rarely(8).then(|| choices.text());
    fault
}

/// Every attempt is the same request.
fn same(first: &Attempt, other: &Attempt) {
    let (first, other) = (&first.request, &other.request);
    assert_eq!((first.method(), first.uri(), first.body()), (other.method(), other.uri(), other.body()));
    assert_eq!(first.headers(), other.headers());
}

fn maybe_sent(error: &Error) -> WasSent {
    match error {
        Error::Transport { sent, .. } => *sent,
        _ => WasSent::Maybe,
    }
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| call(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("call", call);
}
