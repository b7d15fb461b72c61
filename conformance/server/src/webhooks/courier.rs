//! Deliveries, each tried until it succeeds or is given up (contract 6).

use bytes::Bytes;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use tokio::sync::mpsc;

use super::circuit::Permit;
use super::post::{Parcel, post};
use crate::app::{App, Shared};
use crate::clock::iso;
use crate::ids::new_id;
use crate::state::webhook::{DeadLetter, Job};

/// Empties the outbox until the platform shuts down. Deliveries do not wait for each other, so their order is open.
pub(crate) async fn run(app: Shared, mut jobs: mpsc::UnboundedReceiver<Job>) {
    let mut shutting_down = app.shutting_down.subscribe();
    loop {
        tokio::select! {
            _ = shutting_down.wait_for(|now| *now) => return,
            job = jobs.recv() => match job {
                Some(job) => tokio::spawn(deliver_until_shutdown(app.clone(), job)),
                None => return,
            },
        };
    }
}

async fn deliver_until_shutdown(app: Shared, job: Job) {
    let mut shutting_down = app.shutting_down.subscribe();
    tokio::select! {
        _ = shutting_down.wait_for(|now| *now) => {}
        () = deliver(&app, job) => {}
    }
}

async fn deliver(app: &App, job: Job) {
    let body = json!({ "event": job.event, "timestamp": iso(app.clock.unix_millis()), "data": job.data });
    let (body, delivery_id) = (Bytes::from(body.to_string()), new_id("whd_"));
    let mut delays = app.settings.webhook_retry_delays.iter();
    for attempt in 1.. {
        let Some((url, secret)) = wait_for_permit(app, &job.webhook_id).await else { return };
        let unix_seconds = app.clock.unix_millis() / 1000;
        let secret = secret.expose_secret();
        let parcel = Parcel { event: job.event, delivery_id: &delivery_id, secret, unix_seconds, body: &body };
        let succeeded = post(&url, &parcel, app.settings.webhook_timeout).await;

        let delay = delays.next().filter(|_| !succeeded);
        {
            let state = &mut *app.state();
            state.webhooks.note(&job.webhook_id, succeeded, &app.settings, app.clock.running());
            if succeeded && let Some((agent, message_id)) = &job.message {
                state.envelopes.deliver(agent, message_id, app.clock.unix_millis());
            }
            if !succeeded && delay.is_none() {
                let (webhook_id, event) = (job.webhook_id.clone(), job.event.to_owned());
                let letter = DeadLetter { webhook_id, delivery_id: delivery_id.clone(), event, attempts: attempt };
                state.webhooks.dead_letters.push(letter);
            }
        }
        let Some(delay) = delay else { return };
        app.clock.sleep(app.settings.scaled(*delay)).await;
    }
}

/// Waiting for the circuit costs no attempt. Without an endpoint, because it was deleted meanwhile, nothing is left to do.
async fn wait_for_permit(app: &App, webhook_id: &str) -> Option<(String, SecretString)> {
    loop {
        let permit = app.state().webhooks.permit(webhook_id, &app.settings, app.clock.running())?;
        match permit {
            Permit::Go(endpoint) => return Some(endpoint),
            Permit::Wait(wait) => app.clock.sleep(wait).await,
        }
    }
}
