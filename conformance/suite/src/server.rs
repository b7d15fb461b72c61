//! A server that accepts connections one after the other and hands each to the test's script.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::OnceLock;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

use agentchat_local::{LocalPlatform, Settings};

/// The servers' runtime, whatever the clients' is.
pub(super) fn servers() -> &'static Runtime {
    static SERVERS: OnceLock<Runtime> = OnceLock::new();
    SERVERS.get_or_init(|| Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap())
}

/// A local platform.
pub(super) async fn platform(settings: Settings) -> LocalPlatform {
    servers().spawn(LocalPlatform::start(settings)).await.unwrap().unwrap()
}

/// A free port of this machine, listened at.
pub(super) fn listen() -> (TcpListener, SocketAddr) {
    let _inside = servers().enter();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    (TcpListener::from_std(listener).unwrap(), address)
}

/// Runs `script` for every connection, with its number from 0.
pub(super) fn serve<F, Fut>(script: F) -> SocketAddr
where
    F: Fn(usize, TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let (listener, address) = listen();
    servers().spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(script(number, stream));
        }
    });
    address
}

/// Answers the first request of each connection with the next of `answers`, or the last, and closes.
pub(super) fn answer(answers: &'static [&'static str]) -> SocketAddr {
    serve(move |number, mut stream| async move {
        read_request(&mut stream).await;
        let answer = answers.get(number).or(answers.last()).unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
    })
}

/// Answers the first request of each connection with this, and tells the request.
pub(super) fn answer_and_tell(answer: &'static str) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let (say, heard) = mpsc::unbounded_channel();
    let address = serve(move |_, mut stream| {
        let say = say.clone();
        async move {
            // The test may be over.
            let _ = say.send(read_request(&mut stream).await);
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (address, heard)
}

/// Reads a request without a body; its text.
pub(super) async fn read_request<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> String {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\n") {
        text.push(stream.read_u8().await.expect("a whole request"));
    }
    String::from_utf8(text).unwrap()
}
