//! Attachments (contract 2.10).

use agentchat_tokio::engine::rest::{CreateUpload, SendMessage};
use agentchat_tokio::engine::types::{Content, MessageType};

use super::world::World;

pub(crate) async fn story(world: &World) {
    let (zoe, abel) = (world.agent("zoe"), world.agent("abel"));
    let request = CreateUpload::new("notes.txt", "text/plain", 5_u64, "0".repeat(64)).to("abel");
    let slot = zoe.create_upload(request).await.expect("a slot");
    assert_eq!((slot.meta.status, slot.expires_in), (201, Some(7_200)));
    assert!(slot.upload_url.expose().starts_with(&world.platform.base_url()));

    let content = Content::from_attachment(slot.attachment_id.as_str());
    let sent = zoe.send_message(SendMessage::to("abel", content).kind(MessageType::File)).await.expect("sent");
    assert_eq!(sent.content.attachment_id.as_deref(), Some(slot.attachment_id.as_str()));
    let link = abel.get_attachment_download_url(slot.attachment_id.clone()).await.expect("a link");
    assert_eq!(link.meta.status, 302);
    assert!(link.expose().starts_with(&world.platform.base_url()));
    assert_ne!(link.expose(), slot.upload_url.expose());
}
