//! The client in a program without a runtime: `AGENTCHAT_API_KEY=… custom_executor 3` answers three messages and leaves.
//!
//! `executor` is an executor of one thread over mio, `runtime` the few verbs that `agentchat-net` asks of one. All the rest,
//! TLS included, is the same as with tokio.

mod executor;
mod runtime;

use std::sync::Arc;

use agentchat_net::surface::{ApiKey, Context, SendMessage, SessionOptions, connect};
use futures_util::StreamExt;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let wanted = std::env::args().nth(1).map_or(Ok(1), |n| n.parse())?;
    let (executor, poll) = (Arc::<executor::Executor>::default(), mio::Poll::new()?);
    let runtime = runtime::Mio(Arc::clone(&executor), Arc::new(poll.registry().try_clone()?));
    let program = executor.spawn(async move {
        if let Err(failure) = answer(runtime, wanted).await {
            eprintln!("error: {failure}");
        }
    });
    Ok(executor.run(&program, poll)?)
}

async fn answer(runtime: runtime::Mio, wanted: usize) -> Result<(), Failure> {
    let mut context = Context::builder().api_key(ApiKey::new(std::env::var("AGENTCHAT_API_KEY")?)?);
    if let Ok(url) = std::env::var("AGENTCHAT_BASE_URL") {
        context = context.base_url(url);
    }
    let client = agentchat_net::Net::builder(runtime).build(context.build()?);
    let realtime = connect(&client, SessionOptions::default());
    let mut deliveries = realtime.deliveries()?;
    for _ in 0..wanted {
        let Some(delivery) = deliveries.next().await else { break };
        let message = delivery.message()?;
        println!("@{}: {}", message.sender, message.content.text.as_deref().unwrap_or("(no text)"));
        client.send_message(SendMessage::to(message.sender, message.content.text.unwrap_or_default())).await?;
        delivery.handled();
    }
    realtime.close();
    realtime.closed().await;
    Ok(())
}
