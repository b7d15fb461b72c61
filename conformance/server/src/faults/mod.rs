//! The fault switchboard: rules that make the platform misbehave on purpose, exactly as often as they say.
//!
//! A [`Rule`] names requests ([`Requests`]) or frames of sockets ([`Frames`]), what is to happen to them
//! ([`RequestFault`], [`FrameFault`]) and how often. The first rule, in the order of adding, that applies decides; later
//! ones do not see that request or frame at all. Every rule counts what it saw and what it did.
//!
//! A new fault of the REST API: `request_fault` says what happens, `made_up_answer` is an answer of one's own, in which a header may
//! come twice, `body` damages bodies, and `layer` carries it out; `X-Request-Id` is added outside of it. One of frames:
//! `frame_fault` names it, `frame_queue` applies it.
//!
//! ```
//! use agentchat_local::faults::{FrameFault, Frames, RequestFault, Requests, Rule};
//! use agentchat_local::{LocalPlatform, Settings};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let platform = LocalPlatform::start(Settings::default()).await?;
//! let faults = platform.faults();
//! // Two sends are refused, and are not carried out.
//! let busy = Rule::request(Requests::route("send_message"), RequestFault::respond(503).header("retry-after", "1"));
//! let busy = faults.add(busy.times(2))?;
//! // One send is carried out, and its answer is lost with the connection.
//! faults.add(Rule::request(Requests::route("send_message"), RequestFault::reset().carried_out()).times(1))?;
//! // One in five messages reaches Bob twice; the same ones in every run.
//! let twice = Frames::to_client().of_type("message.new").agent("@bob");
//! faults.add(Rule::frame(twice, FrameFault::Duplicate { copies: 1 }).chance(0.2, 42))?;
//! assert_eq!(faults.hits(busy).unwrap().applied, 0);
//! # platform.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! The same rules as JSON, which is how the [control API](super::control) takes them:
//!
//! ```
//! # use agentchat_local::faults::Rule;
//! # fn main() -> Result<(), serde_json::Error> {
//! let rules: Vec<Rule> = serde_json::from_str(r#"[
//!     {"request": {"on": {"route": "send_message"},
//!                  "do": {"answer": {"respond": {"status": 503, "headers": [["retry-after", "1"]]}}}},
//!      "times": 2},
//!     {"request": {"on": {"method": "GET", "path": "/v1/messages/*"}, "do": {"body": {"truncate": {"after": 10}}}}},
//!     {"frame": {"on": {"type": "message.new", "agent": "bob"}, "do": {"duplicate": {"copies": 1}}},
//!      "chance": {"probability": 0.2, "seed": 42}},
//!     {"frame": {"on": {"direction": "from_client", "type": "ack"}, "do": "drop"}, "skip": 3, "times": 1}
//! ]"#)?;
//! # assert_eq!(rules.len(), 4);
//! # Ok(())
//! # }
//! ```

mod body;
mod frame_fault;
pub(crate) mod frame_queue;
mod invalid_rule;
pub(crate) mod layer;
mod made_up_answer;
mod millis;
mod request_fault;
mod routes;
mod rule;
mod switchboard;
mod wait;

pub use body::BodyFault;
pub use frame_fault::{Direction, FrameFault, Frames};
pub use invalid_rule::InvalidRule;
pub use made_up_answer::MadeUpAnswer;
pub use request_fault::{Answer, RequestFault, Requests};
pub use routes::{ROUTES, RouteName};
pub use rule::{Chance, Rule, Target};
pub(crate) use switchboard::Switchboard;
pub use switchboard::{Faults, ListedRule, RuleHits, RuleId};
pub use wait::Wait;
