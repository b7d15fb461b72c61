//! What a scenario has to know of an adapter, and the client it makes of it.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use agentchat_driver::Client;
use agentchat_engine::{ApiKey, Context};
use agentchat_net::rustls::ClientConfig;
use agentchat_net::{ClientBuilder, Net, Proxy, Runtime};
use futures_util::future::{Either, select};
use tokio::sync::oneshot;

/// Far more than any scenario takes, also on a busy machine: what is not over by then never will be.
const STUCK: Duration = Duration::from_secs(120);

/// One adapter under test.
pub trait Adapter {
    /// The adapter's runtime.
    type Runtime: Runtime + Default;

    /// Runs a future to its end as a program of this runtime would.
    fn block_on<T>(future: impl Future<Output = T>) -> T;
}

/// Runs one scenario; one that hangs fails.
pub(super) fn run<A: Adapter>(scenario: impl Future<Output = ()>) {
    A::block_on(async {
        let watchdog = A::Runtime::default().sleep(STUCK);
        match select(pin!(scenario), pin!(watchdog)).await {
            Either::Left(((), _)) => {}
            Either::Right(_) => panic!("stuck for {} s", STUCK.as_secs()),
        }
    });
}

/// Clients that take no notice of this machine's proxy.
pub(super) fn direct<A: Adapter>() -> ClientBuilder<A::Runtime> {
    Net::builder(A::Runtime::default()).proxy(Proxy::none())
}

/// The public platform, which no scenario reaches, without a key.
pub(super) fn context() -> Context {
    Context::builder().build().unwrap()
}

/// A client of the server at an address, with a key.
pub(super) fn client<A: Adapter>(address: SocketAddr) -> Client<Net<A::Runtime>> {
    let key = ApiKey::new("ac_key").unwrap();
    let context = Context::builder().api_key(key).base_url(format!("http://{address}")).build().unwrap();
    direct::<A>().build(context)
}

/// A client with a TLS configuration.
pub(super) fn trusting<A: Adapter>(config: &Arc<ClientConfig>) -> Client<Net<A::Runtime>> {
    direct::<A>().tls(Arc::clone(config)).build(context())
}

/// Runs a future as a task of the adapter's runtime; the result can be awaited.
pub(super) fn spawn<A: Adapter, T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
) -> oneshot::Receiver<T> {
    let (give, result) = oneshot::channel();
    A::Runtime::default().spawn(async move {
        // Nobody may be interested.
        let _ = give.send(future.await);
    });
    result
}
