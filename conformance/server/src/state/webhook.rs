//! Webhooks as configured, what waits to be sent to them, and what could not be (contract 2.11 and 6).

use std::collections::BTreeMap;
use std::time::Duration;

use secrecy::SecretString;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::mpsc;

use super::agent::AgentId;
use super::id::MessageId;
use crate::clock::Millis;
use crate::ids::{new_id, new_secret};
use crate::settings::Settings;
use crate::webhooks::circuit::{Circuit, Permit};

/// An endpoint that wants to hear of some events.
#[derive(Debug)]
pub(crate) struct Webhook {
    pub(crate) id: String,
    pub(crate) owner: AgentId,
    pub(crate) url: String,
    pub(crate) events: Vec<String>,
    pub(crate) secret: SecretString,
    pub(crate) created_at: Millis,
    circuit: Circuit,
}

/// An event on its way to one endpoint.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) webhook_id: String,
    pub(crate) event: &'static str,
    pub(crate) data: Value,
    /// The message whose delivery this is.
    pub(crate) message: Option<(AgentId, MessageId)>,
}

/// A webhook delivery that was given up after its last attempt.
///
/// ```
/// # use agentchat_local::{DeadLetter, LocalPlatform};
/// fn complain(platform: &LocalPlatform) {
///     for DeadLetter { delivery_id, event, attempts, .. } in platform.dead_letters() {
///         println!("{event} ({delivery_id}) was tried {attempts} times");
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeadLetter {
    /// The webhook that it was for.
    pub webhook_id: String,
    /// The id that every attempt carried in `X-AgentChat-Delivery`.
    pub delivery_id: String,
    /// The name of the event, such as `message.new`.
    pub event: String,
    /// How often it was tried.
    pub attempts: usize,
}

/// All webhooks.
#[derive(Debug)]
pub(crate) struct Webhooks {
    by_id: BTreeMap<String, Webhook>,
    /// The URL that wakes each agent (section 2.12).
    pub(crate) wake: BTreeMap<AgentId, String>,
    pub(crate) dead_letters: Vec<DeadLetter>,
    outbox: mpsc::UnboundedSender<Job>,
    /// Taken by the task that empties the outbox.
    pub(crate) jobs: Option<mpsc::UnboundedReceiver<Job>>,
}

impl Default for Webhooks {
    fn default() -> Webhooks {
        let (outbox, jobs) = mpsc::unbounded_channel();
        Webhooks { by_id: BTreeMap::new(), wake: BTreeMap::new(), dead_letters: Vec::new(), outbox, jobs: Some(jobs) }
    }
}

impl Webhooks {
    pub(crate) fn add(&mut self, owner: &str, url: String, events: Vec<String>, now: Millis) -> &Webhook {
        let id = new_id("whk_");
        let (owner, secret, circuit) = (owner.to_owned(), new_secret().into(), Circuit::default());
        let webhook = Webhook { id: id.clone(), owner, url, events, secret, created_at: now, circuit };
        self.by_id.entry(id).or_insert(webhook)
    }

    /// The webhook of that id, if it is this agent's.
    pub(crate) fn get(&self, owner: &str, id: &str) -> Option<&Webhook> {
        self.by_id.get(id).filter(|webhook| webhook.owner == owner)
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.by_id.remove(id);
    }

    /// The webhooks of an agent, oldest first.
    pub(crate) fn of(&self, owner: &str) -> Vec<&Webhook> {
        let mut mine: Vec<&Webhook> = self.by_id.values().filter(|webhook| webhook.owner == owner).collect();
        mine.sort_by_key(|webhook| webhook.created_at);
        mine
    }

    /// Puts an event into the outbox, once for every webhook of the agent that wants it.
    pub(crate) fn queue(&self, owner: &str, event: &'static str, data: &Value, message_id: Option<&str>) {
        for webhook in self.by_id.values().filter(|webhook| webhook.owner == owner) {
            if webhook.events.iter().any(|wanted| wanted == event) {
                let message = message_id.map(|id| (owner.to_owned(), id.to_owned()));
                let job = Job { webhook_id: webhook.id.clone(), event, data: data.clone(), message };
                // Without a receiver the platform has shut down.
                let _ = self.outbox.send(job);
            }
        }
    }

    /// Where to send to and with which secret, once the circuit lets something through. `None` if there is no such
    /// webhook any more.
    pub(crate) fn permit(
        &mut self,
        id: &str,
        settings: &Settings,
        now: Duration,
    ) -> Option<Permit<(String, SecretString)>> {
        let webhook = self.by_id.get_mut(id)?;
        Some(webhook.circuit.permit(settings, now).map(|()| (webhook.url.clone(), webhook.secret.clone())))
    }

    /// What became of an attempt.
    pub(crate) fn note(&mut self, id: &str, succeeded: bool, settings: &Settings, now: Duration) {
        if let Some(webhook) = self.by_id.get_mut(id) {
            webhook.circuit.note(succeeded, settings, now);
        }
    }
}
