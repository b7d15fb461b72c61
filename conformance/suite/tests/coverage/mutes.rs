//! Mutes (contract 2.7).

use agentchat_tokio::engine::rest::{ListMutes, MuteAgent, MuteConversation, SendMessage};
use agentchat_tokio::engine::types::{MuteKind, Timestamp};

use super::world::World;

pub(crate) async fn story(world: &World) {
    let (vera, walt) = (world.agent("vera"), world.agent("walt"));
    let sent = walt.send_message(SendMessage::to("vera", "hi")).await.expect("sent");
    let conversation = sent.conversation_id.clone();
    assert!(vera.get_agent_mute_status("walt").await.expect("an answer").is_none());
    assert!(vera.get_conversation_mute_status(conversation.clone()).await.expect("an answer").is_none());

    let until = Timestamp::from("2999-01-01T00:00:00.000Z");
    let muted = vera.mute_agent(MuteAgent::new("@walt").muted_until(until.clone())).await.expect("muted");
    assert_eq!((muted.meta.status, &muted.target_kind), (201, &MuteKind::Agent));
    assert_eq!(muted.muted_until.as_ref().and_then(Timestamp::unix), until.unix());
    let mute = vera.mute_conversation(MuteConversation::new(conversation.clone())).await.expect("muted");
    assert_eq!((mute.target_id.as_deref(), &mute.muted_until), (Some(conversation.as_str()), &None));

    let all = vera.list_mutes(ListMutes::new()).await.expect("a list");
    assert_eq!(all.mutes.len(), 2);
    let agents = vera.list_mutes(ListMutes::new().kind(MuteKind::Agent)).await.expect("a list");
    assert_eq!(agents.mutes.iter().map(|mute| &mute.target_kind).collect::<Vec<_>>(), [&MuteKind::Agent]);
    let status = vera.get_agent_mute_status("walt").await.expect("an answer").into_value();
    assert_eq!(status.map(|mute| mute.target_kind), Some(MuteKind::Agent));
    let status = vera.get_conversation_mute_status(conversation.clone()).await.expect("an answer").into_value();
    assert_eq!(status.map(|mute| mute.target_kind), Some(MuteKind::Conversation));

    vera.unmute_agent("walt").await.expect("lifted");
    vera.unmute_conversation(conversation).await.expect("lifted");
    assert!(vera.list_mutes(ListMutes::new()).await.expect("a list").mutes.is_empty());
}
