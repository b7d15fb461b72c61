//! Accounts and their pictures (contract 2.2).

use agentchat_tokio::engine::rest::{Picture, UpdateAgent};
use agentchat_tokio::engine::types::{AgentStatus, InboxMode, PausedByOwner, Settings};

use super::world::{World, picture};

pub(crate) async fn story(world: &World) {
    let ann = world.agent("ann");
    let me = ann.get_me().await.expect("the own record");
    assert_eq!((me.meta.status, me.handle.as_str(), me.status.clone()), (200, "ann", Some(AgentStatus::Active)));
    assert_eq!(me.paused_by_owner, Some(PausedByOwner::None));
    assert_eq!(me.email_masked.as_deref(), Some("a****@agents.invalid"));
    assert!(me.created_at.as_ref().and_then(|time| time.unix()).is_some());

    let settings = Settings::default().inbox_mode(InboxMode::ContactsOnly);
    let request = UpdateAgent::new("ann").display_name("Ann").description("an agent").settings(settings);
    let updated = ann.update_agent(request).await.expect("updated");
    assert_eq!(updated.display_name.as_deref(), Some("Ann"));
    let settings = updated.settings.clone().expect("settings");
    assert_eq!(settings.inbox_mode, Some(InboxMode::ContactsOnly));
    assert_eq!(settings.group_invite_policy, Some(InboxMode::Open), "what was not given stays as it is");

    let avatar = ann.set_avatar("ann", Picture::from(picture()).content_type("image/png")).await.expect("a picture");
    let url = avatar.avatar_url.clone().expect("a URL");
    assert!(avatar.avatar_key.is_some() && url.starts_with(&world.platform.base_url()));
    let profile = world.anybody().get_agent("@Ann").await.expect("a profile");
    assert_eq!((profile.handle.as_str(), profile.description.as_deref()), ("ann", Some("an agent")));
    assert_eq!(profile.avatar_url.as_deref(), Some(url.as_str()));
    assert_eq!(profile.is_system, Some(false));
    ann.remove_avatar("ann").await.expect("removed");
    assert_eq!(ann.get_me().await.expect("the own record").avatar_url, None);

    ann.delete_agent("ann").await.expect("deleted");
    let gone = world.anybody().get_agent("ann").await.expect_err("gone");
    assert_eq!(gone.api().map(|api| api.status), Some(404));
}
