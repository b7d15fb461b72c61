//! Attachments: the platform's part, and the store that the signed URLs lead to (contract 2.10).

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::json;

use super::reply::Answer;

/// Where the store is: a loopback address, which alone may be reached without encryption.
const STORE: &str = "http://localhost:1/store/";

#[derive(Default)]
pub(super) struct Files(BTreeMap<String, Option<Bytes>>);

impl Files {
    /// An attachment with these bytes.
    pub(super) fn put(&mut self, bytes: Bytes) -> String {
        let id = self.announce();
        self.0.insert(id.clone(), Some(bytes));
        id
    }

    pub(super) fn bytes(&self, id: &str) -> Option<Bytes> {
        self.0.get(id).cloned().flatten()
    }

    fn announce(&mut self) -> String {
        let id = format!("att_{}", self.0.len() + 1);
        self.0.insert(id.clone(), None);
        id
    }

    /// A file is announced.
    pub(super) fn upload_slot(&mut self) -> Answer {
        let id = self.announce();
        (201, json!({"attachment_id": id, "upload_url": format!("{STORE}{id}"), "expires_in": 7_200}))
    }

    /// Where an attachment's bytes are.
    pub(super) fn location(&self, id: &str) -> Option<String> {
        self.bytes(id).map(|_| format!("{STORE}{id}"))
    }

    /// What the store says.
    pub(super) fn store(&mut self, method: &Method, id: &str, body: &Bytes) -> Response<Bytes> {
        let (status, bytes) = match (method, self.0.get_mut(id)) {
            (&Method::PUT, Some(stored)) => {
                *stored = Some(body.clone());
                (StatusCode::OK, Bytes::new())
            }
            (&Method::GET, Some(Some(stored))) => (StatusCode::OK, stored.clone()),
            _ => (StatusCode::NOT_FOUND, Bytes::new()),
        };
        let mut answer = Response::new(bytes);
        *answer.status_mut() = status;
        answer
    }
}
