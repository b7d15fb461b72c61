//! Webhooks: is a delivery the platform's, and what does it say (contract 6).
//!
//! A [`Verifier`] checks the signature over the bytes as they came, before anything is parsed. Give it the
//! body that your HTTP server received, not a body that was parsed and written again.
//!
//! ```
//! use agentchat_engine::UnixTime;
//! use agentchat_engine::types::{Handle, PlatformEvent};
//! use agentchat_engine::webhook::{self, Verifier, WebhookSecret};
//!
//! let secret = WebhookSecret::new("5f0c…")?;
//! let body = br#"{"event":"message.read","timestamp":"2026-04-20T10:00:00Z","data":{"read_by":"bob"}}"#;
//! let now = UnixTime::from_millis(1_790_000_000_000);
//! let header = webhook::sign(&secret, now, body);
//!
//! let event = Verifier::new([secret])?.verify(body, &header, now)?;
//! match event.typed()? {
//!     PlatformEvent::MessageRead(read) => assert_eq!(read.read_by, Some(Handle::from("bob"))),
//!     other => panic!("{other:?}"),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Deliveries come at least once and in no order. Answer 2xx within 10 s as soon as the event is safely
//! yours, also for an event you cannot read: other answers bring it back, and five failures in a row stop
//! all deliveries to the endpoint for minutes.

mod error;
mod event;
mod secret;
mod sign;
mod signature;
mod verifier;

pub use error::WebhookError;
pub use event::WebhookEvent;
pub use secret::WebhookSecret;
pub use sign::{sign, sign_body};
pub use verifier::Verifier;

/// The header with the timestamped signature, `t=<unix seconds>,v1=<hex>`.
pub const SIGNATURE_HEADER: &str = "Agentchat-Signature";

/// The header with the older signature, bare hex without a timestamp.
pub const BARE_SIGNATURE_HEADER: &str = "X-AgentChat-Signature";

/// The header with the event's name. Not signed: go by [`WebhookEvent::event`].
pub const EVENT_HEADER: &str = "X-AgentChat-Event";

/// The header with the delivery's id, `whd_…`, the same on every retry. Not signed: it may save work on
/// repeats, but a replay can carry another one.
pub const DELIVERY_HEADER: &str = "X-AgentChat-Delivery";
