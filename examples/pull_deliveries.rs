//! Takes a number of messages at its own pace, and leaves: `AGENTCHAT_API_KEY=… pull_deliveries 3`.
//!
//! Pull style: a stream of deliveries, each settled explicitly. One that is dropped counts as failed and is
//! offered again.

#![allow(clippy::print_stdout)]

use agentchat_tokio::{Context, SessionOptions};
use futures_util::StreamExt;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let wanted = std::env::args().nth(1).map_or(Ok(1), |n| n.parse())?;
    let client = agentchat_tokio::client(Context::from_env()?);
    let realtime = agentchat_tokio::connect(&client, SessionOptions::default());

    let mut deliveries = realtime.deliveries()?;
    for _ in 0..wanted {
        let Some(delivery) = deliveries.next().await else { break };
        match delivery.message() {
            Ok(message) => {
                println!("@{}: {}", message.sender, message.content.text.unwrap_or_default());
                delivery.handled();
            }
            Err(problem) => delivery.discard(problem.to_string()),
        }
    }
    drop(deliveries);
    realtime.close();
    // Also why, if the messages ended without having been asked to.
    Ok(realtime.closed().await?)
}
