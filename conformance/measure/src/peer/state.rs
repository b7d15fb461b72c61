//! What the peer knows: its messages, when sockets were opened, and what it answers.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;
use tokio::sync::watch;

use super::Seen;
use super::request::Request;
use super::store::Store;
use crate::frames::message;

pub(super) struct State {
    store: Mutex<Store>,
    /// Changes whenever a sync was answered.
    pub(super) synced: watch::Sender<()>,
    upgrades: Mutex<Vec<Instant>>,
    sent: String,
}

impl State {
    pub(super) fn new(frames: usize) -> Self {
        Self {
            store: Mutex::new(Store::new(frames)),
            synced: watch::Sender::new(()),
            upgrades: Mutex::default(),
            sent: message(1, 1, ""),
        }
    }

    /// A socket is opened now.
    pub(super) fn upgraded(&self) {
        lock(&self.upgrades).push(Instant::now());
    }

    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }

    fn seen(&self) -> Seen {
        let upgrades = lock(&self.upgrades);
        let within = |first: usize| {
            let until = upgrades[first] + Duration::from_secs(1);
            upgrades[first..].partition_point(|at| *at < until)
        };
        let busiest_second = (0..upgrades.len()).map(within).max().unwrap_or(0);
        Seen { acked: self.store().acked(), upgrades: upgrades.len(), busiest_second }
    }

    /// What a request is answered with, always as a success.
    pub(super) fn answer(&self, request: &Request) -> String {
        match request.path.as_str() {
            "/v1/messages" => self.sent.clone(),
            "/v1/messages/sync" => {
                let after = parameter(request, "after").and_then(|cursor| number(&cursor));
                let limit = parameter(request, "limit").and_then(|limit| limit.parse().ok()).unwrap_or(200);
                let page = self.store().page(after, limit);
                self.synced.send_replace(());
                page
            }
            "/v1/messages/sync/ack" => {
                #[derive(Deserialize)]
                struct Commit {
                    last_delivery_id: String,
                }
                let commit: Option<Commit> = serde_json::from_slice(&request.body).ok();
                let cursor = commit.and_then(|commit| number(&commit.last_delivery_id));
                format!(r#"{{"acked":{}}}"#, cursor.map_or(0, |cursor| self.store().commit(cursor)))
            }
            "/seen" => serde_json::to_string(&self.seen()).unwrap_or_default(),
            // The agent itself, which is all that a session asks for besides.
            _ => r#"{"handle":"me"}"#.to_owned(),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn parameter(request: &Request, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(request.query.as_bytes());
    pairs.find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
}

/// The message that a cursor stands for.
fn number(cursor: &str) -> Option<usize> {
    usize::from_str_radix(cursor.strip_prefix("del_")?, 16).ok()
}
