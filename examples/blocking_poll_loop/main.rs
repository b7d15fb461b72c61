//! The engine without the driver, in one thread that blocks: `AGENTCHAT_API_KEY=… blocking_poll_loop 3` answers three messages
//! and leaves.
//!
//! The loops are those of the engine's `manual::embedding`; `wire` has the sockets. A request holds everything up until it is
//! answered, which one agent can afford.

#![allow(clippy::print_stderr, clippy::print_stdout)]

mod wire;

use std::net::TcpStream;

use agentchat_engine::error::Report;
use agentchat_engine::realtime::{ConnectionId, ConnectionState, DeliveryBody, Input, Outcome, Output, SessionOptions};
use agentchat_engine::rest::{Endpoint, SendMessage};
use agentchat_engine::types::Message;
use agentchat_engine::{Call, CallInput, CallOptions, CallOutput, Context, Reply, Session};
use tungstenite::WebSocket;

use crate::wire::{Clock, Heard, exchange, hear, open, seed};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut wanted = std::env::args().nth(1).map_or(Ok(1_usize), |n| n.parse())?;
    let (cx, clock) = (Context::from_env()?, Clock::start());
    let mut session = Session::new(&cx, SessionOptions::default(), seed(), None);
    session.handle_input(clock.now(), Input::Start { api_key: None });
    session.handle_input(clock.now(), Input::Consumer(true));
    let mut socket: Option<(ConnectionId, WebSocket<TcpStream>)> = None;

    loop {
        match session.poll_output() {
            Output::Open { connection, request, give_up_at } => {
                let input = match open(&request, clock.until(Some(give_up_at))) {
                    Ok(opened) => {
                        socket = Some((connection, opened));
                        Input::Opened(connection)
                    }
                    Err(fault) => Input::Fault(connection, fault),
                };
                session.handle_input(clock.now(), input);
            }
            Output::Text(_, text) => say(&mut socket, tungstenite::Message::text(text.into_text())),
            Output::Ping(_) => say(&mut socket, tungstenite::Message::Ping(Default::default())),
            Output::Close { code, reason, .. } => wire::close(socket.take().map(|(_, socket)| socket), code, reason),
            Output::Request { request, http, give_up_at, .. } => {
                let result = exchange(*http, clock.until(give_up_at));
                session.handle_input(clock.now(), Input::Response { request, result });
            }
            // Requests are answered before anything else happens, so that none is left to be dropped.
            Output::Cancel(_) => {}
            // For those who observe.
            Output::Call(..) => {}
            Output::Deliver(delivery) => {
                let outcome = match answer(&cx, &clock, &mut session, &delivery.body) {
                    Ok(()) => Outcome::Handled,
                    Err(failure) => {
                        eprintln!("again later: {}", Report::new(&*failure));
                        Outcome::Failed { retry_after: None }
                    }
                };
                wanted = wanted.saturating_sub(usize::from(outcome == Outcome::Handled));
                session.handle_input(clock.now(), Input::Settled { delivery: delivery.token, outcome });
                if wanted == 0 {
                    session.handle_input(clock.now(), Input::Close);
                }
            }
            Output::Unsent { .. } => {}
            Output::Event(event) => eprintln!("{event:?}"),
            Output::Idle { wake, read } => {
                // What is not read holds the peer back.
                let open = socket.as_mut().filter(|_| read);
                let heard = hear(open.map(|(_, socket)| socket), clock.until(wake));
                let input = match (&socket, heard) {
                    (None, _) | (_, Heard::Nothing) => Input::Timeout,
                    (Some((connection, _)), Heard::Text(text)) => Input::Text(*connection, text),
                    (Some((connection, _)), Heard::Alive) => Input::Alive(*connection),
                    (Some((connection, _)), Heard::Binary) => Input::Binary(*connection),
                    (&Some((connection, _)), Heard::Closed(code, reason)) => {
                        socket = None;
                        Input::Closed { connection, code, reason }
                    }
                    (&Some((connection, _)), Heard::Broken(fault)) => {
                        socket = None;
                        Input::Fault(connection, fault)
                    }
                };
                session.handle_input(clock.now(), input);
            }
            Output::Finished => match session.state() {
                ConnectionState::Halted { reason } => return Err(format!("{reason}; {}", reason.advice()).into()),
                _ => return Ok(()),
            },
        }
    }
}

/// Whatever goes wrong shows with the next read.
fn say(socket: &mut Option<(ConnectionId, WebSocket<TcpStream>)>, message: tungstenite::Message) {
    if let Some((_, socket)) = socket {
        let _ = socket.send(message);
    }
}

fn answer(cx: &Context, clock: &Clock, session: &mut Session, body: &DeliveryBody) -> Result<(), Failure> {
    let DeliveryBody::Message(row) = body else { return Err("not a message".into()) };
    let message = row.message()?;
    let text = message.content.text.as_deref().unwrap_or_default();
    println!("@{}: {text}", message.sender);
    let answer = SendMessage::reply_to(&message, text).client_msg_id(format!("loop-{}", message.id));
    let stored: Reply<Message> = call(cx, clock, answer)?;
    // The answer has taken a seq that is not pushed to us, and that the session would otherwise wait for.
    if let Some(seq) = stored.seq {
        session.handle_input(clock.now(), Input::Sent { conversation_id: stored.conversation_id.clone(), seq });
    }
    Ok(())
}

/// One REST call with its retries.
fn call<E: Endpoint>(cx: &Context, clock: &Clock, endpoint: E) -> Result<Reply<E::Output>, Failure> {
    let mut call = Call::new(cx, endpoint, CallOptions::default(), seed(), clock.now())?;
    loop {
        match call.poll_output() {
            CallOutput::Send(attempt) => {
                let input = match exchange(attempt.request, clock.until(attempt.give_up_at)) {
                    Ok(response) => CallInput::Response { attempt: attempt.number, response },
                    Err(fault) => CallInput::Fault { attempt: attempt.number, fault },
                };
                call.handle_input(clock.now(), input);
            }
            CallOutput::Retrying(plan) => eprintln!("again in {:?}: {}", plan.delay, plan.cause),
            CallOutput::Idle { wake } => {
                std::thread::sleep(clock.until(wake));
                call.handle_input(clock.now(), CallInput::Timeout);
            }
            CallOutput::Done(result) => return Ok(result?),
            CallOutput::Finished => return Err("the end was said before".into()),
        }
    }
}
