//! `agentchat serve-local`: the local platform, until a signal.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use agentchat_local::{IssuedCode, LocalPlatform, Settings};
use serde_json::{Value, json};

use crate::arguments::ServeLocal;
use crate::directories;
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
    let keys = serve.keys.as_deref();
    for (handle, keys) in serve.agents.iter().zip(std::iter::repeat(keys).flatten()) {
        let path = register(&platform, handle, keys)?;
        let line = format!("the key of @{handle} is in {}", path.display());
        offer(line, json!({"type": "agent", "handle": handle, "api_key_file": path}));
    }
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

/// Registers an agent, whose key goes to a file for this user alone.
fn register(platform: &LocalPlatform, handle: &str, keys: &Path) -> Result<PathBuf, Exit> {
    let agent = platform.create_agent(handle).map_err(|e| Exit::usage(format!("--agent {handle}: {e}")))?;
    let path = keys.join(&agent.handle);
    let written = directories::private(keys).and_then(|()| {
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&path)?;
        writeln!(file, "{}", agent.api_key)
    });
    let unkept = |e: io::Error| Exit::new(Code::Files, format!("cannot write {}: {e}", path.display()));
    written.map_err(unkept)?;
    Ok(path)
}
