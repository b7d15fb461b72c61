//! Runs one call over a transport.

use std::future::Future;
use std::pin::pin;

use agentchat_engine::recording::Recorder;
use agentchat_engine::rest::Endpoint;
use agentchat_engine::types::Row;
use agentchat_engine::{Call, CallInput, CallOutput, Error, Reply};
use bytes::Bytes;
use futures_util::future::{Fuse, FutureExt};

use crate::hooks::Watch;
use crate::next_input::next_input;
use crate::record::Sink;
use crate::sessions::Sessions;
use crate::timer::Timer;
use crate::{BodyLimit, Transport, observe};

/// Runs a call to its end. Dropping the future drops the attempt that is in flight.
pub(crate) async fn run<T: Transport, E: Endpoint>(
    transport: &T,
    mut call: Box<Recorder<Call<E>, Sink>>,
    sessions: &Sessions,
    mut watch: Watch<'_>,
) -> Result<Reply<E::Output>, Error> {
    let route = call.machine().route();
    let mut in_flight = pin!(Fuse::terminated());
    let mut timer = Timer::new(|at| transport.sleep_until(at));
    let mut attempt = 0;
    let mut stored = None;
    loop {
        let wake = match call.poll_output() {
            CallOutput::Send(next) => {
                watch.request(next.number, &next.request, transport.now().mono);
                attempt = next.number;
                in_flight.set(transport.request(next.request, BodyLimit::new(route.largest)).fuse());
                continue;
            }
            CallOutput::Retrying(plan) => {
                // Given up by the engine, perhaps while still in flight.
                in_flight.set(Fuse::terminated());
                watch.retry(&plan, transport.now().mono);
                continue;
            }
            CallOutput::Done(result) => {
                watch.done(&result, transport.now().mono);
                if let (Ok(_), Some(body)) = (&result, &stored) {
                    tell_of_send(sessions, body);
                }
                return result;
            }
            CallOutput::Finished => return Err(Error::Cancelled),
            CallOutput::Idle { wake } => wake,
        };
        next_input(transport, &mut *call, &mut timer, wake, |cx| {
            in_flight.as_mut().poll(cx).map(|result| match result {
                Ok(response) => {
                    observe::response(attempt, response.status().as_u16());
                    if route.name == "send_message" {
                        stored = Some(response.body().clone());
                    }
                    CallInput::Response { attempt, response }
                }
                Err(fault) => CallInput::Fault { attempt, fault },
            })
        })
        .await;
    }
}

/// A send has taken a seq that will not be pushed to us; running sessions would take it for a gap. Read
/// from the answer itself, so that every way of sending is covered.
fn tell_of_send(sessions: &Sessions, body: &Bytes) {
    if sessions.is_empty() {
        return;
    }
    let row = std::str::from_utf8(body).ok().and_then(|text| Row::read(text).ok());
    if let Some((id, seq)) = row.and_then(|row| Some((row.header().conversation_id.clone(), row.header().seq?))) {
        sessions.sent(&id, seq);
    }
}
