//! A WebSocket of the peer's, after its upgrade.

use std::io;
use std::io::Cursor;
use std::sync::Arc;

use async_tungstenite::tungstenite::protocol::frame::FrameHeader;
use async_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::state::State;
use super::store::unmasked;

/// A frame of the client's.
struct Frame {
    code: OpCode,
    payload: Vec<u8>,
}

/// The first frame of a buffer and where it ends, if it is whole.
fn first(buffer: &[u8]) -> io::Result<Option<(Frame, usize)>> {
    let mut cursor = Cursor::new(buffer);
    let Some((header, length)) = FrameHeader::parse(&mut cursor).map_err(io::Error::other)? else { return Ok(None) };
    let begin = cursor.position() as usize;
    let end = begin + length as usize;
    let Some(payload) = buffer.get(begin..end) else { return Ok(None) };
    let mask = header.mask.unwrap_or_default();
    let payload = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    Ok(Some((Frame { code: header.opcode, payload }, end)))
}

/// Greets, pushes what there is to push, takes acks and answers pings until the client goes.
pub(super) async fn run(stream: TcpStream, mut buffer: Vec<u8>, state: Arc<State>) -> io::Result<()> {
    let (mut reader, writer) = stream.into_split();
    let writer = Arc::new(Mutex::new(writer));
    let mut pushing = JoinSet::new();
    loop {
        let mut read = 0;
        while let Some((Frame { code, payload }, length)) = first(&buffer[read..])? {
            read += length;
            match code {
                OpCode::Data(Data::Text) => {
                    let text = String::from_utf8_lossy(&payload);
                    if text.contains(r#""hello""#) {
                        greet(&text, &writer, &state, &mut pushing).await?;
                    } else {
                        state.store().ack(&text);
                    }
                }
                OpCode::Control(Control::Ping) => {
                    let mut pong = vec![0x8a, payload.len() as u8];
                    pong.extend(payload);
                    writer.lock().await.write_all(&pong).await?;
                }
                OpCode::Control(Control::Close) => return writer.lock().await.write_all(&[0x88, 0]).await,
                _ => {}
            }
        }
        buffer.drain(..read);
        if reader.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
    }
}

/// Accepts a HELLO, and begins to push if there is anything.
async fn greet(
    hello: &str,
    writer: &Arc<Mutex<OwnedWriteHalf>>,
    state: &Arc<State>,
    pushing: &mut JoinSet<()>,
) -> io::Result<()> {
    let mut synced = state.synced.subscribe();
    writer.lock().await.write_all(&unmasked(r#"{"type":"hello.ok","capabilities":["ack"]}"#)).await?;
    if state.store().chunks.is_empty() {
        return Ok(());
    }
    state.store().begin();
    // A session reads what is stored first; the bare client does not.
    let at_once = hello.contains(r#""client":"bare""#);
    let (writer, state) = (Arc::clone(writer), Arc::clone(state));
    pushing.spawn(async move {
        if at_once || synced.changed().await.is_ok() {
            // An error means that the client has left.
            let _ = push(&state, &writer).await;
        }
    });
    Ok(())
}

async fn push(state: &State, writer: &Mutex<OwnedWriteHalf>) -> io::Result<()> {
    let chunks = state.store().chunks.len();
    for number in 0..chunks {
        let chunk = {
            let mut store = state.store();
            store.push();
            Arc::clone(&store.chunks[number])
        };
        writer.lock().await.write_all(&chunk).await?;
    }
    Ok(())
}
