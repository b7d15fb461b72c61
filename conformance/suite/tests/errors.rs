//! An error says what failed, in lower case and without a full stop, and leaves the cause to its `source()`.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use agentchat_driver::{BodyCut, CheckpointFileError, ConsumerTaken, SessionError, Source as _};
use agentchat_engine::error::Report;
use agentchat_engine::paging::PagingError;
use agentchat_engine::realtime::{Checkpoint, CheckpointError, HaltReason, Refusal};
use agentchat_engine::recording::ReplayError;
use agentchat_engine::rest::GetMe;
use agentchat_engine::types::PlatformEvent;
use agentchat_engine::webhook::WebhookError;
use agentchat_engine::{
    ApiError, ApiKey, Call, CallInput, CallOptions, CallOutput, ConfigError, Context, Error as CallError, Fault,
    FaultKind, InvalidArgument, Now, PortError, Seed, TransferError, WasSent,
};
use agentchat_local::faults::{RequestFault, Requests, Rule};
use agentchat_local::{CreateAgentError, LocalPlatform, Settings, UnknownAgent};
use agentchat_net::ProxyError;
use serde_json::Value;

/// Those that only their own crate can make. What they say is a literal, and held to the rules as such.
const MADE_ELSEWHERE: [&str; 4] = ["Difference", "MessageError", "StartError", "Unsent"];

struct Errors(Vec<(&'static str, Box<dyn Error>)>);

impl Errors {
    fn add<E: Error + 'static>(&mut self, errors: impl IntoIterator<Item = E>) {
        let name = std::any::type_name::<E>().rsplit("::").next().unwrap();
        let before = self.0.len();
        self.0.extend(errors.into_iter().map(|error| (name, Box::<dyn Error>::from(error))));
        assert!(self.0.len() > before, "{name}");
    }
}

fn refused() -> InvalidArgument {
    let cx = Context::builder().build().unwrap();
    let get = agentchat_engine::rest::GetAgent::new("..");
    Call::new(&cx, get, CallOptions::default(), Seed::from_bytes([0; 32]), Now::default()).unwrap_err()
}

fn answered() -> ApiError {
    let key = ApiKey::new("ac_0123456789abcdef").unwrap();
    let cx = Context::builder().api_key(key).build().unwrap();
    let mut call =
        Call::new(&cx, GetMe::new(), CallOptions::default(), Seed::from_bytes([0; 32]), Now::default()).unwrap();
    let CallOutput::Send(attempt) = call.poll_output() else { panic!("{call:?}") };
    let body = r#"{"code":"FORBIDDEN","message":"no"}"#.into();
    let response = http::Response::builder().status(403).body(body).unwrap();
    call.handle_input(Now::default(), CallInput::Response { attempt: attempt.number, response });
    let CallOutput::Done(Err(CallError::Api(error))) = call.poll_output() else { panic!("{call:?}") };
    *error
}

fn call_errors() -> Vec<CallError> {
    let fault = || Fault::new(FaultKind::Connect, WasSent::No, "connection refused");
    let transport = || CallError::Transport { fault: fault(), attempts: 4, sent: WasSent::Maybe };
    let deadline = |last| {
        let (deadline, last) = (Duration::from_secs(1), Some(Box::new(last)));
        CallError::Deadline { deadline, attempts: 2, last, sent: WasSent::Maybe }
    };
    vec![
        CallError::Refused(refused()),
        transport(),
        CallError::Api(Box::new(answered())),
        CallError::Undecodable { status: 200, request_id: Some("req_1".to_owned()), problem: "it is empty".to_owned() },
        deadline(transport()),
        deadline(CallError::Api(Box::new(answered()))),
        CallError::Cancelled,
    ]
}

fn transfer_errors() -> Vec<TransferError> {
    let transport = || {
        let fault = Fault::new(FaultKind::Io, WasSent::No, "reset");
        TransferError::Transport { fault, attempts: 2 }
    };
    let source = Arc::new(io::Error::from(io::ErrorKind::StorageFull));
    let (deadline, last) = (Duration::from_secs(1), Some(Box::new(transport())));
    let mut errors: Vec<_> = call_errors().into_iter().map(TransferError::Call).collect();
    errors.extend([
        TransferError::Refused { status: 403, attempts: 1 },
        transport(),
        TransferError::Deadline { deadline, attempts: 3, last },
        TransferError::File { verb: "written", source },
    ]);
    errors
}

fn file_errors() -> Vec<CheckpointFileError> {
    let io = || io::Error::from(io::ErrorKind::PermissionDenied);
    let path = || Path::new("agent.checkpoint").to_path_buf();
    vec![
        CheckpointFileError::Open { path: path(), source: io() },
        CheckpointFileError::InUse { path: path() },
        CheckpointFileError::NotAFile { path: path() },
        CheckpointFileError::Unusable { path: path(), source: Checkpoint::from_json("{").unwrap_err() },
        CheckpointFileError::Write { path: path(), source: io() },
    ]
}

async fn every_error() -> Errors {
    let mut errors = Errors(Vec::new());
    errors.add([ApiKey::new("").unwrap_err(), Context::builder().base_url("x").build().unwrap_err()]);
    errors.add::<ConfigError>([Context::builder().base_url("http://a.example:99999").build().unwrap_err()]);
    errors.add([refused()]);
    errors.add([answered()]);
    errors.add(call_errors());
    errors.add([Fault::new(FaultKind::Timeout, WasSent::Maybe, "no answer in time")]);
    errors.add(call_errors().into_iter().map(PagingError::Call));
    errors.add([PagingError::Stuck { taken: 3 }, PagingError::Unreadable { row: Value::Null }]);
    errors.add(transfer_errors());
    errors.add([CheckpointError::Newer { version: 9 }, Checkpoint::from_json("{").unwrap_err()]);
    errors.add([Refusal::NotConnected, Refusal::Closing, Refusal::Invalid]);
    errors.add([ReplayError::NotARecording, ReplayError::Version { found: 9 }]);
    errors.add([WebhookError::MissingSignature, WebhookError::TimestampSkew { seconds: 400 }]);
    errors.add([PlatformEvent::from_frame("{}").unwrap_err()]);
    errors.add([PortError]);
    errors.add(file_errors());
    errors.add([BodyCut]);
    errors.add([ConsumerTaken]);
    let reason = HaltReason::AttemptsExhausted { attempts: 3 };
    errors.add([SessionError::Halted { reason }, SessionError::ConsumerTaken(ConsumerTaken), SessionError::Dropped]);
    errors.add([ProxyError::NotAProxy, ProxyError::Socks4, ProxyError::Port]);
    errors.add([CreateAgentError::InvalidHandle, CreateAgentError::HandleTaken]);
    errors.add([UnknownAgent]);
    let platform = LocalPlatform::start(Settings::default()).await.unwrap();
    let rule = Rule::request(Requests::any(), RequestFault::reset()).chance(2.0, 0);
    errors.add([platform.faults().add(rule).unwrap_err()]);
    platform.shutdown().await;
    errors
}

#[tokio::test]
async fn no_error_repeats_its_cause_or_is_a_sentence() {
    let errors = every_error().await;
    let named: BTreeSet<_> = errors.0.iter().map(|(name, _)| (*name).to_owned()).collect();
    let elsewhere = MADE_ELSEWHERE.map(str::to_owned).into_iter().collect();
    assert_eq!(named.union(&elsewhere).cloned().collect::<BTreeSet<_>>(), declared(), "a type is left out");
    for (name, error) in &errors.0 {
        let mut cause: Option<&dyn Error> = Some(&**error);
        while let Some(error) = cause {
            let text = error.to_string();
            assert!(is_plain(&text), "{name}: {text}");
            cause = error.source();
            if let Some(cause) = cause {
                assert!(!text.contains(&cause.to_string()), "{name}: {text}: {cause}");
                assert!(Report::new(error).to_string().starts_with(&format!("{text}: {cause}")), "{name}");
            }
            // What the operating system says is its own affair.
            cause = cause.filter(|cause| !cause.is::<io::Error>() && !cause.is::<Arc<io::Error>>());
        }
    }
}

#[test]
fn no_literal_repeats_its_cause_or_is_a_sentence() {
    let mut literals = 0;
    for source in sources() {
        for (at, _) in source.match_indices("#[error(\"") {
            let rest = &source[at + "#[error(\"".len()..];
            let text = &rest[..rest.find('"').unwrap()];
            literals += 1;
            assert!(is_plain(text), "{text}");
            let item = &rest[..rest.find("#[error(").unwrap_or(rest.len())];
            for mark in ["#[source]", "#[from]", " source:"] {
                let Some((_, after)) = item.split_once(mark) else { continue };
                let after = after.trim_start().trim_start_matches("pub ");
                let name = if mark == " source:" { "source" } else { after.split([':', ')']).next().unwrap() };
                let shown = [format!("{{{name}}}"), "{0}".to_owned()];
                assert!(!shown.iter().any(|shown| text.contains(shown)), "{text} shows {name}");
            }
        }
    }
    assert!(literals > 40, "{literals}");
}

/// What this project has the operating system's type say stands behind a colon as any other cause.
#[test]
fn no_io_error_of_ours_is_a_sentence_or_half_of_one() {
    let mut literals = 0;
    for source in sources() {
        for (at, _) in source.match_indices("io::Error::new(") {
            let arguments = source[at..].lines().next().unwrap();
            let Some(text) = arguments.split('"').nth(1) else { continue };
            literals += 1;
            assert!(is_plain(text), "{text}");
        }
    }
    assert!(literals > 1, "{literals}");
}

#[tokio::test]
async fn a_folder_in_place_of_a_file_is_named_as_the_cause() {
    let folder = tempfile::tempdir().unwrap();
    let error = TransferError::reading(folder.path().open().await.unwrap_err());
    assert_eq!(Report::new(&error).to_string(), "the file cannot be read: not a regular file");
}

/// A predicate without its subject.
const HALVES: [&str; 5] = ["is ", "has ", "was ", "are ", "does "];

/// Codes and abbreviations have capitals; a sentence has one at its beginning.
fn is_plain(text: &str) -> bool {
    let is_half = text.split(": ").any(|part| HALVES.iter().any(|half| part.starts_with(half)));
    let mut chars = text.chars();
    let begins = (chars.next(), chars.next());
    let is_sentence = matches!(begins, (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase());
    !text.is_empty() && !is_half && !is_sentence && !text.ends_with(['.', '!', ' '])
}

/// The public types that are errors, by the sources.
fn declared() -> BTreeSet<String> {
    let mut declared = BTreeSet::new();
    for source in sources() {
        let word = |text: &str| text.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned();
        for (at, _) in source.match_indices("thiserror::Error)]") {
            let item = source[at..].lines().find(|line| line.contains("enum ") || line.contains("struct ")).unwrap();
            let name = item.strip_prefix("pub ").and_then(|item| item.split_once(' '));
            declared.extend(name.map(|(_, name)| word(name)));
        }
        for line in source.lines().filter(|line| line.starts_with("impl ")) {
            declared.extend(line.split_once("error::Error for ").map(|(_, name)| word(name)));
        }
    }
    declared
}

/// The library crates.
fn sources() -> Vec<String> {
    fn walk(folder: &Path, sources: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, sources);
            } else {
                sources.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut sources = Vec::new();
    for name in ["engine", "conformance/server"] {
        walk(&root.join(name).join("src"), &mut sources);
    }
    for transport in fs::read_dir(root.join("transports")).unwrap() {
        walk(&transport.unwrap().path().join("src"), &mut sources);
    }
    sources
}
