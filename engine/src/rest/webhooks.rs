//! Webhooks (contract 2.11).

use super::argument_checks::{chars, items};
use super::define::endpoint;
use crate::types::{EventKind, Many, Webhook, WebhookId, WebhookList};

endpoint! {
    /// Has events sent to a URL. The answer holds the secret that they are signed with, shown this once.
    "create_webhook" CreateWebhook = Post "/v1/webhooks" -> Webhook;
    contract "2.11"; auth Required; retry Unsafe;
    need body {
        /// Where to: an `http` or `https` URL of 1 to 2,048 characters. The platform refuses others with
        /// `VALIDATION_ERROR`.
        url: String => chars(1..=2_048),
        /// Which events, at least one.
        events: Many<EventKind> => items(1..=50),
    }
}

endpoint! {
    /// Your webhooks, without their secrets.
    "list_webhooks" ListWebhooks = Get "/v1/webhooks" -> WebhookList;
    contract "2.11"; auth Required; retry Idempotent; largest LIST_BODY;
}

endpoint! {
    /// One of your webhooks, without its secret.
    "get_webhook" GetWebhook = Get "/v1/webhooks/{webhook_id}" -> Webhook;
    contract "2.11"; auth Required; retry Idempotent;
    path {
        /// Which webhook.
        webhook_id: WebhookId,
    }
}

endpoint! {
    /// Ends a webhook.
    "delete_webhook" DeleteWebhook = Delete "/v1/webhooks/{webhook_id}" -> (), Ignored;
    contract "2.11"; auth Required; retry Idempotent;
    path {
        /// Which webhook.
        webhook_id: WebhookId,
    }
}
