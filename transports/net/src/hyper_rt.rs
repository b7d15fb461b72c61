//! hyper's executor, timer and connector over a [`Runtime`].

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use agentchat_engine::Fault;
use http::Uri;
use hyper::rt::{Executor, Sleep, Timer};
use tower_service::Service;

use crate::Runtime;
use crate::dial::Dialler;
use crate::hyper_io::HyperIo;

/// Spawns and sleeps for hyper.
#[derive(Clone)]
pub(crate) struct HyperRt<R>(pub(crate) R);

impl<R: Runtime, F: Future<Output = ()> + Send + 'static> Executor<F> for HyperRt<R> {
    fn execute(&self, task: F) {
        self.0.spawn(task);
    }
}

impl<R: Runtime> Timer for HyperRt<R> {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        Box::pin(Asleep(Box::pin(self.0.sleep(duration))))
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        self.sleep(deadline.saturating_duration_since(Instant::now()))
    }
}

struct Asleep(Pin<Box<dyn Future<Output = ()> + Send + Sync>>);

impl Future for Asleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(cx)
    }
}

impl Sleep for Asleep {}

/// Opens connections for hyper's pool.
#[derive(Clone)]
pub(crate) struct Connector<R>(pub(crate) Arc<Dialler<R>>);

impl<R: Runtime> Service<Uri> for Connector<R> {
    type Response = HyperIo<R::Stream>;
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Fault>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let dialler = Arc::clone(&self.0);
        Box::pin(async move { dialler.http(&uri).await.map(HyperIo::new) })
    }
}
