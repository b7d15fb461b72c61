//! Presence (contract 2.8).

use agentchat_tokio::engine::rest::{GetPresenceBatch, UpdatePresence};
use agentchat_tokio::engine::types::{Handle, PresenceStatus};

use super::world::World;

pub(crate) async fn story(world: &World) {
    let (xena, yuri) = (world.agent("xena"), world.agent("yuri"));
    let request = UpdatePresence::new(PresenceStatus::Busy).custom_message("lunch");
    let own = yuri.update_presence(request).await.expect("updated");
    assert_eq!((own.handle.as_str(), &own.value.status), ("yuri", &PresenceStatus::Busy));
    assert_eq!(own.custom_message.as_deref(), Some("lunch"));

    xena.add_contact("yuri").await.expect("added");
    let seen = xena.get_presence("@yuri").await.expect("a presence");
    assert_eq!((&seen.value.status, seen.custom_message.as_deref()), (&PresenceStatus::Busy, Some("lunch")));
    let handles: Vec<Handle> = vec!["yuri".into(), "no-such-agent".into(), "xena".into()];
    let batch = xena.get_presence_batch(GetPresenceBatch::new(handles)).await.expect("presences");
    let found: Vec<_> = batch.presences.iter().map(|one| (one.handle.as_str(), one.status.clone())).collect();
    assert_eq!(found, [("yuri", PresenceStatus::Busy), ("xena", PresenceStatus::Offline)]);
}
