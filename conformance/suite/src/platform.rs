//! The local platform in a scenario: agents on it that use the adapter under test, and waiting for what it knows.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use agentchat_driver::{Client, Deliveries, Realtime};
use agentchat_engine::realtime::{ConnectionState, SessionOptions};
use agentchat_engine::rest::SendMessage;
use agentchat_engine::{ApiKey, CallOptions, Context, RetryPolicy};
use agentchat_net::{Net, Runtime, connect};
use futures_util::StreamExt;
use futures_util::future::{Either, select};

use super::adapter::{Adapter, direct};
use super::server::servers;
use agentchat_local::{LocalPlatform, Settings};

/// Between two looks at something that is waited for.
const LOOK: Duration = Duration::from_millis(5);

pub(super) type AdapterClient<A> = Client<Net<<A as Adapter>::Runtime>>;

/// A platform on the servers' runtime, without the limits that a scenario would run into.
pub(super) async fn start(settings: Settings) -> LocalPlatform {
    let settings = settings.awaiting_reply(false).sends_per_second(100_000).cold_outreach_cap(100_000);
    servers().spawn(LocalPlatform::start(settings)).await.unwrap().unwrap()
}

/// Ends a platform, and what is connected to it.
pub(super) async fn stop(platform: LocalPlatform) {
    servers().spawn(async move { platform.shutdown().await }).await.unwrap();
}

/// A new agent. Its calls are repeated soon, and often enough to get through every scenario's faults.
pub(super) fn agent<A: Adapter>(platform: &LocalPlatform, handle: &str) -> AdapterClient<A> {
    let key = ApiKey::new(platform.create_agent(handle).unwrap().api_key).unwrap();
    let context = Context::builder().api_key(key).base_url(platform.base_url()).build().unwrap();
    direct::<A>().build(context).with_options(patient())
}

/// Many attempts, close together.
pub(super) fn patient() -> CallOptions {
    let retry = RetryPolicy::default().max_retries(10).base(Duration::from_millis(2)).cap(Duration::from_millis(20));
    CallOptions::default().retry(retry)
}

/// A session that is quick to come back.
pub(super) fn quick() -> SessionOptions {
    SessionOptions::default()
        .gap_window(Duration::from_millis(100))
        .hold_live_for(Duration::from_millis(500))
        .redelivery(vec![Duration::from_millis(5); 20])
        .reconnect_base(Duration::from_millis(5))
        .reconnect_max(Duration::from_millis(50))
}

/// Connects, and waits until everything stored has been fetched.
pub(super) async fn online<A: Adapter>(client: &AdapterClient<A>) -> (Realtime, Deliveries) {
    online_with::<A>(client, quick()).await
}

/// The same with options.
pub(super) async fn online_with<A: Adapter>(
    client: &AdapterClient<A>,
    options: SessionOptions,
) -> (Realtime, Deliveries) {
    let realtime = connect(client, options);
    let deliveries = realtime.deliveries().unwrap();
    live(&realtime).await;
    (realtime, deliveries)
}

/// Waits until a session is live.
pub(super) async fn live(realtime: &Realtime) {
    let mut state = realtime.state();
    while state != ConnectionState::Live {
        state = realtime.state_changed(&state).await.expect("the session goes on");
    }
}

/// Sends a text, and gives the id under which it is stored.
pub(super) async fn say<A: Adapter>(client: &AdapterClient<A>, to: &str, text: &str) -> String {
    client.send_message(SendMessage::to(to, text)).await.unwrap().id.to_string()
}

/// Takes the next message, handles it, and gives its id.
pub(super) async fn hear(deliveries: &mut Deliveries) -> String {
    let delivery = deliveries.next().await.expect("the session goes on");
    let id = delivery.header().expect("a message").id.to_string();
    delivery.handled();
    id
}

/// Waits until something holds. The scenario's own watchdog ends what never does.
pub(super) async fn until<A: Adapter>(holds: impl Fn() -> bool) {
    while !holds() {
        A::Runtime::default().sleep(LOOK).await;
    }
}

/// Runs two futures until the first is done, and gives its result.
pub(super) async fn beside<T>(first: impl Future<Output = T>, other: impl Future<Output = ()>) -> T {
    match select(pin!(first), pin!(other)).await {
        Either::Left((result, _)) => result,
        Either::Right(((), first)) => first.await,
    }
}
