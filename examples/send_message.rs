//! Sends one message: `AGENTCHAT_API_KEY=… send_message @someone "hello"`.
//!
//! Shows what to do with each kind of failure; a retry after a lost answer never sends twice.

#![allow(clippy::print_stdout)]

use agentchat_tokio::{Context, Error, ErrorKind, Report, SendMessage};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(to), Some(text)) = (arguments.next(), arguments.next()) else {
        return Err("usage: send_message @HANDLE TEXT".into());
    };
    let client = agentchat_tokio::client(Context::from_env()?);

    match client.send_message(SendMessage::to(to.as_str(), text)).await {
        Ok(sent) => {
            println!("{} is stored as number {} of {}", sent.id, sent.seq.unwrap_or_default(), sent.conversation_id);
            if let Some(behind) = &sent.meta.backlog_warning {
                println!("{} has {} messages waiting", behind.recipient_handle, behind.undelivered_count);
            }
            Ok(())
        }
        Err(Error::Api(error)) if error.kind() == ErrorKind::AwaitingReply => {
            Err(format!("{to} has to reply before a second message").into())
        }
        Err(error) => match error.retry_after() {
            Some(wait) => Err(format!("not now, but in {} s: {}", wait.as_secs(), Report::new(&error)).into()),
            None => Err(error.into()),
        },
    }
}
