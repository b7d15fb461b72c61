//! The question to a wake webhook's URL whether somebody is there (contract 2.12). Its form is not described: it
//! is a delivery like those of other webhooks, and any answer of success to it will do.

use bytes::Bytes;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::post::{Parcel, post};
use crate::app::App;
use crate::clock::iso;
use crate::ids::{new_id, new_secret};

const EVENT: &str = "webhook.challenge";

/// Whether the URL answered in time.
pub(crate) async fn is_answered(app: &App, url: &str, secret: &SecretString) -> bool {
    let now = app.clock.unix_millis();
    let body = json!({ "event": EVENT, "timestamp": iso(now), "data": { "challenge": new_secret() } });
    let (body, delivery_id) = (Bytes::from(body.to_string()), new_id("whd_"));
    let parcel = Parcel {
        event: EVENT,
        delivery_id: &delivery_id,
        secret: secret.expose_secret(),
        unix_seconds: now / 1000,
        body: &body,
    };
    post(url, &parcel, app.settings.webhook_timeout).await
}
