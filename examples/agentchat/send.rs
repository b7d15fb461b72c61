//! `agentchat send`: one message, of text, a file, or both.

use std::path::Path;

use agentchat_driver::engine::TransferError;
use agentchat_driver::engine::types::{AttachmentId, Content, MessageType};
use agentchat_driver::{Client, Transport, Upload};
use agentchat_tokio::{Report, SendMessage};
use serde_json::{Map, json};

use crate::arguments::Send;
use crate::exit::{Code, Exit, code_of};
use crate::input::or_stdin;
use crate::output::{note, say, say_json};
use crate::progress::Bar;

pub(crate) async fn run<T: Transport>(client: &Client<T>, send: Send) -> Result<Code, Exit> {
    let mut content = Content::default();
    content.text = or_stdin(send.text().map(str::to_owned))?.filter(|text| !is_empty(text));
    match &send.file {
        Some(file) => content.attachment_id = Some(upload(client, &send, file).await?.to_string()),
        None if content.text.is_none() => return Err(Exit::usage("there is nothing to send: give a text, or --file")),
        None => {}
    }
    let mut message = match is_group(send.to()) {
        true => SendMessage::to_group(send.to(), content),
        false => SendMessage::to(send.to(), content),
    };
    if send.file.is_some() {
        message = message.kind(MessageType::File);
    }
    if let Some(answered) = &send.reply_to {
        message = message.metadata(Map::from_iter([("reply_to".to_owned(), json!(answered))]));
    }
    message.client_msg_id = send.client_msg_id;
    let sent = client.send_message(message).await?;
    if send.json {
        say_json(json!(sent.value))?;
    } else {
        say(format_args!("{} is number {} of {}", sent.id, sent.seq.unwrap_or_default(), sent.conversation_id))?;
    }
    if let Some(behind) = &sent.meta.backlog_warning {
        note(format_args!("@{} has {} messages waiting", behind.recipient_handle, behind.undelivered_count));
    }
    Ok(Code::Ok)
}

/// Standard input that has nothing to say may still end its line.
fn is_empty(text: &str) -> bool {
    text.trim_end_matches(['\r', '\n']).is_empty()
}

/// A handle has no underscore, a group's id always has.
fn is_group(to: &str) -> bool {
    to.starts_with("grp_")
}

async fn upload<T: Transport>(client: &Client<T>, send: &Send, file: &Path) -> Result<AttachmentId, Exit> {
    let to = send.to();
    let mut upload = if is_group(to) { Upload::to_group(to, file) } else { Upload::to(to, file) };
    if let Some(content_type) = &send.content_type {
        upload = upload.content_type(content_type);
    }
    let bar = Bar::new();
    let uploaded = client.upload(upload.on_progress(bar.listener())).await;
    drop(bar);
    match uploaded {
        Err(error @ TransferError::File { .. }) => {
            Err(Exit::usage(format!("{}: {}", file.display(), Report::new(&error))))
        }
        uploaded => Ok(uploaded?.attachment_id),
    }
}

impl From<TransferError> for Exit {
    fn from(error: TransferError) -> Self {
        let code = match &error {
            TransferError::Call(error) => code_of(error),
            TransferError::File { .. } | TransferError::TooLarge { .. } | TransferError::Changed => Code::Usage,
            TransferError::Url { .. }
            | TransferError::Refused { .. }
            | TransferError::Expired { .. }
            | TransferError::Checksum { .. } => Code::Api,
            _ => Code::Transport,
        };
        Self::new(code, Report::new(&error))
    }
}
