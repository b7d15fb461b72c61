//! A runtime for tests, without sockets and without time.

use std::future::{Future, pending, ready};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use futures_util::future::{Either, poll_fn};
use futures_util::io::Cursor;

use crate::Runtime;

/// A port where nobody listens.
pub(crate) const REFUSING: u16 = 1;
/// A port that never answers.
pub(crate) const DEAD: u16 = 2;
/// A port that answers once another address has been tried as well.
pub(crate) const SLOW: u16 = 3;
/// A port that answers at once.
pub(crate) const OPEN: u16 = 4;

/// Notes what it is asked for. Sleeps end at once, unless time stands still.
#[derive(Clone, Default)]
pub(crate) struct Stub {
    still: bool,
    tried: Arc<Mutex<Vec<SocketAddr>>>,
    slept: Arc<Mutex<Vec<Duration>>>,
}

impl Stub {
    pub(crate) fn whose_time_stands_still() -> Self {
        Self { still: true, ..Self::default() }
    }

    pub(crate) fn tried(&self) -> Vec<SocketAddr> {
        self.tried.lock().unwrap().clone()
    }

    pub(crate) fn slept(&self) -> Vec<Duration> {
        self.slept.lock().unwrap().clone()
    }
}

impl Runtime for Stub {
    type Stream = Cursor<Vec<u8>>;

    fn name(&self) -> &str {
        "stub/1"
    }

    /// Knows a few hosts, each with both families, and one whose look-up hangs.
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let ports = match host {
            "open.example" => [REFUSING, OPEN],
            "closed.example" => [REFUSING, REFUSING],
            "dead.example" => [DEAD, DEAD],
            "ports.example" => [port, port],
            "hanging.example" => pending().await,
            _ => return Err(io::ErrorKind::NotFound.into()),
        };
        Ok(vec![([0, 0, 0, 0, 0, 0, 0, 1], ports[0]).into(), ([127, 0, 0, 1], ports[1]).into()])
    }

    async fn connect(&self, address: SocketAddr) -> io::Result<Self::Stream> {
        self.tried.lock().unwrap().push(address);
        match address.port() {
            DEAD => pending().await,
            SLOW => {
                poll_fn(|cx| {
                    if self.tried().len() > 1 {
                        return Poll::Ready(());
                    }
                    cx.waker().wake_by_ref();
                    Poll::Pending
                })
                .await;
                Ok(Cursor::default())
            }
            OPEN => Ok(Cursor::default()),
            _ => Err(io::ErrorKind::ConnectionRefused.into()),
        }
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + Sync + 'static {
        self.slept.lock().unwrap().push(duration);
        if self.still { Either::Left(pending()) } else { Either::Right(ready(())) }
    }

    fn spawn(&self, _: impl Future<Output = ()> + Send + 'static) {}
}
