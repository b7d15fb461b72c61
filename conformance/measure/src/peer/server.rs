//! The peer's process.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_tungstenite::tungstenite::handshake::derive_accept_key;
use serde::Deserialize;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;

use super::Seen;
use super::connection;
use super::request::{self, Request};
use super::store::Store;
use crate::frames::message;
use crate::pin::{Core, pin};

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 4_096;

pub(super) struct State {
    store: Mutex<Store>,
    /// Changes whenever a sync was answered.
    pub(super) synced: watch::Sender<()>,
    upgrades: Mutex<Vec<Instant>>,
    sent: String,
}

impl State {
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
    fn answer(&self, request: &Request) -> String {
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

/// Serves until standard input ends. Says its port on standard output.
///
/// # Errors
/// If it cannot listen.
pub fn serve(port: u16, frames: usize) -> io::Result<()> {
    // Where it is not possible the figures vary more, which the other side says.
    let _ = pin(Core::Peer);
    std::thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let state = Arc::new(State {
        store: Mutex::new(Store::new(frames)),
        synced: watch::Sender::new(()),
        upgrades: Mutex::default(),
        sent: message(1, 1, ""),
    });
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(SocketAddr::from(([127, 0, 0, 1], port)))?;
        let listener = socket.listen(BACKLOG)?;
        writeln!(io::stdout(), "{}", listener.local_addr()?.port())?;
        loop {
            let (stream, _) = listener.accept().await?;
            let state = Arc::clone(&state);
            // A client that goes ends its connection, and nothing else.
            tokio::spawn(async move { drop(converse(stream, state).await) });
        }
    })
}

async fn converse(mut stream: TcpStream, state: Arc<State>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    while let Some(request) = request::read(&mut stream, &mut buffer).await? {
        if let Some(key) = &request.key {
            lock(&state.upgrades).push(Instant::now());
            let head = format!(
                "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: {}\r\n\r\n",
                derive_accept_key(key.as_bytes())
            );
            stream.write_all(head.as_bytes()).await?;
            return connection::run(stream, buffer, state).await;
        }
        let body = state.answer(&request);
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await?;
        if request.last {
            break;
        }
    }
    Ok(())
}
