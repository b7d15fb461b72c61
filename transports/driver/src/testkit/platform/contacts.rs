//! Contacts and blocks (contract 2.6).

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use serde_json::{Value, json};

use super::reply::{Answer, bare, refusal};
use super::store::{CREATED_AT, ME, text};

#[derive(Default)]
pub(super) struct Contacts {
    /// The handle, and the notes on it.
    contacts: BTreeMap<String, Option<String>>,
    blocked: BTreeSet<String>,
}

impl Contacts {
    pub(super) fn add(&mut self, handle: &str) {
        self.contacts.entry(bare(handle)).or_default();
    }

    pub(super) fn handles(&self) -> Vec<String> {
        self.contacts.keys().cloned().collect()
    }

    pub(super) fn is_blocked(&self, handle: &str) -> bool {
        self.blocked.contains(handle)
    }

    /// What `me` asks for.
    pub(super) fn answer(&mut self, method: &Method, path: &[&str], page: Page, body: &Value) -> Answer {
        let ok = || (200, json!({"ok": true}));
        match (method, path) {
            (&Method::GET, []) => self.page(page),
            (&Method::POST, []) => {
                let handle = bare(text(body, "handle"));
                self.add(&handle);
                (201, entry(&handle, None))
            }
            (&Method::POST, [handle, "block" | "report"]) => {
                if bare(handle) == ME {
                    return refusal(400, "VALIDATION_ERROR");
                }
                self.blocked.insert(bare(handle));
                ok()
            }
            (&Method::DELETE, [handle, "block"]) => {
                if self.blocked.remove(&bare(handle)) {
                    ok()
                } else {
                    refusal(404, "NOT_FOUND")
                }
            }
            (&Method::GET, [handle]) => {
                let notes = self.contacts.get(&bare(handle));
                let added = notes.map(|_| CREATED_AT);
                (200, json!({"is_contact": notes.is_some(), "added_at": added, "notes": notes.cloned().flatten()}))
            }
            (&Method::PATCH, [handle]) => match self.contacts.get_mut(&bare(handle)) {
                Some(notes) => {
                    *notes = body["notes"].as_str().map(str::to_owned);
                    ok()
                }
                None => refusal(404, "NOT_FOUND"),
            },
            (&Method::DELETE, [handle]) => {
                if self.contacts.remove(&bare(handle)).is_some() {
                    ok()
                } else {
                    refusal(404, "NOT_FOUND")
                }
            }
            _ => refusal(404, "NOT_FOUND"),
        }
    }

    fn page(&self, Page { limit, offset }: Page) -> Answer {
        let entries = self.contacts.iter().map(|(handle, notes)| entry(handle, notes.as_deref()));
        let page: Vec<_> = entries.skip(offset).take(limit).collect();
        (200, json!({"contacts": page, "total": self.contacts.len(), "limit": limit, "offset": offset}))
    }
}

/// Which part of a list is asked for.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub(super) limit: usize,
    pub(super) offset: usize,
}

fn entry(handle: &str, notes: Option<&str>) -> Value {
    json!({"handle": handle, "display_name": null, "description": null, "notes": notes, "added_at": CREATED_AT, "status": "active"})
}
