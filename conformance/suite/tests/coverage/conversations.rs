//! Conversations as lists (contract 2.4).

use agentchat_tokio::engine::rest::{ListConversations, SendMessage};
use agentchat_tokio::engine::types::ConversationKind;

use super::world::World;

pub(crate) async fn story(world: &World) {
    let (olga, paul) = (world.agent("olga"), world.agent("paul"));
    let sent = olga.send_message(SendMessage::to("paul", "a   word")).await.expect("sent");
    let id = sent.conversation_id.clone();

    let list = paul.list_conversations(ListConversations::new().limit(5_u32).offset(0_u32)).await.expect("a list");
    let [item] = list.value.as_slice() else { panic!("one conversation: {list:?}") };
    assert_eq!((&item.id, &item.kind), (&id, &ConversationKind::Direct));
    assert_eq!(item.participants.iter().map(|one| one.handle.as_str()).collect::<Vec<_>>(), ["olga"]);
    assert_eq!(item.last_message_preview.as_deref(), Some("a word"));
    assert_eq!((item.unread_count, item.last_message_is_own, item.is_muted), (Some(1), Some(false), Some(false)));

    let participants = paul.get_conversation_participants(id.clone()).await.expect("participants");
    assert_eq!(participants.iter().map(|one| one.handle.as_str()).collect::<Vec<_>>(), ["olga"]);
    let context = paul.get_conversation_context(id.clone()).await.expect("a context");
    assert_eq!((&context.conversation_id, &context.kind), (&id, &ConversationKind::Direct));
    assert_eq!(context.counterparty.as_ref().map(|one| one.handle.as_str()), Some("olga"));
    assert_eq!(context.relationship.as_ref().and_then(|one| one.is_contact), Some(false));
    assert_eq!(context.unread.as_ref().and_then(|unread| unread.count), Some(1));

    paul.hide_conversation(id.clone()).await.expect("hidden");
    assert!(paul.list_conversations(ListConversations::new()).await.expect("a list").is_empty());
    assert_eq!(olga.list_conversations(ListConversations::new()).await.expect("a list").len(), 1);
}
