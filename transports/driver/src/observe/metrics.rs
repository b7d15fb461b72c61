//! What calls and sessions do, for whatever recorder the program has installed with the `metrics` facade.

use std::time::Duration;

use agentchat_engine::realtime::SessionStats;
use metrics::{counter, gauge, histogram};

use crate::agent_name::AgentName;

/// A call or a transfer has ended, with the last status if there was an answer.
pub(crate) fn call(name: &'static str, status: Option<u16>, took: impl FnOnce() -> Duration) {
    let status = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    histogram!("agentchat_call_duration_seconds", "call" => name, "status" => status).record(took());
}

/// An attempt of a call failed, and another follows.
pub(crate) fn retry(name: &'static str) {
    counter!("agentchat_call_retries_total", "call" => name).increment(1);
}

/// The counts of a session as they were published last.
#[derive(Debug)]
pub(crate) struct SessionMetrics(SessionStats);

/// What the fields are called. Sessions of one agent add up.
macro_rules! publish {
    ($agent:expr, $was:expr, $is:expr; counters: $($counter:ident)+; gauges: $($gauge:ident)+;) => {
        $( if $is.$counter > $was.$counter {
            counter!(concat!("agentchat_session_", stringify!($counter), "_total"), "agent" => $agent())
                .increment($is.$counter - $was.$counter);
        } )+
        $( if $is.$gauge != $was.$gauge {
            gauge!(concat!("agentchat_session_", stringify!($gauge)), "agent" => $agent())
                .increment($is.$gauge as f64 - $was.$gauge as f64);
        } )+
    };
}

impl SessionMetrics {
    pub(crate) fn new() -> Self {
        Self(SessionStats::default())
    }

    /// Adds what has changed since the last time.
    pub(crate) fn publish(&mut self, agent: &AgentName, stats: impl FnOnce() -> SessionStats) {
        let stats = stats();
        if stats == self.0 {
            return;
        }
        let agent = || agent.to_string();
        publish!(agent, self.0, stats;
            counters: connections disconnects received offered handled failed discarded gave_up late gaps_filled
                gaps_given_up shed bad_frames failed_requests;
            gauges: in_flight buffered_messages buffered_bytes acks_pending;
        );
        self.0 = stats;
    }

    /// The session is over, and holds nothing any more.
    pub(crate) fn end(&mut self, agent: &AgentName, stats: impl FnOnce() -> SessionStats) {
        let mut last = stats();
        (last.in_flight, last.buffered_messages, last.buffered_bytes, last.acks_pending) = (0, 0, 0, 0);
        self.publish(agent, || last);
    }
}
