//! Peers that take their time. Each connection has a thread of its own, so that what it needs is not counted as the client's.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Barrier};
use std::thread;

/// Connections at the same time.
pub(crate) const PEERS: usize = 16;

/// Runs the script for every connection. At the barrier so many of them meet, so that what comes before it is held by all clients at
/// the same time.
pub(crate) fn start(script: impl Fn(&mut TcpStream, &Barrier) -> io::Result<()> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let shared = Arc::new((script, Barrier::new(PEERS)));
    thread::spawn(move || {
        loop {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_nodelay(true).unwrap();
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let (script, meeting) = &*shared;
                // What breaks off was let go by the client, which is what a test waits for.
                let _ = script(&mut stream, meeting);
            });
        }
    });
    address
}

/// Reads a request without a body, or up to its body.
pub(crate) fn read_head(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    String::from_utf8(head).map_err(io::Error::other)
}

/// Writes the bytes one by one, each in a segment of its own where the kernel can.
pub(crate) fn drip(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    bytes.chunks(1).try_for_each(|byte| stream.write_all(byte))
}

/// Writes the same over and over until the client lets go.
pub(crate) fn flood(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    loop {
        stream.write_all(bytes)?;
    }
}
