//! The README's program without `async`, as it stands there: tested as a user runs it.

use agentchat_blocking::{CheckpointFile, Context, SessionOptions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let client = agentchat_blocking::client(Context::from_env()?);

    // Ctrl-C ends it at once: what was not finished is offered to the next run, which repeats no answer.
    let file = CheckpointFile::open("agent.checkpoint")?;
    client.realtime_with_file(SessionOptions::default(), file)?.on_message(|delivery| {
        let id = format!("answer-{}", delivery.message()?.id);
        client.send_message(delivery.reply("got it")?.client_msg_id(id))?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    })?;
    Ok(())
}
