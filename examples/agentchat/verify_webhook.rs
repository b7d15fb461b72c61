//! `agentchat verify-webhook`: is a delivery the platform's, and what does it say.

use std::io::Read;
use std::time::{SystemTime, UNIX_EPOCH};

use agentchat_tokio::engine::UnixTime;
use agentchat_tokio::engine::webhook::Verifier;
use serde_json::json;

use crate::arguments::VerifyWebhook;
use crate::exit::{Code, Exit};
use crate::files;
use crate::output::{say, say_json};

/// The largest body that is looked at; the platform's are far smaller.
const LARGEST: u64 = 64 * 1024 * 1024;

pub(crate) fn run(verify: &VerifyWebhook) -> Result<Code, Exit> {
    let verifier = Verifier::new([files::secret(&verify.secret_file)?]).map_err(Exit::usage)?;
    let mut body = Vec::new();
    let read = std::io::stdin().take(LARGEST + 1).read_to_end(&mut body);
    if read.map_err(|e| Exit::usage(format!("standard input: {e}")))? as u64 > LARGEST {
        return Err(Exit::usage(format!("standard input has more than {LARGEST} bytes")));
    }
    match verifier.verify(&body, &verify.signature, now()) {
        Ok(event) => {
            let [name, timestamp] = [json!(event.event), json!(event.timestamp)];
            let line = format!(r#"{{"event":{name},"timestamp":{timestamp},"data":{}}}"#, event.data);
            say_json(line)?;
            Ok(Code::Ok)
        }
        Err(reason) => {
            if verify.json {
                say_json(json!({"error": reason.to_string()}))?;
            } else {
                say(reason)?;
            }
            Ok(Code::Api)
        }
    }
}

fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
