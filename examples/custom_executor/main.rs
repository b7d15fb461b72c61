//! The client on an executor of one's own: `AGENTCHAT_API_KEY=… custom_executor 3` answers three messages and leaves.
//!
//! `executor` is all there is of it. It brings no sockets and no timers, so that those of async-io are taken, which work under
//! any executor. One that has its own implements `agentchat_net::Runtime`, as `agentchat-tokio` does.

#![allow(clippy::print_stdout)]

mod executor;

use agentchat_net::prelude::{Context, SessionOptions, connect};
use agentchat_net::{AsyncIo, Net};
use executor::Executor;
use futures_util::StreamExt;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let wanted = std::env::args().nth(1).map_or(Ok(1), |n| n.parse())?;
    Executor::run(|executor| answer(executor, wanted))
}

async fn answer(executor: Executor, wanted: usize) -> Result<(), Failure> {
    let client = Net::builder(AsyncIo(executor)).build(Context::from_env()?);
    let realtime = connect(&client, SessionOptions::default());
    let mut deliveries = realtime.deliveries()?.take(wanted);
    while let Some(delivery) = deliveries.next().await {
        let message = delivery.message()?;
        println!("@{}: {}", message.sender, message.content.text.as_deref().unwrap_or("(no text)"));
        client.send_message(delivery.reply(message.content.text.unwrap_or_default())?).await?;
        delivery.handled();
    }
    realtime.close();
    // Also why, if the messages ended without having been asked to.
    Ok(realtime.closed().await?)
}
