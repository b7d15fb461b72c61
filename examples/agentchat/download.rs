//! `agentchat download`: an attachment, into a file or to standard output.

use std::path::{Path, PathBuf};

use agentchat_driver::engine::TransferError;
use agentchat_driver::engine::transfer::Received;
use agentchat_driver::{Client, Download as Request, Transport};
use agentchat_tokio::Report;
use futures_util::io::AllowStdIo;
use serde_json::json;

use crate::arguments::Download;
use crate::exit::{Code, Exit};
use crate::output::{self, say, say_json};
use crate::progress::Bar;

pub(crate) async fn run<T: Transport>(client: &Client<T>, download: Download) -> Result<Code, Exit> {
    let to = match download.path {
        Some(path) => path,
        None => named_like(&download.attachment)?,
    };
    let bar = Bar::new();
    let mut request = Request::new(download.attachment.as_str()).on_progress(bar.listener());
    if let Some(hex) = download.sha256 {
        request = request.sha256(hex);
    }
    if to == Path::new("-") {
        if download.json {
            return Err(Exit::usage("--json needs a file: the attachment itself goes to standard output"));
        }
        let out = AllowStdIo::new(output::stdout()?);
        let received = client.download(request, out).await;
        drop(bar);
        return received.map(|_| Code::Ok).map_err(|error| refused(&to, error));
    }
    if !download.overwrite && to.symlink_metadata().is_ok() {
        return Err(Exit::usage(format!("{} is there already; --overwrite replaces it", to.display())));
    }
    let received = client.download_to(request, &to).await;
    drop(bar);
    let Received { file, content_type, .. } = received.map_err(|error| refused(&to, error))?;
    let (path, size) = (to.display().to_string(), file.size);
    if download.json {
        say_json(json!({"path": path, "size": size, "sha256": file.sha256.to_string(), "content_type": content_type}))?;
    } else {
        let kind = content_type.map(|kind| format!(", {kind}")).unwrap_or_default();
        say(format_args!("{path}: {size} bytes{kind}"))?;
    }
    Ok(Code::Ok)
}

/// A file in this directory, if the id is fit for a name.
fn named_like(id: &str) -> Result<PathBuf, Exit> {
    let fits = id.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) && !id.starts_with('-');
    if fits && !id.is_empty() {
        Ok(id.into())
    } else {
        Err(Exit::usage("no file can be named like this id: give a path"))
    }
}

fn refused(path: &Path, error: TransferError) -> Exit {
    match &error {
        TransferError::File { .. } => Exit::new(Code::Files, format!("{}: {}", path.display(), Report::new(&error))),
        _ => error.into(),
    }
}
