//! The README's program, as it stands there: tested as a user runs it.

use agentchat_tokio::{CheckpointFile, Context, SendMessage, SessionOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Says on standard error what goes wrong: a handler that fails, a host that cannot be reached.
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let client = agentchat_tokio::client(Context::from_env()?);

    client.send_message(SendMessage::to("@alice", "hello")).await?;

    // What was handled is kept in a file, so that nothing is answered again after a restart.
    let file = CheckpointFile::open("agent.checkpoint")?;
    let realtime = agentchat_tokio::connect_with_file(&client, SessionOptions::default(), file);

    // Ctrl-C waits for the messages that are being handled, for a minute at most (`SessionOptions::close_wait`).
    let closer = realtime.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            closer.close();
        }
    });

    // Every message, in order within its conversation. `Ok` acks it; `Err` has it offered again.
    realtime
        .on_message(|delivery| {
            let client = client.clone();
            async move {
                // Into the same conversation, and with an id of its own: a second attempt is not a second answer.
                let id = format!("answer-{}", delivery.message()?.id);
                client.send_message(delivery.reply("got it")?.client_msg_id(id)).await?;
                Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
            }
        })
        .await?;
    Ok(())
}
