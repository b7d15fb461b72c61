//! WebSockets of sessions.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use agentchat_engine::limits;
use agentchat_engine::realtime::SessionOptions;
use async_tungstenite::tungstenite::{Message, accept};

use crate::peers::{self, PEERS, drip};
use crate::{CONNECTION, LONG, client, held, runtime};

/// Bytes of a frame's begin that drip.
const DRIPPED: usize = 2_000;

/// A socket whose session is live.
fn greeted(stream: &TcpStream) -> io::Result<()> {
    let mut socket = accept(stream.try_clone()?).map_err(|_| io::ErrorKind::InvalidData)?;
    socket.read().map_err(io::Error::other)?;
    let ok = r#"{"type":"hello.ok","capabilities":["ack"]}"#;
    socket.send(Message::text(ok)).map_err(io::Error::other)
}

/// The begin of a frame: the first of a message, or a later one; the last, or one that others follow.
fn announce(stream: &mut TcpStream, first: bool, last: bool, length: usize) -> io::Result<()> {
    let mut head = vec![u8::from(first) | if last { 0x80 } else { 0 }];
    match u8::try_from(length) {
        Ok(length @ 0..=125) => head.push(length),
        _ => {
            head.push(127);
            head.extend((length as u64).to_be_bytes());
        }
    }
    drip(stream, &head)
}

/// Asks for a sign of life and waits for it: what came before was taken.
fn is_taken(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(&[0x89, 0])?;
    let mut pong = [0; 6];
    stream.read_exact(&mut pong)
}

/// Small frames, one after the other: more than a connection has room for.
fn chatter(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(&[0x81, 2, b'{', b'}'].repeat(8 * 1_024))
}

/// Sessions with each of the peers at once: what each held at most, and what each still holds once all was taken and a little more
/// came.
fn sessions(script: fn(&mut TcpStream, &Barrier) -> io::Result<()>) -> (usize, usize) {
    let done = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&done);
    let address = peers::start(move |stream, meeting| {
        greeted(stream)?;
        script(stream, meeting)?;
        chatter(stream)?;
        is_taken(stream)?;
        counted.fetch_add(1, Ordering::Relaxed);
        // Until the client has gone.
        stream.read_to_end(&mut Vec::new()).map(drop)
    });
    let mut open = None;
    let held = held(|| {
        let (runtime, client) = (runtime(), client(address));
        let sessions = runtime.block_on(async {
            let options = || SessionOptions::default().own_handle("me").drain(false).keepalive(LONG);
            let sessions: Vec<_> = (0..PEERS).map(|_| agentchat_tokio::connect(&client, options())).collect();
            while done.load(Ordering::Relaxed) < PEERS {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            sessions
        });
        open = Some((sessions, client, runtime));
    });
    drop(open);
    held
}

/// A frame of the largest size, of which a little comes by the byte.
#[test]
fn large_frames_that_come_by_the_byte() {
    let (peak, still) = sessions(|stream, meeting| {
        announce(stream, true, true, limits::FRAME)?;
        drip(stream, &[b'x'; DRIPPED])?;
        meeting.wait();
        stream.write_all(&vec![b'x'; limits::FRAME - DRIPPED])
    });
    // The frame and its text; nobody looks into it before it is whole.
    assert!(peak <= limits::FRAME + limits::FRAME / 2, "{peak} bytes are held of a frame");
    assert!(still <= CONNECTION, "{still} bytes are held after a frame was taken");
}

/// A message of the largest size in parts: many of a byte, many of nothing, and one that takes it to its end.
#[test]
fn messages_in_parts_of_a_byte() {
    let (peak, still) = sessions(|stream, meeting| {
        announce(stream, true, false, 0)?;
        for _ in 0..DRIPPED {
            stream.write_all(&[0x00, 1, b'x'])?;
            stream.write_all(&[0x00, 0])?;
        }
        let most = limits::FRAME / 2 + 1;
        announce(stream, false, false, most)?;
        stream.write_all(&vec![b'x'; most])?;
        let rest = limits::FRAME - most - DRIPPED;
        announce(stream, false, true, rest)?;
        stream.write_all(&vec![b'x'; rest / 2])?;
        meeting.wait();
        stream.write_all(&vec![b'x'; rest - rest / 2])
    });
    // Twice what came, as it grows, and the part that is not whole.
    assert!(peak <= 3 * limits::FRAME, "{peak} bytes are held of a message in parts");
    // The library keeps the room of the largest part, as it never hands one out.
    assert!(still <= limits::FRAME / 2 + CONNECTION, "{still} bytes are held after a message was taken");
}
