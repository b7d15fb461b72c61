//! Every machine by its trait alone: what is true of one is true of all, recorded or not.

use std::fmt::Debug;
use std::time::Duration;

use agentchat_engine::realtime::{Input, Session, SessionOptions};
use agentchat_engine::recording::{Recorder, replay};
use agentchat_engine::rest::GetMe;
use agentchat_engine::transfer::{Transfer, TransferOptions};
use agentchat_engine::types::SignedUrl;
use agentchat_engine::{ApiKey, Call, CallOptions, Context, Machine, Mono, Now, Pause, Seed};

const DEADLINE: Duration = Duration::from_secs(5);

fn context() -> Context {
    Context::builder().api_key(ApiKey::new("ac_key").unwrap()).base_url("http://localhost:1").build().unwrap()
}

fn seed() -> Seed {
    Seed::from_bytes([3; 32])
}

fn call() -> Call<GetMe> {
    let options = CallOptions::default().deadline(DEADLINE);
    Call::new(&context(), GetMe::new(), options, seed(), Now::default()).unwrap()
}

fn transfer() -> Transfer {
    let (url, options) = (SignedUrl::from("https://storage.example/f?signature=x"), TransferOptions::default());
    Transfer::put(&url, "text/plain", 3, options.deadline(DEADLINE), seed(), Now::default()).unwrap()
}

/// Takes outputs until the machine pauses, and writes them down.
fn poll<M: Machine<Output: Debug>>(machine: &mut M, outputs: &mut Vec<String>) -> Pause {
    loop {
        let output = machine.poll_output();
        outputs.push(format!("{output:?}"));
        if let Some(pause) = M::pause(&output) {
            return pause;
        }
    }
}

/// All that a machine says that nobody answers, woken exactly when it asks to be and in between; and when it ended.
fn unanswered<M: Machine<Output: Debug>>(mut machine: M) -> (Vec<String>, Mono) {
    let (mut now, mut outputs) = (Now::default(), Vec::new());
    loop {
        let pause = poll(&mut machine, &mut outputs);
        assert_eq!(poll(&mut machine, &mut Vec::new()), pause, "who is asked again says the same");
        let Pause::Idle { wake } = pause else { break };
        machine.handle_timeout(now);
        assert_eq!(poll(&mut machine, &mut Vec::new()), pause, "an early time-out changes nothing");
        let wake = wake.expect("it waits for nothing that could come");
        assert!(wake > now.mono, "a time-out that was handled is due no more");
        now.mono = wake;
        machine.handle_input(now, M::TIMEOUT);
    }
    machine.handle_timeout(now);
    assert_eq!(poll(&mut machine, &mut Vec::new()), Pause::Finished, "the end is the end");
    (outputs, now.mono)
}

#[test]
fn every_machine_ends_by_its_deadline() {
    let (outputs, ended) = unanswered(call());
    assert_eq!((outputs.len() > 3, ended), (true, Mono::default() + DEADLINE), "{outputs:?}");
    let (outputs, ended) = unanswered(transfer());
    assert_eq!((outputs.len() > 3, ended), (true, Mono::default() + DEADLINE), "{outputs:?}");
}

#[test]
fn a_call_is_the_same_whether_it_is_recorded() {
    let mut file = String::new();
    let recorder = |sink| {
        let options = CallOptions::default().deadline(DEADLINE);
        Recorder::call(&context(), GetMe::new(), options, seed(), Now::default(), sink).unwrap()
    };
    let plain = unanswered(call());
    assert_eq!(unanswered(recorder(None::<&mut dyn FnMut(&str)>)), plain);
    assert_eq!(unanswered(recorder(Some(&mut |line: &str| file.push_str(line)))), plain);
    assert_eq!(replay(&file).unwrap().inputs, 3, "two time-outs before the end and one after it: {file}");
}

#[test]
fn a_session_is_the_same_whether_it_is_recorded() {
    let mut file = String::new();
    let recorder = |sink| {
        let options = SessionOptions::default().max_attempts(3);
        let mut session = Recorder::session(&context(), options, seed(), None, Now::default(), sink);
        session.handle_input(Now::default(), Input::Start { api_key: None });
        session
    };
    let mut session = Session::new(&context(), SessionOptions::default().max_attempts(3), seed(), None);
    session.handle_input(Now::default(), Input::Start { api_key: None });
    let plain = unanswered(session);
    assert!(plain.0.len() > 6, "{plain:?}");
    assert_eq!(unanswered(recorder(None::<&mut dyn FnMut(&str)>)), plain);
    assert_eq!(unanswered(recorder(Some(&mut |line: &str| file.push_str(line)))), plain);
    assert!(replay(&file).unwrap().inputs > 3, "{file}");
}
