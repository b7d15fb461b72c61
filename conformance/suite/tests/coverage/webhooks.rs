//! Webhooks (contract 2.11).

use agentchat_tokio::engine::rest::CreateWebhook;
use agentchat_tokio::engine::types::EventKind;

use super::world::World;

pub(crate) async fn story(world: &World) {
    let bella = world.agent("bella");
    let events = vec![EventKind::MessageNew, EventKind::MessageRead];
    let request = CreateWebhook::new("http://127.0.0.1:9/hook", events.clone());
    let created = bella.create_webhook(request).await.expect("created");
    assert_eq!(
        (created.meta.status, created.url.as_str(), created.events.as_slice()),
        (201, "http://127.0.0.1:9/hook", events.as_slice())
    );
    assert_eq!(created.secret.as_ref().map(|secret| secret.expose().len()), Some(64));

    let list = bella.list_webhooks().await.expect("a list");
    assert_eq!(list.webhooks.iter().map(|webhook| &webhook.id).collect::<Vec<_>>(), [&created.id]);
    let one = bella.get_webhook(created.id.clone()).await.expect("a webhook");
    assert_eq!((one.events.as_slice(), one.active, one.secret.is_some()), (events.as_slice(), Some(true), false));
    bella.delete_webhook(created.id.clone()).await.expect("deleted");
    assert!(bella.list_webhooks().await.expect("a list").webhooks.is_empty());
}
