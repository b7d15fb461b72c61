//! What is parsed of an answer takes a small multiple of the largest answer, whatever the answer is made of.

use agentchat_engine::rest::{
    Endpoint, GetMe, GetMessages, JsonCall, ListContacts, MarkAsRead, RetryPolicy, SendMessage, SyncMessages,
};
use agentchat_engine::types::{EventKind, PlatformEvent, Row};
use agentchat_engine::{ApiKey, Call, CallInput, CallOptions, CallOutput, Context, Error, Now, Reply, Seed, limits};
use bytes::Bytes;
use http::Response;
use peak_alloc::PeakAlloc;
use serde_json::json;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What is heavy for its text: as a tree of values, the first takes a hundred times its length.
const HEAVY: [&str; 5] = [r#"{"a":1}"#, "[0]", "0", "{}", r#"[{"":{"":[[""]]}}]"#];

/// One of [`HEAVY`], as often as fits.
fn filled(around: &str, heavy: &str, bytes: usize) -> String {
    let many = format!("{heavy},").repeat(bytes.saturating_sub(around.len()) / (heavy.len() + 1));
    around.replace('#', many.trim_end_matches(','))
}

/// Bytes allocated on top of what was, at the highest.
fn peak<T>(run: impl FnOnce() -> T) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let made = run();
    let peak = MEMORY.peak_usage().saturating_sub(before);
    drop(made);
    peak
}

/// The most that is read, and sizes around the largest that is parsed.
fn sizes(largest: usize) -> impl Iterator<Item = usize> {
    [0, 2, 3, 4].into_iter().map(move |step| largest >> step)
}

fn call<E: Endpoint>(endpoint: E, status: u16, body: &Bytes) -> Result<Reply<E::Output>, Error> {
    let cx = Context::builder().api_key(ApiKey::new("ac_key").unwrap()).build().unwrap();
    let options = CallOptions::default().retry(RetryPolicy::never());
    let mut call = Call::new(&cx, endpoint, options, Seed::from_bytes([1; 32]), Now::default()).unwrap();
    let CallOutput::Send(attempt) = call.poll_output() else { panic!("it begins with a request") };
    let response = Response::builder().status(status).body(body.clone()).unwrap();
    call.handle_input(Now::default(), CallInput::Response { attempt: attempt.number, response });
    match call.poll_output() {
        CallOutput::Done(result) => result,
        _ => panic!("one attempt is the end"),
    }
}

/// Answers of every size and kind.
fn check<E: Endpoint>(endpoint: impl Fn() -> E, around: &str) -> usize {
    check_with(&HEAVY, endpoint, around)
}

fn check_with<E: Endpoint>(heavy: &[&str], endpoint: impl Fn() -> E, around: &str) -> usize {
    let route = endpoint().route();
    let mut most = 0;
    for heavy in heavy {
        for size in sizes(route.largest) {
            let body = Bytes::from(filled(around, heavy, size));
            let used = peak(|| call(endpoint(), 200, &body));
            most = most.max(used);
            let bound = limits::PARSED_WEIGHT * route.largest;
            assert!(used <= bound, "{}: {size} bytes of {heavy} took {used}, more than {bound}", route.name);
        }
    }
    most
}

/// One test, because the count is the process's.
#[test]
fn an_answer_takes_a_small_multiple_of_the_largest() {
    const MESSAGE: &str = r#"{"id":"m","conversation_id":"c","sender":"a","type":"text","created_at":"","content":{"data":{"x":[#]}},"y":[#]}"#;
    let in_data = MESSAGE.replacen('#', "", 2).replace("\"x\":[]", "\"x\":[#]");
    let in_extra = MESSAGE.replacen('#', "", 2).replace("\"y\":[]", "\"y\":[#]");

    for around in ["[#]", r#"{"handle":"a","x":[#]}"#, r#"{"handle":[#]}"#] {
        check(GetMe::new, around);
        // Unparsed, so that it is as large as it is.
        let used = check(|| JsonCall::new("get_me", json!({})).unwrap(), around);
        assert!(used <= 3 * limits::ANSWER_BODY, "{used}");
    }
    for message in [&in_data, &in_extra] {
        check(|| SendMessage::to("a", "b"), message);
        check(|| MarkAsRead::new("m"), message);
    }
    // Pages are long, and take long to make.
    check_with(&HEAVY[..1], ListContacts::new, r#"{"contacts":[],"total":1,"x":[#]}"#);
    check_with(&HEAVY[..1], || GetMessages::new("c"), &format!("[{in_extra}]"));
    check_with(&["0"], SyncMessages::new, "[#]");
    check_with(&HEAVY[..1], SyncMessages::new, &format!(r#"{{"envelopes":[{in_data}]}}"#));

    for heavy in HEAVY {
        for size in sizes(limits::ERROR_BODY) {
            let body = filled(r#"{"code":"X","message":"m","details":[#],"other":[#]}"#, heavy, size / 2);
            let used = peak(|| call(GetMe::new(), 400, &Bytes::from(body.clone())));
            assert!(used <= 6 * limits::ERROR_BODY, "an error of {size} bytes of {heavy} took {used}");
            let error = call(GetMe::new(), 400, &Bytes::from(body)).unwrap_err();
            let used = peak(|| error.api().and_then(|api| api.details.as_ref()?.value()));
            assert!(
                used <= limits::PARSED_WEIGHT * limits::ERROR_BODY,
                "details of {size} bytes of {heavy} took {used}"
            );
        }
        for size in sizes(limits::ANSWER_BODY) {
            let row = Row::read(&filled(&in_extra, heavy, size)).unwrap();
            let used = peak(|| row.message());
            assert!(
                used <= limits::PARSED_WEIGHT * limits::ANSWER_BODY,
                "a row of {size} bytes of {heavy} took {used}"
            );
            let payload = filled(r#"{"sender":"a","x":[#]}"#, heavy, size);
            let used = peak(|| PlatformEvent::read(EventKind::TypingStart, &payload));
            assert!(
                used <= limits::PARSED_WEIGHT * limits::ANSWER_BODY,
                "an event of {size} bytes of {heavy} took {used}"
            );
        }
    }
}
