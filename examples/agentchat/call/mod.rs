//! `agentchat call`: any method of the REST API by name, answered with one JSON line.

mod methods;

use std::time::Duration;

use agentchat_driver::{Client, Transport};
use agentchat_tokio::engine::JsonText;
use agentchat_tokio::engine::rest::{BacklogWarning, JsonCall};
use agentchat_tokio::{CallOptions, Error, Reply, Report};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::arguments::Call;
use crate::exit::{Code, Exit, code_of};
use crate::input::or_stdin;
use crate::output::{say_json, say_whole, unprintable};
use crate::parsing;

pub(crate) async fn run<T: Transport>(client: &Client<T>, call: Call) -> Result<Code, Exit> {
    let method = match call.method {
        Some(method) if call.help => return methods::help(&method, call.json).map(|()| Code::Ok),
        Some(method) => methods::find(&method)?.name,
        None if call.list => return methods::list(call.json).map(|()| Code::Ok),
        None => return say_whole(parsing::page("call").as_bytes()).map(|()| Code::Ok),
    };
    let mut params = parameters(or_stdin(call.params)?.as_deref())?;
    let options = take_options(&mut params)?;
    let call = JsonCall::new(method, Value::Object(params))
        .ok_or_else(|| Exit::usage(format!("there is no method named {method:?}")))?;
    let outcome = client.call_with(call, options).await;
    say_json(describe(&outcome)?)?;
    Ok(outcome.as_ref().err().map_or(Code::Ok, code_of))
}

fn parameters(text: Option<&str>) -> Result<Map<String, Value>, Exit> {
    match text.map(serde_json::from_str) {
        None => Ok(Map::new()),
        Some(Ok(Value::Object(params))) => Ok(params),
        Some(Ok(_)) => Err(Exit::usage("the parameters must be one JSON object")),
        // Without serde's words, which can quote what stands there.
        Some(Err(e)) => {
            Err(Exit::usage(format!("the parameters are not JSON (line {}, column {})", e.line(), e.column())))
        }
    }
}

/// The members that begin with `_` are options of the call.
fn take_options(params: &mut Map<String, Value>) -> Result<CallOptions, Exit> {
    let mut options = CallOptions::default();
    let mut number = |name: &str| match params.remove(name) {
        None => Ok(None),
        Some(value) => {
            let number = value.as_u64();
            number.map(Some).ok_or_else(|| Exit::usage(format!("{name} must be a whole number, not negative")))
        }
    };
    if let Some(millis) = number("_timeout_ms")? {
        options.timeout = (millis > 0).then(|| Duration::from_millis(millis));
    }
    if let Some(millis) = number("_deadline_ms")? {
        options.deadline = (millis > 0).then(|| Duration::from_millis(millis));
    }
    if let Some(retries) = number("_max_retries")? {
        options.retry.max_retries = u32::try_from(retries).unwrap_or(u32::MAX);
    }
    match params.remove("_idempotency_key") {
        None | Some(Value::Null) => {}
        Some(Value::String(key)) => options.idempotency_key = Some(key),
        Some(_) => return Err(Exit::usage("_idempotency_key must be a string")),
    }
    Ok(options)
}

/// The JSON line of an outcome. What the platform answered goes into it as it came.
fn describe(outcome: &Result<Reply<Box<RawValue>>, Error>) -> Result<String, Exit> {
    let line = match outcome {
        Ok(reply) => serde_json::to_string(&Answered {
            ok: true,
            status: reply.meta.status,
            request_id: reply.meta.request_id.as_deref(),
            data: &reply.value,
            backlog_warning: reply.meta.backlog_warning.as_ref(),
        }),
        Err(error) => serde_json::to_string(&Failed { ok: false, error: describe_error(error) }),
    };
    line.map_err(unprintable)
}

#[derive(Serialize)]
struct Answered<'a> {
    ok: bool,
    status: u16,
    request_id: Option<&'a str>,
    data: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    backlog_warning: Option<&'a BacklogWarning>,
}

#[derive(Serialize)]
struct Failed<'a> {
    ok: bool,
    error: Failure<'a>,
}

#[derive(Serialize)]
struct Failure<'a> {
    kind: String,
    code: Option<&'a str>,
    status: Option<u16>,
    message: String,
    request_id: Option<&'a str>,
    details: Option<&'a JsonText>,
    maybe_executed: bool,
    retry_after_ms: Option<u64>,
}

fn describe_error(error: &Error) -> Failure<'_> {
    let (kind, code, status) = match error {
        Error::Refused(_) => ("Refused".to_owned(), None, None),
        Error::Api(api) => (format!("{:?}", api.kind()), Some(api.code.as_str()), Some(api.status)),
        Error::Undecodable { status, .. } => ("AgentChat".to_owned(), None, Some(*status)),
        _ => ("Connection".to_owned(), None, None),
    };
    let message = match error {
        Error::Api(api) => api.message.clone(),
        _ => Report::new(error).to_string(),
    };
    Failure {
        kind,
        code,
        status,
        message,
        request_id: error.request_id(),
        details: error.api().and_then(|api| api.details.as_ref()),
        maybe_executed: error.maybe_executed(),
        retry_after_ms: error.retry_after().map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
    }
}
