//! The handler that is a web address: each event is posted there, signed like a webhook (contract 6).

use std::pin::pin;
use std::time::Duration;

use agentchat_driver::{Outgoing, Transport};
use agentchat_tokio::Context;
use agentchat_tokio::engine::webhook::{
    BARE_SIGNATURE_HEADER, DELIVERY_HEADER, EVENT_HEADER, SIGNATURE_HEADER, WebhookSecret, sign, sign_body,
};
use bytes::Bytes;
use futures_util::future::{Either, select};
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{Request, Uri};
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::exit::Exit;

/// Time for one attempt, as the platform gives its webhooks.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where events go.
pub(super) struct Forward {
    url: Uri,
    user_agent: String,
    secret: WebhookSecret,
}

impl Forward {
    /// Encrypted, or to this machine: the rule for the platform's own address.
    pub(super) fn new(cx: &Context, url: &str, secret: WebhookSecret) -> Result<Self, Exit> {
        let refused = |problem: &dyn std::fmt::Display| Exit::usage(format!("--forward-to: {problem}"));
        let uri: Uri = url.parse().map_err(|_| refused(&"is not a URL"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(refused(&"is not an absolute URL"));
        };
        let origin = Context::builder().base_url(format!("{scheme}://{authority}")).build();
        origin.map_err(|e| refused(&e))?;
        Ok(Self { url: uri, user_agent: cx.identity().user_agent(), secret })
    }

    /// Posts an event once; the status decides, and 2xx within ten seconds is success. Of the answer's body nothing is
    /// read, however long, slow or broken it is. `id` names it, the same however often it is posted.
    pub(super) async fn post<T: Transport>(&self, transport: &T, event: &Event<'_>) -> Result<(), String> {
        let request = self.request(transport, event).map_err(|e| e.to_string())?;
        let answer = pin!(transport.exchange(request.map(Outgoing::from)));
        let late = pin!(transport.sleep_until(transport.now().mono + PATIENCE));
        match select(answer, late).await {
            Either::Left((Ok(answer), _)) if answer.status().is_success() => Ok(()),
            Either::Left((Ok(answer), _)) => Err(format!("it was answered with {}", answer.status())),
            Either::Left((Err(fault), _)) => Err(fault.to_string()),
            Either::Right(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
        }
    }

    fn request<T: Transport>(&self, transport: &T, event: &Event<'_>) -> Result<Request<Bytes>, http::Error> {
        let [name, timestamp] = [event.name, &event.timestamp].map(|text| json!(text).to_string());
        let body = Bytes::from(format!(r#"{{"event":{name},"timestamp":{timestamp},"data":{}}}"#, event.data));
        // Derived, so that it is the same on every retry, and made so that nobody can guess another's.
        let id: String = sign_body(&self.secret, event.id.as_bytes()).chars().take(22).collect();
        Request::post(self.url.clone())
            .header(USER_AGENT, &self.user_agent)
            .header(CONTENT_TYPE, "application/json")
            .header(SIGNATURE_HEADER, sign(&self.secret, transport.now().unix, &body))
            .header(BARE_SIGNATURE_HEADER, sign_body(&self.secret, &body))
            .header(EVENT_HEADER, event.name)
            .header(DELIVERY_HEADER, format!("whd_{id}"))
            .body(body)
    }
}

/// What is posted.
pub(super) struct Event<'a> {
    /// Its name, as in `message.new`.
    pub(super) name: &'a str,
    /// What tells it from all others.
    pub(super) id: &'a str,
    /// When it happened.
    pub(super) timestamp: String,
    /// JSON.
    pub(super) data: &'a str,
}

/// The time, as the platform writes it.
pub(super) fn timestamp() -> String {
    OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default()
}
