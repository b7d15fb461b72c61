//! Where rules meet requests: between the log of requests and the routes.

use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::request_fault::{Answer, RequestFault, Seen};
use crate::app::{App, Shared};
use crate::auth::{agent_of_key, bearer};
use crate::wire::Peer;

pub(crate) async fn layer(State(app): State<Shared>, request: Request, next: Next) -> Response {
    match fault_of(&app, &request) {
        None => next.run(request).await,
        Some(fault) => suffer(&app, fault, request, next).await,
    }
}

fn fault_of(app: &App, request: &Request) -> Option<RequestFault> {
    if app.faults.is_empty() {
        return None;
    }
    let agent = bearer(request.headers()).and_then(|key| {
        let state = app.state();
        agent_of_key(&state, key).map(|agent| agent.handle.clone())
    });
    let template = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let (method, path) = (request.method().as_str(), request.uri().path());
    app.faults.on_request(&Seen { method, path, template, agent: agent.as_deref() })
}

async fn suffer(app: &App, fault: RequestFault, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<Peer>>().map(|ConnectInfo(peer)| peer.clone());
    let is_carried_out = fault.carried_out || fault.answer == Answer::Pass;
    let real = if is_carried_out { Some(next.run(request).await) } else { None };
    let stopping = || app.shutting_down.subscribe();
    fault.wait.over(stopping()).await;
    let response = match fault.answer {
        Answer::Pass => real.unwrap_or_default(),
        Answer::Respond(made_up) => made_up.response(),
        Answer::Close => return end(peer, Peer::close),
        Answer::Reset => return end(peer, Peer::reset),
        Answer::Silence => {
            let _ = stopping().wait_for(|now| *now).await;
            return end(peer, Peer::close);
        }
    };
    match fault.body {
        Some(body) => body.apply(response, stopping()).await,
        None => response,
    }
}

/// Ends the connection. The answer is there to be written, which the wire then refuses; the client gets none of it.
fn end(peer: Option<Peer>, how: impl FnOnce(&Peer)) -> Response {
    if let Some(peer) = peer {
        how(&peer);
    }
    Body::empty().into_response()
}
