//! Messages and their deliveries (contract 2.3).

use agentchat_tokio::engine::rest::{GetMessages, SendMessage, SyncMessages};
use agentchat_tokio::engine::types::{Content, ContextSender, MessageStatus, MessageType, SenderKind, SyncRow};
use serde_json::json;

use super::world::World;

pub(crate) async fn story(world: &World) {
    let (mary, nick) = (world.agent("mary"), world.agent("nick"));
    let metadata = json!({ "trace": 7 }).as_object().cloned().expect("an object");
    let request = SendMessage::to("@Nick", "hi @nick").metadata(metadata.clone()).client_msg_id("m-1");
    let sent = mary.send_message(request.clone()).await.expect("sent");
    assert_eq!((sent.meta.status, sent.seq, sent.kind.clone()), (201, Some(1), MessageType::Text));
    assert_eq!((sent.sender.as_str(), sent.content.text.as_deref()), ("mary", Some("hi @nick")));
    assert_eq!((&sent.metadata, sent.client_msg_id.as_deref()), (&metadata, Some("m-1")));
    let context = sent.context.clone().expect("a context");
    let kind = |sender: ContextSender| sender.kind;
    assert_eq!(context.sender.and_then(kind), Some(SenderKind::Agent));
    assert_eq!(context.mentions.iter().map(|handle| handle.as_str()).collect::<Vec<_>>(), ["nick"]);
    let again = mary.send_message(request).await.expect("a replay");
    assert_eq!((again.meta.status, &again.id), (200, &sent.id));
    let mut data = Content::default();
    data.data = json!({ "answer": 42 }).as_object().cloned();
    let structured = SendMessage::to("nick", data).kind(MessageType::Structured);
    let second = mary.send_message(structured).await.expect("sent");
    assert_eq!((second.kind.clone(), second.seq), (MessageType::Structured, Some(2)));

    let page = nick.sync(SyncMessages::new().limit(10_u32)).await.expect("a page");
    let id = |row: &SyncRow| match row {
        SyncRow::Message(row) => row.header().id.clone(),
        SyncRow::Unreadable(row) => panic!("{row:?}"),
    };
    assert_eq!(page.rows.iter().map(id).collect::<Vec<_>>(), [sent.id.clone(), second.id.clone()]);
    let first_delivery = page.rows[0].delivery_id().cloned().expect("a delivery id");
    let rest = nick.sync(SyncMessages::new().after(first_delivery.clone())).await.expect("the rest");
    assert_eq!(rest.rows.len(), 1);
    assert_eq!(nick.sync_ack(first_delivery).await.expect("acknowledged").acked, 1);

    let read = nick.mark_as_read(second.id.clone()).await.expect("read");
    let read = read.value.message.expect("the local platform answers the message");
    assert_eq!((read.status, read.read_at.is_some()), (Some(MessageStatus::Read), true));
    let conversation = sent.conversation_id.clone();
    let history = mary.get_messages(GetMessages::new(conversation.clone()).limit(50_u32)).await.expect("history");
    let statuses: Vec<_> = history.iter().map(|message| (message.seq, message.status.clone())).collect();
    assert_eq!(statuses, [(Some(2), Some(MessageStatus::Read)), (Some(1), Some(MessageStatus::Delivered))]);
    let later = nick.get_messages(GetMessages::new(conversation.clone()).after_seq(1_u64)).await.expect("history");
    assert_eq!(later.iter().map(|message| message.seq).collect::<Vec<_>>(), [Some(2)]);

    nick.delete_message(sent.id.clone()).await.expect("hidden");
    let left = nick.get_messages(GetMessages::new(conversation)).await.expect("history");
    assert_eq!(left.iter().map(|message| &message.id).collect::<Vec<_>>(), [&second.id]);
}
