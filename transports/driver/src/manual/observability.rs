//! What a program's logs, metrics and dashboards can show of its calls and sessions.
//!
//! # Logs
//!
//! Everything is traced with [`tracing`](https://docs.rs/tracing); nothing is printed without a subscriber. One line in `main` shows
//! what goes wrong:
//!
//! ```no_run
//! # mod tracing_subscriber { pub struct F; pub fn fmt() -> F { F } impl F { pub fn with_writer(self, _: fn() -> std::io::Stderr) -> Self { self } pub fn init(self) {} } }
//! tracing_subscriber::fmt().with_writer(std::io::stderr).init();
//! ```
//!
//! The names, levels and fields below are stable: a change of one is a breaking change. Their target is the module that says them,
//! which is not; filter by crate, `agentchat_driver=debug`.
//!
//! No key, code, signed URL, header or body is ever in a span or an event; see [`engine::manual::secrets`](crate::engine::manual::secrets).
//!
//! ## Spans
//!
//! | span | level | fields | around |
//! |---|---|---|---|
//! | `realtime` | info | `session`: a number, from 1, within the process; `agent`: its handle, empty until it is known | a session, and the handlers of its `on_message` |
//! | `delivery` | debug | `message_id`, `conversation_id`, `attempt` | one handler: what it logs says which message it is about |
//! | `call` | debug | `name`: the method's, such as `send_message`; `agent` | a REST call with all its attempts, a session's own included |
//! | `transfer` | debug | `name`: `upload` or `download`; `agent` | an upload or a download |
//!
//! A client knows the agent's handle once one of its sessions does, or after [`get_me`](crate::Client::get_me).
//!
//! ## Events of a session
//!
//! | event | level | fields | what to do |
//! |---|---|---|---|
//! | `connected` | info | | |
//! | `caught up` | info | `drained`: messages that were stored | |
//! | `disconnected` | warn | `reason`, `retry_ms`: until the next attempt, empty for none | nothing, unless it goes on |
//! | `disconnected by the platform` | warn | `code`: the close code, `retry_ms` | as above |
//! | `connections end soon after they begin` | warn | `in_a_row` | see what the platform or a proxy dislikes |
//! | `handler failed` | warn | `message_id`, `attempt`, `error` | nothing: it is offered again |
//! | `handler panicked` | error | `message_id`, `attempt` | mend the handler; the message is offered again |
//! | `message failed` | warn | `message_id`, `attempt`, `error` | the same, of [`Delivery::failed`](crate::Delivery::failed) |
//! | `message given up for now` | warn | `message_id`, `conversation_id`, `seq`, `attempts`, `last`: whether it is not offered again in this session | see why it fails |
//! | `messages are missing` | warn | `conversation_id`, `missing`: ranges of seqs | nothing: they are fetched, and delivered late |
//! | `too much is waiting; what is dropped is fetched later` | warn | `dropped`, since the session began | make handlers faster, or `max_in_flight` larger |
//! | `frame ignored` | warn | `problem`, `bytes` | report it |
//! | `request failed` | warn | `purpose`, `error` | nothing: it is tried again |
//! | `the key was refused; waiting for another` | warn | `wait_ms` | [`replace_api_key`](crate::Realtime::replace_api_key) |
//! | `the platform ended the session` | error | `code`, `advice` | follow the advice |
//! | `the session has ended` | error | `reason`, `advice` | follow the advice |
//! | `session ended` | debug | `state` | |
//! | `the checkpoint is not stored; after a restart messages may come twice` | warn | `error` | see to the disk |
//! | `the checkpoint is stored again` | info | | |
//!
//! The same and more, as values: [`Realtime::events`](crate::Realtime::events).
//!
//! ## Events of calls and transfers
//!
//! | event | level | fields |
//! |---|---|---|
//! | `request` | debug | `attempt`, `method` |
//! | `response` | debug | `attempt`, `status` |
//! | `retry` | debug | `next_attempt`, `delay_ms`, `cause` |
//! | `done` | debug | `status`, `request_id`: to quote to the platform's support |
//! | `failed` | debug | `error`, `request_id` |
//! | `the body of an error was not read to its end` | debug | `status`, `fault` |
//! | `a hook panicked` | error | |
//! | `the recording ends here` | error | `problem` |
//! | `the recording ends here: its sink panicked` | error | |
//!
//! `agentchat-blocking` has one more: `no thread for connections`, an error.
//!
//! The same and more, as values: [`Hooks`](crate::Hooks).
//!
//! # Numbers
//!
//! [`Realtime::stats`](crate::Realtime::stats) gives a [`SessionStats`](crate::engine::realtime::SessionStats) at any time. With the feature
//! `metrics` the same goes to the recorder that the program has installed for the [`metrics`](https://docs.rs/metrics) facade, such as
//! a Prometheus exporter. Every metric of a session is labelled with its `agent`, and sessions of one agent add up.
//!
//! | count | metric | what it says |
//! |---|---|---|
//! | `connections` | `agentchat_session_connections_total` | HELLOs accepted; more than one are reconnects |
//! | `disconnects` | `agentchat_session_disconnects_total` | connections that ended, and attempts that failed |
//! | `received` | `agentchat_session_received_total` | messages taken in, each once |
//! | `offered` | `agentchat_session_offered_total` | deliveries made |
//! | `handled` | `agentchat_session_handled_total` | deliveries handled |
//! | `failed` | `agentchat_session_failed_total` | deliveries that failed |
//! | `discarded` | `agentchat_session_discarded_total` | deliveries discarded |
//! | `gave_up` | `agentchat_session_gave_up_total` | messages that failed as often as is allowed. Alarm |
//! | `late` | `agentchat_session_late_total` | messages offered out of order |
//! | `gaps_filled` | `agentchat_session_gaps_filled_total` | gaps that history filled |
//! | `gaps_given_up` | `agentchat_session_gaps_given_up_total` | gaps given up while messages were missing. Alarm |
//! | `shed` | `agentchat_session_shed_total` | messages dropped for want of room, and fetched later |
//! | `bad_frames` | `agentchat_session_bad_frames_total` | frames ignored |
//! | `failed_requests` | `agentchat_session_failed_requests_total` | requests of the session that failed after their retries |
//! | `in_flight` | `agentchat_session_in_flight` | deliveries that are not settled, now |
//! | `buffered_messages` | `agentchat_session_buffered_messages` | messages held, now |
//! | `buffered_bytes` | `agentchat_session_buffered_bytes` | their bytes |
//! | `acks_pending` | `agentchat_session_acks_pending` | acks that wait for a connection. Alarm if it only grows |
//!
//! Calls and transfers have a histogram, `agentchat_call_duration_seconds`, with the labels `call` and `status` (`none` if there was
//! no answer), and a counter of attempts that were repeated, `agentchat_call_retries_total`, with the label `call`.
//!
//! `agentchat listen --stats SECONDS` prints a session's numbers to standard error.
