//! The other end: a platform that does as little as it can, in a process and on a core of its own, so that what it spends is
//! not ours. It answers requests with canned bytes, and pushes frames that were made before.

mod connection;
mod request;
mod server;
mod state;
mod store;

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde::Deserialize;

pub use server::serve;

/// The argument that makes the program a peer.
pub const ARGUMENT: &str = "peer";

/// A running peer. It ends when this is dropped, and with the process that started it.
pub(crate) struct Peer {
    child: Child,
    port: u16,
    frames: usize,
}

/// What a peer has seen.
#[derive(Clone, Copy, Debug, Deserialize, serde::Serialize)]
pub(crate) struct Seen {
    /// Messages that were acked on the last connection that was sent frames, by frame or by cursor.
    pub(crate) acked: usize,
    /// Upgrades.
    pub(crate) upgrades: usize,
    /// The most upgrades in any one second.
    pub(crate) busiest_second: usize,
}

impl Peer {
    /// A peer that pushes so many frames to every WebSocket.
    pub(crate) fn start(frames: usize) -> Result<Self, Box<dyn Error>> {
        Self::start_at(0, frames)
    }

    fn start_at(port: u16, frames: usize) -> Result<Self, Box<dyn Error>> {
        let mut child = Command::new(std::env::current_exe()?)
            .args([ARGUMENT, &port.to_string(), &frames.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let port = line.trim().parse().map_err(|_| format!("the peer says {line:?}"))?;
        Ok(Self { child, port, frames })
    }

    /// Ends it with all its connections, and starts another at the same port.
    pub(crate) fn restart(mut self) -> Result<Self, Box<dyn Error>> {
        self.end();
        Self::start_at(self.port, self.frames)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn seen(&self) -> Result<Seen, Box<dyn Error>> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.write_all(b"GET /seen HTTP/1.1\r\nhost: peer\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").ok_or("the peer does not answer")?;
        Ok(serde_json::from_str(body)?)
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.end();
    }
}
