//! Takes webhooks with axum: `AGENTCHAT_WEBHOOK_SECRET=… webhook_receiver 127.0.0.1:3000 events.jsonl`.
//!
//! Only what the platform signed less than five minutes ago is taken, each event once. The answer is 2xx when the event is in
//! the file and on the disk: a delivery that was not handled comes again. The address is printed when it listens.

#![allow(clippy::print_stdout)]

use std::collections::{HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use agentchat_tokio::engine::UnixTime;
use agentchat_tokio::engine::webhook::{Verifier, WebhookSecret};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use sha2::{Digest, Sha256};
use tokio::fs::OpenOptions;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::sync::Mutex;

/// Events that are remembered, in memory, until a restart: more than come in ten minutes. Older ones are refused for their age.
const REMEMBERED: usize = 100_000;

struct Receiver {
    verifier: Verifier,
    file: PathBuf,
    /// Held while an event is handled, so that the same one cannot be handled beside it.
    seen: Mutex<Seen>,
}

/// What was handled, by a digest of the signed body: the delivery's id is not signed, and a replay can have another one.
/// A program that handles events in a database keeps this there, in the same transaction: here a restart forgets it.
#[derive(Default)]
struct Seen {
    digests: HashSet<[u8; 32]>,
    oldest_first: VecDeque<[u8; 32]>,
}

impl Seen {
    fn add(&mut self, digest: [u8; 32]) {
        if self.digests.insert(digest) {
            self.oldest_first.push_back(digest);
        }
        if self.oldest_first.len() > REMEMBERED {
            self.oldest_first.pop_front().map(|oldest| self.digests.remove(&oldest));
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: webhook_receiver ADDRESS FILE".into());
    };
    let secret = WebhookSecret::new(std::env::var("AGENTCHAT_WEBHOOK_SECRET")?)?;
    // Without this a bare signature, which has no time and can be replayed for ever, is taken as well.
    let verifier = Verifier::new([secret])?.require_timestamp(true);
    let receiver = Receiver { verifier, file: file.into(), seen: Mutex::default() };
    let routes = Router::new().route("/hook", post(receive)).layer(DefaultBodyLimit::max(1024 * 1024));
    let listener = TcpListener::bind(address).await?;
    println!("http://{}/hook", listener.local_addr()?);
    Ok(axum::serve(listener, routes.with_state(Arc::new(receiver))).await?)
}

/// The body as it came: one that was parsed and written again has another signature.
async fn receive(State(receiver): State<Arc<Receiver>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    if let Err(reason) = receiver.verifier.verify_headers(&headers, &body, now()) {
        tracing::warn!(%reason, "refused");
        return StatusCode::UNAUTHORIZED;
    }
    let mut seen = receiver.seen.lock().await;
    let digest: [u8; 32] = Sha256::digest(&body).into();
    if seen.digests.contains(&digest) {
        return StatusCode::OK;
    }
    if let Err(error) = handle(&receiver, &body).await {
        tracing::error!(%error, "not handled");
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    seen.add(digest);
    StatusCode::OK
}

async fn handle(receiver: &Receiver, body: &[u8]) -> Result<(), std::io::Error> {
    let mut file = OpenOptions::new().append(true).create(true).open(&receiver.file).await?;
    file.write_all(&[body, b"\n"].concat()).await?;
    file.sync_all().await
}

fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
