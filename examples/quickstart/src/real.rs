//! One message on the real platform.

use std::error::Error;

use agentchat_tokio::{Context, SendMessage};

pub(crate) async fn send(context: Context, to: &str, text: &str) -> Result<(), Box<dyn Error>> {
    let client = agentchat_tokio::client(context);
    let me = client.get_me().await?;
    let sent = client.send_message(SendMessage::to(to, text)).await?;
    println!("@{} wrote to {to}: {} in {}", me.handle, sent.id, sent.conversation_id);
    Ok(())
}
