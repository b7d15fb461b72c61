//! A server that accepts connections one after the other and hands each to the test's script.

use std::future::Future;
use std::net::SocketAddr;

use agentchat_tokio::{ApiKey, Client, Context};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Runs `script` for every connection, with its number from 0.
pub(crate) async fn serve<F, Fut>(script: F) -> SocketAddr
where
    F: Fn(usize, TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(script(number, stream));
        }
    });
    address
}

/// Answers the first request of each connection with the next of `answers`, or the last, and closes.
pub(crate) async fn answer(answers: &'static [&'static str]) -> SocketAddr {
    serve(move |number, mut stream| async move {
        read_request(&mut stream).await;
        let answer = answers.get(number).or(answers.last()).unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
    })
    .await
}

/// Reads a request without a body; its text.
pub(crate) async fn read_request<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> String {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\n") {
        text.push(stream.read_u8().await.expect("a whole request"));
    }
    String::from_utf8(text).unwrap()
}

pub(crate) fn context(address: SocketAddr) -> Context {
    let key = ApiKey::new("ac_key").unwrap();
    Context::builder().api_key(key).base_url(format!("http://{address}")).build().unwrap()
}

pub(crate) fn client(address: SocketAddr) -> Client {
    agentchat_tokio::client(context(address))
}
