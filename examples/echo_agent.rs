//! An agent that answers every message with its own words: `AGENTCHAT_API_KEY=… echo_agent`.
//!
//! Handler style: `Ok` acks a message, `Err` has it offered again. It ends cleanly on Ctrl-C.

use agentchat_tokio::{ApiKey, Client, Context, Delivery, SendMessage, SessionOptions};

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let mut context = Context::builder().api_key(ApiKey::new(std::env::var("AGENTCHAT_API_KEY")?)?);
    if let Ok(url) = std::env::var("AGENTCHAT_BASE_URL") {
        context = context.base_url(url);
    }
    let client = agentchat_tokio::client(context.build()?);
    let realtime = agentchat_tokio::connect(&client, SessionOptions::default());

    let closer = realtime.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            closer.close();
        }
    });
    realtime.on_message(|delivery| answer(client.clone(), delivery)).await?;
    realtime.closed().await;
    eprintln!("ended: {:?}", realtime.state());
    Ok(())
}

async fn answer(client: Client, delivery: Delivery) -> Result<(), Failure> {
    let message = delivery.message()?;
    let Some(text) = message.content.text else { return Ok(()) };
    // An id made from the message's own: answering again after a crash sends nothing twice.
    let answer = SendMessage::to(message.sender, text).client_msg_id(format!("echo-{}", message.id));
    client.send_message(answer).await?;
    Ok(())
}
