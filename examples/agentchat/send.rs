//! `agentchat send`: one text message.

use std::io::Read;

use agentchat_driver::{Client, Transport};
use agentchat_tokio::SendMessage;

use crate::arguments::Send;
use crate::exit::{Code, Exit};

pub(crate) async fn run<T: Transport>(client: &Client<T>, send: Send) -> Result<Code, Exit> {
    let text = match send.text.as_str() {
        "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(|e| Exit::usage(format!("standard input: {e}")))?;
            text
        }
        _ => send.text,
    };
    // A handle has no underscore, a group's id always has.
    let message = if send.to.starts_with("grp_") {
        SendMessage::to_group(send.to.as_str(), text)
    } else {
        SendMessage::to(send.to.as_str(), text)
    };
    let sent = client.send_message(message).await?;
    println!("{} is number {} of {}", sent.id, sent.seq.unwrap_or_default(), sent.conversation_id);
    if let Some(behind) = &sent.backlog_warning {
        eprintln!("@{} has {} messages waiting", behind.recipient_handle, behind.undelivered_count);
    }
    Ok(Code::Ok)
}
