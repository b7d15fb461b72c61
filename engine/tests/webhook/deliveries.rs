//! Bodies of webhook deliveries: anybody who can sign decides what is in them, and none of it may do harm.

use agentchat_engine::UnixTime;
use agentchat_engine::types::EventKind;
use agentchat_engine::webhook::{Verifier, WebhookError, WebhookEvent, WebhookSecret, sign};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::json::any_json;
use crate::samples::{KINDS, payload};
use crate::spoiled::{mutated, with_strange_members};

fn deliver(body: &[u8]) -> Result<WebhookEvent, WebhookError> {
    let (secret, now) = (WebhookSecret::new("s3cret").unwrap(), UnixTime::from_millis(1_700_000_000_000));
    Verifier::new([secret.clone()]).unwrap().verify(body, &sign(&secret, now, body), now)
}

fn body(kind: &str, data: &Value) -> Value {
    json!({"event": kind, "timestamp": "2026-04-20T10:00:00.000Z", "data": data})
}

#[test]
fn what_a_later_version_may_add_survives_a_round_trip() {
    for kind in KINDS.into_iter().chain(["message.pinned"]) {
        let data = with_strange_members(payload(kind));
        let event = deliver(with_strange_members(body(kind, &data)).to_string().as_bytes()).unwrap();
        assert_eq!(event.event.as_str(), kind);
        let typed = event.typed().unwrap();
        assert_eq!(serde_json::to_value(&typed).unwrap(), json!({"type": kind, "payload": data}));
    }
}

proptest! {
    #[test]
    fn any_data_are_passed_on_as_they_came(kind in prop::sample::select(&KINDS[..]), data in any_json()) {
        let event = deliver(body(kind, &data).to_string().as_bytes()).unwrap();
        prop_assert_eq!(&event.data, &data.to_string());
        if let Err(error) = event.typed() {
            prop_assert_eq!(error.kind, Some(EventKind::from(kind)));
        }
    }

    /// Any object is a delivery, and anything else is refused.
    #[test]
    fn a_spoiled_body_is_a_delivery_or_a_typed_error(
        kind in prop::sample::select(&KINDS[..]),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        with in any_json(),
    ) {
        let body = mutated(body(kind, &payload(kind)), &picks, &with);
        match deliver(body.to_string().as_bytes()) {
            Ok(event) => {
                prop_assert!(body.is_object());
                let _ = event.typed();
            }
            Err(WebhookError::MalformedPayload { .. }) => prop_assert!(!body.is_object()),
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn any_bytes_are_a_delivery_or_a_typed_error(bytes: Vec<u8>) {
        if let Err(error) = deliver(&bytes) {
            prop_assert!(matches!(error, WebhookError::MalformedPayload { .. }), "{}", error);
        }
    }
}
