//! `agentchat listen`: connect, catch up, stay; print or handle every message.

mod exec;
mod lines;

use std::io::Write;

use agentchat_tokio::{ConnectionState, Delivery, HaltReason, Realtime};
use futures_util::StreamExt;
use tokio::signal::unix::{SignalKind, signal};

use crate::arguments::{Connection, Listen};
use crate::exit::{Code, Exit};

pub(crate) async fn run(connection: &Connection, listen: Listen) -> Result<Code, Exit> {
    let client = connection.authenticated()?;
    let (realtime, session) = client.realtime(listen.options());
    let mut events = realtime.events();
    let handling = realtime.on_message(|delivery| handle(&listen, delivery));
    let telling = async {
        while let Some(event) = events.next().await {
            if let Some(line) = lines::event(&event, listen.json) {
                say(&line);
            }
        }
    };
    let stopping = stop(&realtime);
    let (ended, handled, ()) = tokio::select! {
        ended = async { tokio::join!(session.run(), handling, telling) } => ended,
        () = stopping => return Ok(Code::Ok),
    };
    handled.map_err(Exit::usage)?;
    match ended {
        ConnectionState::Halted { reason: HaltReason::Terminal { code, reason } } => {
            Err(Exit::new(Code::Terminal, format!("the platform ended the session ({code} {reason})")))
        }
        ConnectionState::Halted { reason } => Err(Exit::new(Code::Transport, format!("the session ended: {reason:?}"))),
        _ => Ok(Code::Ok),
    }
}

/// A message is handled when its command has succeeded and its line is printed.
async fn handle(listen: &Listen, delivery: Delivery) -> Result<(), std::io::Error> {
    let line = lines::message(&delivery, listen.json);
    if let Some(command) = &listen.exec {
        let object = lines::message(&delivery, true);
        if let Err(problem) = exec::run(command, &object).await {
            let id = delivery.header().map(|header| header.id.to_string()).unwrap_or_default();
            eprintln!("agentchat: message {id}, attempt {}: {problem}", delivery.attempt());
            return Err(problem);
        }
    }
    print(&line)
}

/// Prints an event; one that cannot be printed holds up nothing.
fn say(line: &str) {
    if print(line).is_err() {
        eprintln!("agentchat: cannot print: {line}");
    }
}

fn print(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// At the first signal the session is closed, which ends it in its own time; at the second this future ends.
async fn stop(realtime: &Realtime) {
    stop_signal().await;
    realtime.close();
    stop_signal().await;
}

/// Ctrl-C or SIGTERM.
pub(crate) async fn stop_signal() {
    // A signal that cannot be listened for keeps its own way of ending the process.
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}
