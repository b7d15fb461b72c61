//! Answers to calls.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;

use agentchat_engine::{Error, FaultKind, limits};
use futures_util::future::join_all;

use crate::peers::{self, PEERS, drip, flood, read_head};
use crate::{BODY, CONNECTION, client, held, runtime};

/// Calls to each of the peers at once: what each held at most, and what became of them.
fn calls(address: SocketAddr) -> (usize, Vec<Error>) {
    let mut errors = Vec::new();
    let (peak, _) = held(|| {
        let client = client(address);
        let called = runtime().block_on(join_all((0..PEERS).map(|_| client.get_me())));
        errors.extend(called.into_iter().map(|called| called.expect_err("no answer is whole")));
    });
    (peak, errors)
}

fn is_too_large(error: &Error) -> bool {
    matches!(error, Error::Transport { fault, .. } if fault.kind == FaultKind::TooLarge)
}

/// One chunk a byte, each of which is a piece of its own to all that is above the connection.
fn chunks(stream: &mut TcpStream, head: &str, meeting: &Barrier) -> io::Result<()> {
    read_head(stream)?;
    stream.write_all(format!("HTTP/1.1 {head}\r\ntransfer-encoding: chunked\r\n\r\n").as_bytes())?;
    stream.write_all(&b"1\r\nx\r\n".repeat(BODY))?;
    meeting.wait();
    flood(stream, &b"1\r\nx\r\n".repeat(1_000))
}

#[test]
fn bodies_in_chunks_of_a_byte() {
    let (peak, errors) = calls(peers::start(|stream, meeting| chunks(stream, "200 OK", meeting)));
    assert!(errors.iter().all(is_too_large), "{errors:?}");
    assert!(peak <= 2 * BODY + CONNECTION, "{peak} bytes are held of a body of {BODY}");
}

#[test]
fn bodies_of_errors_in_chunks_of_a_byte() {
    let (peak, errors) = calls(peers::start(|stream, meeting| chunks(stream, "500 Oops", meeting)));
    assert!(errors.iter().all(|error| matches!(error, Error::Api(error) if error.status == 500)), "{errors:?}");
    assert!(peak <= 2 * BODY + CONNECTION, "{peak} bytes are held of a body of {BODY}");
}

/// What is held is what came, not what was announced.
#[test]
fn bodies_that_drip() {
    const CAME: usize = 2_000;
    let address = peers::start(|stream, meeting| {
        read_head(stream)?;
        stream.write_all(format!("HTTP/1.1 200 OK\r\ncontent-length: {BODY}\r\n\r\n").as_bytes())?;
        drip(stream, &[b'x'; CAME])?;
        meeting.wait();
        Ok(())
    });
    let (peak, errors) = calls(address);
    assert!(errors.iter().all(|error| matches!(error, Error::Transport { .. })), "{errors:?}");
    assert!(peak <= 2 * CAME + CONNECTION, "{peak} bytes are held of a body of which {CAME} came");
}

/// One header that has no end, many that have, and interim answers; a byte at a time at first.
#[test]
fn heads_that_do_not_end() {
    for line in ["x", "x: y\r\n"] {
        let address = peers::start(move |stream, meeting| {
            read_head(stream)?;
            drip(stream, b"HTTP/1.1 200 OK\r\nx-request-id: ")?;
            let most = line.repeat(limits::HEAD / line.len() - 100);
            stream.write_all(most.as_bytes())?;
            meeting.wait();
            flood(stream, line.repeat(1_000).as_bytes())
        });
        let (peak, errors) = calls(address);
        assert!(errors.iter().all(|error| matches!(error, Error::Transport { .. })), "{errors:?}");
        assert!(peak <= 2 * limits::HEAD + CONNECTION, "{peak} bytes are held of a head");
    }
}
