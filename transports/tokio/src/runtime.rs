//! The runtime's verbs for tokio.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use agentchat_net::Runtime;
use blocking::unblock;
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

/// The tokio runtime that the futures are polled in.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioRuntime;

impl Runtime for TokioRuntime {
    type Stream = Compat<TcpStream>;

    fn name(&self) -> &str {
        "tokio/1"
    }

    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let host = host.to_owned();
        in_background(move || Ok((host, port).to_socket_addrs()?.collect())).await
    }

    async fn connect(&self, address: SocketAddr) -> io::Result<Self::Stream> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(stream.compat())
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + Sync + 'static {
        tokio::time::sleep(duration)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(task);
    }
}

/// Runs a look-up on a thread that is not the runtime's. The system's resolver cannot be interrupted, and a tokio runtime
/// waits for its own threads when it is dropped: a name server that does not answer would hold a program long after the
/// call's deadline.
async fn in_background<T: Send + 'static>(look_up: impl FnOnce() -> T + Send + 'static) -> T {
    unblock(look_up).await
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use tokio::runtime::Builder;
    use tokio::time::timeout;

    use super::*;

    /// Far more than it takes.
    const STUCK: Duration = Duration::from_secs(60);

    #[test]
    fn a_look_up_that_hangs_holds_no_runtime() {
        let (began, begins) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let (say, dropped) = mpsc::channel();
        thread::spawn(move || {
            let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            let given_up = runtime.block_on(async {
                let hanging = in_background(move || {
                    began.send(()).unwrap();
                    // Until the test is over.
                    let _ = released.recv();
                });
                let mut hanging = std::pin::pin!(hanging);
                // A look-up that has not begun would hold nothing.
                while begins.try_recv().is_err() {
                    let _ = timeout(Duration::from_millis(1), &mut hanging).await;
                }
                timeout(Duration::from_millis(1), hanging).await.is_err()
            });
            drop(runtime);
            say.send(given_up).unwrap();
        });
        assert_eq!(dropped.recv_timeout(STUCK), Ok(true), "the runtime waits for the look-up");
        drop(release);
    }
}
