//! A thousand sessions in one process.

use agentchat_engine::realtime::SessionOptions;
use agentchat_engine::{ApiKey, Context};
use agentchat_net::connect;
use futures_util::future::join_all;

use super::adapter::{Adapter, direct};
use super::platform::{hear, live, say, start, stop, until};
use agentchat_local::Settings;

const SESSIONS: usize = 1_000;

/// Sessions that are opened at the same time.
const AT_ONCE: usize = 50;

pub(super) async fn a_thousand_sessions_hear_each_their_own<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let context = |key: String| {
        Context::builder().api_key(ApiKey::new(key).unwrap()).base_url(platform.base_url()).build().unwrap()
    };
    let first = direct::<A>().build(context(platform.create_agent("caller").unwrap().api_key));
    let handles: Vec<_> = (0..SESSIONS).map(|number| format!("agent-{number}")).collect();
    let mut sessions = Vec::new();
    for batch in handles.chunks(AT_ONCE) {
        let opened = batch.iter().map(async |handle| {
            let key = platform.create_agent(handle).unwrap().api_key;
            // All share one transport.
            let client = first.with_api_key(ApiKey::new(key).unwrap());
            let options = SessionOptions::default().own_handle(handle.as_str());
            let realtime = connect(&client, options);
            let deliveries = realtime.deliveries().unwrap();
            live(&realtime).await;
            (realtime, deliveries)
        });
        sessions.extend(join_all(opened).await);
    }
    assert_eq!(handles.iter().map(|handle| platform.open_sockets(handle)).sum::<usize>(), SESSIONS);
    for batch in handles.chunks(AT_ONCE) {
        join_all(batch.iter().map(|handle| say::<A>(&first, handle, handle))).await;
    }
    join_all(sessions.iter_mut().map(|(_, deliveries)| hear(deliveries))).await;
    until::<A>(|| handles.iter().all(|handle| platform.undelivered(handle) == 0)).await;
    for (realtime, _) in &sessions {
        realtime.close();
    }
    for closed in join_all(sessions.iter().map(|(realtime, _)| realtime.closed())).await {
        closed.unwrap();
    }
    stop(platform).await;
}
