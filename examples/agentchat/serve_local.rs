//! `agentchat serve-local`: the local platform, until a signal.

use agentchat_local::{IssuedCode, LocalPlatform, Settings};
use serde_json::{Value, json};

use crate::arguments::ServeLocal;
use crate::exit::{Code, Exit};
use crate::output::Output;
use crate::signals::StopSignals;

pub(crate) async fn run(serve: ServeLocal) -> Result<Code, Exit> {
    // On one machine all callers have one address, so that they would lock each other out.
    let limits = if serve.production_limits { Settings::production_limits() } else { Settings::default() };
    let settings = limits.bind(([127, 0, 0, 1], serve.port).into());
    let platform = LocalPlatform::start(settings)
        .await
        .map_err(|e| Exit::new(Code::Transport, format!("cannot listen on port {}: {e}", serve.port)))?;
    // Before anybody learns that it runs, and could end it.
    let mut signals = StopSignals::new();
    // Whether anybody reads it is of no interest to those that the platform serves.
    let output = Output::start();
    let offer = |line: String, object: Value| output.offer(if serve.json { object.to_string() } else { line });
    let at = platform.base_url();
    offer(format!("AgentChat runs at {at}"), json!({"type": "started", "base_url": at}));
    if let Some(port) = serve.control {
        let control = platform.serve_control(([127, 0, 0, 1], port).into()).await;
        let control = control.map_err(|e| Exit::new(Code::Transport, format!("cannot listen on port {port}: {e}")))?;
        let at = control.base_url();
        offer(format!("control API at {at}"), json!({"type": "control", "base_url": at}));
    }
    let mut codes = platform.codes();
    loop {
        tokio::select! {
            Some(issued) = codes.recv() => {
                let IssuedCode { code, email, handle, pending_id, .. } = issued;
                let object = json!({"type": "code", "code": code, "email": email, "handle": handle, "pending_id": pending_id});
                offer(format!("one-time code {code} for {email} (@{handle}, {pending_id})"), object);
            }
            () = signals.next() => break,
        }
    }
    platform.shutdown().await;
    output.finish().await;
    Ok(Code::Ok)
}
