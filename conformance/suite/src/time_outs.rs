//! Time-outs at each phase of an exchange (for that of connecting see `connecting`): what hangs is given up, its connection
//! dropped, and the next attempt works.

use std::net::SocketAddr;
use std::time::Duration;

use agentchat_engine::rest::RetryPolicy;
use agentchat_engine::{CallOptions, Error};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use super::adapter::{Adapter, client};
use super::http::ALICE;
use super::server::{read_request, serve};

/// A server whose first connection hangs in its own way, until the client lets go of it, which it reports; the next ones answer.
fn hanging<F, Fut>(hang: F) -> (SocketAddr, mpsc::UnboundedReceiver<()>)
where
    F: Fn(TcpStream) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let (tell, told) = mpsc::unbounded_channel();
    let address = serve(move |number, mut stream| {
        let (hang, tell) = (hang.clone(), tell.clone());
        async move {
            if number == 0 {
                hang(stream).await;
                tell.send(()).unwrap();
            } else {
                read_request(&mut stream).await;
                stream.write_all(ALICE.as_bytes()).await.unwrap();
            }
        }
    });
    (address, told)
}

async fn given_up_and_repeated<A: Adapter, F, Fut>(hang: F)
where
    F: Fn(TcpStream) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let (address, mut let_go) = hanging(hang);
    // On a busy machine many attempts may be too slow.
    let wait = Duration::from_millis(1);
    let retry = RetryPolicy::default().max_retries(300).base(wait).cap(wait);
    let options = CallOptions::default().timeout(Duration::from_millis(300)).retry(retry);
    let me = client::<A>(address).with_options(options).get_me().await.unwrap();
    assert!(me.meta.attempts >= 2);
    let_go.recv().await.expect("the hanging connection was dropped");
}

/// Reads until the client lets go.
async fn until_dropped(mut stream: TcpStream) {
    let mut heard = [0; 1024];
    while matches!(stream.read(&mut heard).await, Ok(1..)) {}
}

pub(super) async fn a_peer_that_never_answers<A: Adapter>() {
    given_up_and_repeated::<A, _, _>(until_dropped).await;
}

pub(super) async fn a_head_that_never_ends<A: Adapter>() {
    given_up_and_repeated::<A, _, _>(|mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-le").await.unwrap();
        until_dropped(stream).await;
    })
    .await;
}

pub(super) async fn a_body_that_never_ends<A: Adapter>() {
    given_up_and_repeated::<A, _, _>(|mut stream| async move {
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 18\r\n\r\n{\"handle\"").await.unwrap();
        until_dropped(stream).await;
    })
    .await;
}

/// Bytes keep coming, so that no time-out between two of them would help.
pub(super) async fn a_body_that_drips<A: Adapter>() {
    given_up_and_repeated::<A, _, _>(|mut stream| async move {
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n").await.unwrap();
        while stream.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// They come as fast as they are read, so that the connection's task never has to wait for one.
pub(super) async fn interim_answers_without_end<A: Adapter>() {
    given_up_and_repeated::<A, _, _>(|mut stream| async move {
        read_request(&mut stream).await;
        let interim = b"HTTP/1.1 102 Processing\r\n\r\n".repeat(4096);
        while stream.write_all(&interim).await.is_ok() {}
    })
    .await;
}

pub(super) async fn a_deadline_ends_all_attempts<A: Adapter>() {
    let address = serve(|_, stream| until_dropped(stream));
    let options = CallOptions::default()
        .timeout(Duration::from_millis(50))
        .deadline(Duration::from_millis(200))
        // Without the deadline there would be no end.
        .retry(RetryPolicy::default().max_retries(u32::MAX).base(Duration::from_millis(1)));
    let error = client::<A>(address).with_options(options).get_me().await.unwrap_err();
    // Or with the last attempt's fault, where the next wait would have gone past the deadline.
    assert!(matches!(error, Error::Deadline { .. } | Error::Transport { .. }), "{error:?}");
}
