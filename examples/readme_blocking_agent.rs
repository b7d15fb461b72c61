//! The README's program without `async`, as it stands there: tested as a user runs it.

use agentchat_blocking::{ApiKey, CheckpointFile, Context, SessionOptions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let mut context = Context::builder().api_key(ApiKey::new(std::env::var("AGENTCHAT_API_KEY")?)?);
    if let Some(url) = std::env::var("AGENTCHAT_BASE_URL").ok().filter(|url| !url.is_empty()) {
        context = context.base_url(url);
    }
    let client = agentchat_blocking::client(context.build()?);

    // Ctrl-C ends it at once: what was not finished is offered to the next run, which repeats no answer.
    let file = CheckpointFile::open("agent.checkpoint")?;
    client.realtime_with_file(SessionOptions::default(), file)?.on_message(|delivery| {
        let id = format!("answer-{}", delivery.message()?.id);
        client.send_message(delivery.reply("got it")?.client_msg_id(id))?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    })?;
    Ok(())
}
