//! The vectors of `conformance/vectors`: every endpoint's request, every cell of the retry table.

use std::collections::BTreeSet;

use agentchat_engine::rest::{CreateGroup, CreateWebhook, Endpoint, GetMe, JsonCall, Register, SendMessage, TABLE};
use agentchat_engine::{Call, CallInput, CallOptions, CallOutput, Fault, FaultKind, Seed, WasSent};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Response;
use serde::Deserialize;
use serde_json::Value;

use crate::bench::{Bench, context, start};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestVector {
    name: String,
    params: Value,
    method: String,
    path: String,
    #[serde(default)]
    query: Vec<(String, String)>,
    body: Option<Value>,
    raw: Option<RawBody>,
}

#[derive(Deserialize)]
struct RawBody {
    base64: String,
    content_type: String,
}

fn request_vectors() -> Vec<RequestVector> {
    serde_json::from_str(include_str!("../../../conformance/vectors/requests.json")).unwrap()
}

#[test]
fn every_endpoint_makes_the_request_of_its_vectors() {
    for vector in request_vectors() {
        let name = &vector.name;
        let call = JsonCall::new(name, vector.params).unwrap_or_else(|| panic!("{name} is not in the table"));
        let call = Call::new(&context(), call, CallOptions::default(), Seed::from_bytes([1; 32]), start());
        let CallOutput::Send(attempt) = call.unwrap_or_else(|e| panic!("{name}: {e}")).poll_output() else { panic!() };
        let request = attempt.request;
        assert_eq!(
            (request.method().as_str(), request.uri().path()),
            (vector.method.as_str(), &*vector.path),
            "{name}"
        );
        let query = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
        assert_eq!(query.into_owned().collect::<Vec<_>>(), vector.query, "{name}");
        let content_type = request.headers().get("content-type").map(|v| v.to_str().unwrap());
        match (vector.body, vector.raw) {
            (Some(body), None) => {
                assert_eq!(serde_json::from_slice::<Value>(request.body()).unwrap(), body, "{name}");
                assert_eq!(content_type, Some("application/json"));
            }
            (None, Some(raw)) => {
                assert_eq!(STANDARD.encode(request.body()), raw.base64, "{name}");
                assert_eq!(content_type, Some(&*raw.content_type));
            }
            _ => assert!(request.body().is_empty() && content_type.is_none(), "{name}"),
        }
    }
}

#[test]
fn every_row_of_the_table_has_a_vector_and_a_section_of_the_contract() {
    let vectors: BTreeSet<String> = request_vectors().into_iter().map(|vector| vector.name).collect();
    for route in TABLE {
        assert!(vectors.contains(route.name), "{} has no vector", route.name);
        assert!(route.contract.starts_with("2."), "{} names no section", route.name);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RetryVector {
    class: String,
    key: bool,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    replayed: bool,
    #[serde(default)]
    fault: Option<FaultKind>,
    #[serde(default)]
    sent: Option<WasSent>,
    retried: bool,
}

/// Whether the call repeats its first attempt, and whether the error of that attempt says that it is worth repeating.
fn repeats<E: Endpoint>(endpoint: E, vector: &RetryVector) -> (bool, bool) {
    assert_eq!(format!("{:?}", endpoint.route().retry), vector.class, "the endpoint stands for its class");
    let mut options = CallOptions::default();
    options.idempotency_key = vector.key.then(|| "key-12345".to_owned());
    let mut bench = Bench::new(endpoint, options);
    let input = match (vector.status, vector.fault, vector.sent) {
        (Some(status), None, None) => {
            let mut response = Response::builder().status(status);
            if vector.replayed {
                response = response.header("idempotent-replay", "true");
            }
            let body = vector.code.as_ref().map_or(String::new(), |c| format!(r#"{{"code":"{c}","message":"m"}}"#));
            CallInput::Response { attempt: 1, response: response.body(Bytes::from(body)).unwrap() }
        }
        (None, Some(kind), Some(sent)) => CallInput::Fault { attempt: 1, fault: Fault::new(kind, sent, "x") },
        _ => panic!("a cell is an answer or a fault"),
    };
    bench.input(input);
    match (&bench.plans[..], bench.done) {
        ([plan], None) => (true, plan.cause.is_retryable()),
        ([], Some(Err(error))) => (false, error.is_retryable()),
        (plans, done) => panic!("neither repeated nor failed: {plans:?}, {:?}", done.is_some()),
    }
}

#[test]
fn every_cell_of_the_retry_table() {
    let vectors: Vec<RetryVector> =
        serde_json::from_str(include_str!("../../../conformance/vectors/retries.json")).unwrap();
    let mut cells = BTreeSet::new();
    for vector in &vectors {
        let (retried, retryable) = match vector.class.as_str() {
            "Idempotent" => repeats(GetMe::new(), vector),
            "Deduplicated" => repeats(SendMessage::to("alice", "hi"), vector),
            "WithKey" => repeats(CreateGroup::new("Crabs"), vector),
            "Unsafe" => repeats(CreateWebhook::new("https://example.com", ["message.new"]), vector),
            "Never" => repeats(Register::new("a@b.c", "alice"), vector),
            other => panic!("no such class: {other}"),
        };
        let cell = (&vector.class, vector.key, vector.status, &vector.code, vector.replayed);
        let cell = format!("{cell:?} {:?} {:?}", vector.fault, vector.sent);
        assert_eq!(retried, vector.retried, "{cell}");
        // What the failure says by itself is all that decides where a repeat does no harm.
        let harmless = vector.key && !matches!(vector.class.as_str(), "Unsafe" | "Never");
        assert!(retryable == retried || (retryable && !harmless), "is_retryable of {cell}");
        assert!(cells.insert(cell), "a cell stands twice");
    }
    assert_eq!(cells.len(), 5 * 2 * (20 + 9 + 7 * 2), "every class, with and without a key, in every failure");
}
