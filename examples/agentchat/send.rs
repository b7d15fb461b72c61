//! `agentchat send`: one message, of text, a file, or both.

use std::path::Path;

use agentchat_driver::engine::TransferError;
use agentchat_driver::engine::types::{AttachmentId, Content, MessageType};
use agentchat_driver::{Client, Progress, Transport, Upload};
use agentchat_tokio::SendMessage;
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::Send;
use crate::exit::{Code, Exit, code_of};
use crate::input::or_stdin;
use crate::output::{note, say};

pub(crate) async fn run<T: Transport>(client: &Client<T>, send: Send) -> Result<Code, Exit> {
    let mut content = Content::default();
    content.text = or_stdin(send.text)?;
    if let Some(file) = &send.file {
        content.attachment_id = Some(upload(client, &send.to, file).await?.to_string());
    }
    let message = match is_group(&send.to) {
        true => SendMessage::to_group(send.to.as_str(), content),
        false => SendMessage::to(send.to.as_str(), content),
    };
    let message = if send.file.is_some() { message.kind(MessageType::File) } else { message };
    let sent = client.send_message(message).await?;
    say(format_args!("{} is number {} of {}", sent.id, sent.seq.unwrap_or_default(), sent.conversation_id))?;
    if let Some(behind) = &sent.backlog_warning {
        note(format_args!("@{} has {} messages waiting", behind.recipient_handle, behind.undelivered_count));
    }
    Ok(Code::Ok)
}

/// A handle has no underscore, a group's id always has.
fn is_group(to: &str) -> bool {
    to.starts_with("grp_")
}

async fn upload<T: Transport>(client: &Client<T>, to: &str, file: &Path) -> Result<AttachmentId, Exit> {
    let upload = if is_group(to) { Upload::to_group(to, file) } else { Upload::to(to, file) };
    // On standard error, and nowhere if that is no terminal.
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}") {
        bar.set_style(style);
    }
    let shown = bar.clone();
    let upload = upload.on_progress(move |at: Progress| {
        shown.set_length(at.total.unwrap_or(at.bytes));
        shown.set_position(at.bytes);
    });
    let uploaded = client.upload(upload).await;
    bar.finish_and_clear();
    match uploaded {
        Err(error @ TransferError::File { .. }) => Err(Exit::usage(format!("{}: {error}", file.display()))),
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
        Self::new(code, error)
    }
}
