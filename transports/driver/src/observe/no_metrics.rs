//! Without the feature `metrics` nothing is published.

use std::time::Duration;

use agentchat_engine::realtime::SessionStats;

use crate::agent_name::AgentName;

pub(crate) fn call(_: &'static str, _: Option<u16>, _: impl FnOnce() -> Duration) {}

pub(crate) fn retry(_: &'static str) {}

#[derive(Debug)]
pub(crate) struct SessionMetrics;

impl SessionMetrics {
    pub(crate) fn new() -> Self {
        Self
    }

    pub(crate) fn publish(&mut self, _: &AgentName, _: impl FnOnce() -> SessionStats) {}

    pub(crate) fn end(&mut self, _: &AgentName, _: impl FnOnce() -> SessionStats) {}
}
