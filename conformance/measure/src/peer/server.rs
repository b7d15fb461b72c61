//! The peer's process.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use async_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};

use super::state::State;
use super::{connection, request};
use crate::pin::{Core, pin};

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 4_096;

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
    let state = Arc::new(State::new(frames));
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
            state.upgraded();
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
