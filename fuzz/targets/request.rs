//! Any base URL, key, identity, headers, and arguments of any endpoint: refused, or a request that goes to the base and to the
//! endpoint's own path, with each argument where it belongs and nowhere else.
#![cfg_attr(fuzzing, no_main)]

use agentchat_engine::rest::{Auth, JsonCall, Place, Route, TABLE};
use agentchat_engine::{ApiKey, Call, CallOptions, CallOutput, Context, Identity, Now, Seed};
use agentchat_fuzz::Choices;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Uri};
use serde_json::{Map, Value, json};

/// What an argument may be besides a text of the input's own.
const WORDS: [&str; 16] = [
    "me",
    "sync",
    ".",
    "..",
    "%2e%2e",
    "a/b",
    "a\\b",
    "\r\nx: y",
    "@",
    "@@a",
    "a?b=c#d",
    "\u{fe0f}é",
    "ac_",
    "",
    "alice",
    "grp_1",
];

fn request(data: &[u8]) {
    let mut choices = Choices::new(data);
    let route = TABLE[choices.byte() % TABLE.len()];
    let Some(cx) = context(&mut choices) else { return };
    let params = params(&mut choices, route);
    let options = options(&mut choices);
    let call = JsonCall::new(route.name, Value::Object(params.clone())).expect("a row of the table");
    match Call::new(&cx, call, options, Seed::from_bytes([3; 32]), Now::default()) {
        Ok(mut call) => {
            let CallOutput::Send(attempt) = call.poll_output() else { panic!("nothing is sent") };
            check(&cx, route, &params, &attempt.request);
        }
        Err(refused) => drop((refused.to_string(), format!("{refused:?}"))),
    }
}

fn context(choices: &mut Choices<'_>) -> Option<Context> {
    let mut builder = Context::builder();
    match choices.below(4) {
        0 => builder = builder.base_url(choices.text()).allow_plaintext(),
        1 => builder = builder.base_url(format!("https://{}", choices.text())),
        2 => builder = builder.base_url(format!("http://127.0.0.1:1/{}", choices.text())),
        _ => {}
    }
    let identity = Identity::default();
    builder = builder.identity(match choices.below(4) {
        0 => Identity::new(choices.text(), choices.text()).ok()?,
        1 => identity.with_runtime(&choices.text()),
        2 => identity.with_user_agent(choices.text()).ok()?,
        _ => identity,
    });
    let key = if choices.rarely(4) { choices.text() } else { "ac_key".to_owned() };
    builder.api_key(ApiKey::new(key).ok()?).build().ok()
}

/// A value for most parameters, of the kind that is wanted more often than not.
fn params(choices: &mut Choices<'_>, route: &Route) -> Map<String, Value> {
    let mut params = Map::new();
    for param in route.params {
        let text = if choices.below(2) == 0 { choices.text() } else { choices.pick(&WORDS).to_owned() };
        let value = match choices.below(16) {
            0 => continue,
            1 => json!(choices.byte()),
            2 => json!([text]),
            3 => json!({ "text": text }),
            4 => json!(true),
            5 => json!("2026-04-20T10:00:00Z"),
            6 => Value::Null,
            _ if param.name == "content" => json!({ "text": text }),
            _ => json!(text),
        };
        params.insert(param.name.to_owned(), value);
    }
    params
}

fn options(choices: &mut Choices<'_>) -> CallOptions {
    let mut options = CallOptions::default();
    if choices.rarely(4) {
        options = options.idempotency_key(choices.text());
    }
    if choices.rarely(4)
        && let Ok(name) = HeaderName::from_bytes(choices.bytes())
        && let Ok(value) = HeaderValue::from_bytes(choices.bytes())
    {
        options.headers.insert(name, value);
    }
    options
}

fn check(cx: &Context, route: &Route, params: &Map<String, Value>, request: &Request<Bytes>) {
    let base: Uri = cx.base_url().parse().expect("a base is a URL");
    let uri = request.uri();
    assert_eq!((uri.scheme(), uri.authority()), (base.scheme(), base.authority()), "{uri} is not at {base}");
    assert!(!uri.authority().expect("a host").as_str().contains('@'), "{uri}");
    assert_eq!(request.method(), &http::Method::from(route.method));
    let prefix = base.path().trim_end_matches('/');
    let path = uri.path().strip_prefix(prefix).unwrap_or_else(|| panic!("{uri} is not under {base}"));
    path_is_of(route, params, path);
    for (name, _) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        // The one parameter that goes by another name.
        let name = if name == "q" { "query" } else { &*name };
        let known = route.params.iter().any(|param| param.place == Place::Query && param.name == name);
        assert!(known, "{name} is no parameter of {}", route.name);
    }
    let key = request.headers().get("authorization").map(HeaderValue::as_bytes);
    let expected = format!("Bearer {}", cx.api_key().expect("a key").expose());
    assert_eq!(key, (route.auth == Auth::Required).then_some(expected.as_bytes()));
    for header in ["host", "content-length", "transfer-encoding", "connection", "upgrade", "cookie"] {
        assert!(!request.headers().contains_key(header), "{header} is not ours to send");
    }
    for header in ["user-agent", "x-agentchat-client", "accept"] {
        assert_eq!(request.headers().get_all(header).iter().count(), 1, "{header}");
    }
}

/// Each segment is the template's own, or all of the argument that belongs there, and no server takes it for another.
fn path_is_of(route: &Route, params: &Map<String, Value>, path: &str) {
    let mut arguments = route.params.iter().filter(|param| param.place == Place::Path);
    let (template, segments) = (route.template.split('/'), path.split('/'));
    assert_eq!(template.clone().count(), segments.clone().count(), "{path} is not of {}", route.template);
    for (wanted, segment) in template.zip(segments) {
        if !wanted.starts_with('{') {
            assert_eq!(wanted, segment, "{path} is not of {}", route.template);
            continue;
        }
        let name = arguments.next().expect("a parameter for each").name;
        let given = params[name].as_str().expect("an id is a text");
        let decoded = percent_encoding::percent_decode_str(segment).decode_utf8().expect("UTF-8");
        let handle = given.strip_prefix('@').unwrap_or(given).to_ascii_lowercase();
        assert!(*decoded == *given || *decoded == *handle, "{segment:?} is not {given:?}");
        assert!(!matches!(&*decoded, "" | "." | ".."), "{segment:?} leads elsewhere");
        assert!(!decoded.contains(|c: char| c == '/' || c == '\\' || c.is_control()), "{segment:?} leads elsewhere");
    }
    let taken = |other: &&&Route| {
        let of = other.template.split('/').zip(path.split('/')).all(|(t, s)| t.starts_with('{') || t == s);
        let literals = |template: &str| template.matches('{').count();
        other.method == route.method
            && of
            && other.template.split('/').count() == path.split('/').count()
            && literals(other.template) < literals(route.template)
    };
    assert_eq!(TABLE.iter().find(taken).map(|other| other.template), None, "{path} is not of {}", route.template);
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| request(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("request", request);
}
