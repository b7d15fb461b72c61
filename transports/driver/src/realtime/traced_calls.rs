//! The session's own calls, traced and reported to hooks as those of the client are.

use std::collections::BTreeMap;

use agentchat_engine::Mono;
use agentchat_engine::realtime::{CallId, CallStep};
use agentchat_engine::rest::Route;
use bytes::Bytes;
use http::Request;
use tracing::Span;

use crate::agent_name::AgentName;
use crate::hooks::{Queues, Watch};
use crate::observe;

/// Those that have not ended. Boxed, because an empty map keeps a node for eleven.
pub(crate) struct TracedCalls<'a> {
    queues: &'a Queues,
    agent: &'a AgentName,
    calls: BTreeMap<CallId, Box<(Span, Watch<'a>)>>,
}

impl<'a> TracedCalls<'a> {
    pub(crate) fn new(queues: &'a Queues, agent: &'a AgentName) -> Self {
        Self { queues, agent, calls: BTreeMap::new() }
    }

    pub(crate) fn request(&mut self, id: CallId, route: &Route, attempt: u32, request: &Request<Bytes>, now: Mono) {
        let begin = || Box::new((observe::call(route, self.agent), Watch::new(self.queues, route.name)));
        let (span, watch) = &mut **self.calls.entry(id).or_insert_with(begin);
        span.in_scope(|| watch.request(attempt, request, now));
    }

    pub(crate) fn step(&mut self, id: CallId, step: CallStep, now: Mono) {
        let Some((span, watch)) = self.calls.get(&id).map(|call| &**call) else { return };
        span.in_scope(|| match &step {
            CallStep::Retrying(plan) => watch.retry(plan, now),
            CallStep::Succeeded { status, request_id } => watch.succeeded(*status, request_id.as_deref(), now),
            CallStep::Failed(error) => watch.failed(error, now),
            CallStep::Dropped => {}
        });
        if !matches!(step, CallStep::Retrying(_)) {
            self.calls.remove(&id);
        }
    }
}
