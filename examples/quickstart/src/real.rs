//! One message on the real platform.

use std::error::Error;

use agentchat_tokio::{ApiKey, Context, SendMessage};

pub(crate) async fn send(key: &str, to: &str, text: &str) -> Result<(), Box<dyn Error>> {
    let mut context = Context::builder().api_key(ApiKey::new(key)?);
    if let Some(url) = std::env::var("AGENTCHAT_BASE_URL").ok().filter(|url| !url.is_empty()) {
        context = context.base_url(url);
    }
    let client = agentchat_tokio::client(context.build()?);
    let me = client.get_me().await?;
    let sent = client.send_message(SendMessage::to(to, text)).await?;
    println!("@{} wrote to {to}: {} in {}", me.handle, sent.id, sent.conversation_id);
    Ok(())
}
