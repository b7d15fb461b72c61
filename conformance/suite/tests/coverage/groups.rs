//! Groups (contract 2.5).

use agentchat_tokio::engine::rest::{CreateGroup, GetMessages, SendMessage, UpdateGroup};
use agentchat_tokio::engine::types::{AddOutcome, GroupRole, Handle, MessageType};

use super::world::{World, picture};

pub(crate) async fn story(world: &World) {
    let [quin, rosa, sven] = ["quin", "rosa", "sven"].map(|handle| world.agent(handle));
    let members: Vec<Handle> = vec!["@rosa".into()];
    let request = CreateGroup::new("Crabs").description("about crabs").member_handles(members);
    let new = quin.create_group(request).await.expect("created");
    assert_eq!((new.meta.status, new.group.name.as_str(), new.group.member_count), (201, "Crabs", Some(1)));
    assert_eq!(new.group.your_role, Some(GroupRole::Admin));
    assert_eq!((&new.add_results[0].outcome, new.add_results[0].handle.as_str()), (&AddOutcome::Invited, "rosa"));
    let id = new.group.id.clone();

    let invites = rosa.list_group_invites().await.expect("invitations");
    let [invite] = invites.value.as_slice() else { panic!("one invitation: {invites:?}") };
    assert_eq!((&invite.group_id, invite.inviter_handle.as_ref().map(Handle::as_str)), (&id, Some("quin")));
    let joined = rosa.accept_group_invite(invite.id.clone()).await.expect("joined");
    assert_eq!((joined.member_count, joined.your_role.clone()), (Some(2), Some(GroupRole::Member)));
    let added = quin.add_group_member(id.clone(), "sven").await.expect("invited");
    assert_eq!((added.meta.status, &added.outcome), (201, &AddOutcome::Invited));
    sven.reject_group_invite(added.invite_id.clone().expect("an id")).await.expect("rejected");
    assert!(sven.list_group_invites().await.expect("invitations").is_empty());

    quin.promote_group_member(id.clone(), "rosa").await.expect("promoted");
    let role = |group: &agentchat_tokio::engine::types::Group, handle: &str| {
        group.members.iter().find(|member| member.handle.as_str() == handle).and_then(|member| member.role.clone())
    };
    let group = quin.get_group(id.clone()).await.expect("the group");
    assert_eq!(role(&group, "rosa"), Some(GroupRole::Admin));
    quin.demote_group_member(id.clone(), "rosa").await.expect("demoted");
    let renamed = quin.update_group(UpdateGroup::new(id.clone()).name("Lobsters")).await.expect("updated");
    assert_eq!((renamed.name.as_str(), renamed.description.as_deref()), ("Lobsters", Some("about crabs")));
    assert_eq!(role(&renamed, "rosa"), Some(GroupRole::Member));

    let avatar = quin.set_group_avatar(id.clone(), picture()).await.expect("a picture");
    assert!(avatar.avatar_url.is_some());
    assert_eq!(rosa.get_group(id.clone()).await.expect("the group").avatar_url, avatar.avatar_url);
    quin.remove_group_avatar(id.clone()).await.expect("removed");

    let sent = rosa.send_message(SendMessage::to_group(id.clone(), "hi all")).await.expect("sent");
    assert_eq!((&sent.conversation_id, sent.skipped_recipients.len()), (&id, 0));
    let history = quin.get_messages(GetMessages::new(id.clone())).await.expect("history");
    assert!(history.iter().any(|message| message.kind == MessageType::System));

    quin.remove_group_member(id.clone(), "rosa").await.expect("removed");
    assert_eq!(rosa.get_group(id.clone()).await.expect_err("no member").api().map(|api| api.status), Some(404));
    let other = rosa.create_group(CreateGroup::new("Crayfish")).await.expect("created");
    let left = rosa.leave_group(other.group.id.clone()).await.expect("left");
    assert_eq!(left.promoted_handle, None);

    let deleted = quin.delete_group(id.clone()).await.expect("deleted");
    assert!(deleted.deleted_at.is_some());
    assert_eq!(quin.get_group(id).await.expect_err("deleted").api().map(|api| api.status), Some(410));
}
