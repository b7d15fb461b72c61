//! A web server that answers posts with the bytes it was given.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Duration, sleep};

/// What a post is answered with.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// These bytes; the connection is left open for another post.
    Bytes(Vec<u8>),
    /// These bytes, and the end of the connection.
    Cut(Vec<u8>),
    /// These bytes, and then others without end.
    Endless { begin: Vec<u8>, again: Vec<u8>, pause: Duration },
}

impl Answer {
    pub(crate) fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Bytes(bytes.into())
    }

    pub(crate) fn cut(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Cut(bytes.into())
    }

    /// Without end, as fast as they are read.
    pub(crate) fn flood(begin: &str, again: &str) -> Self {
        let many = again.repeat(64 * 1024 / again.len());
        Self::Endless { begin: begin.into(), again: many.into(), pause: Duration::ZERO }
    }

    /// Without end, and always soon enough not to be taken for dead.
    pub(crate) fn drip(begin: &str, again: &str) -> Self {
        Self::Endless { begin: begin.into(), again: again.into(), pause: Duration::from_millis(20) }
    }
}

pub(crate) struct RawEndpoint {
    pub(crate) url: String,
    /// Hears of every post, once it is answered or its endless answer has begun.
    pub(crate) posts: UnboundedReceiver<()>,
    /// Hears of every connection that the client ends.
    pub(crate) let_go: UnboundedReceiver<()>,
}

impl RawEndpoint {
    /// Answers the first posts like this, in turn, and all others with 204.
    pub(crate) async fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (say, posts) = unbounded_channel();
        let (tell, let_go) = unbounded_channel();
        let answers = Arc::new(Mutex::new(VecDeque::from_iter(answers)));
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, Arc::clone(&answers), say.clone(), tell.clone()));
            }
        });
        Self { url, posts, let_go }
    }
}

/// The test may be over before a connection is.
async fn serve(
    connection: TcpStream,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    say: UnboundedSender<()>,
    tell: UnboundedSender<()>,
) {
    let mut connection = BufReader::new(connection);
    while read_post(&mut connection).await.is_ok() {
        let next = answers.lock().unwrap().pop_front();
        match next.unwrap_or_else(|| Answer::cut("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")) {
            Answer::Bytes(bytes) => {
                // It may be hung up on in the middle of a long one.
                let _ = connection.write_all(&bytes).await;
                let _ = say.send(());
            }
            Answer::Cut(bytes) => {
                let _ = connection.write_all(&bytes).await;
                let _ = connection.shutdown().await;
                let _ = say.send(());
                return;
            }
            Answer::Endless { begin, again, pause } => {
                let _ = say.send(());
                let _ = connection.write_all(&begin).await;
                while connection.write_all(&again).await.is_ok() {
                    if !pause.is_zero() {
                        sleep(pause).await;
                    }
                }
                break;
            }
        }
    }
    let _ = tell.send(());
}

async fn read_post(connection: &mut BufReader<TcpStream>) -> io::Result<()> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end().to_lowercase();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().map_err(io::Error::other)?;
        } else if line.is_empty() {
            return connection.read_exact(&mut vec![0; length]).await.map(drop);
        }
    }
}
