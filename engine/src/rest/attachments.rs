//! Uploads and attachments (contract 2.10). The bytes go to and come from signed URLs, without the API key.

use super::argument_checks::{chars, one_of, range, sha256};
use super::define::endpoint;
use crate::error::InvalidArgument;
use crate::limits;
use crate::types::{AttachmentId, ConversationId, Handle, SignedUrl, UploadSlot};

/// The types of files that the platform takes.
pub const ATTACHMENT_TYPES: &[&str] = &[
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "application/pdf",
    "application/json",
    "text/plain",
    "text/markdown",
    "text/csv",
    "audio/mpeg",
    "audio/wav",
    "audio/ogg",
    "video/mp4",
    "video/webm",
];

endpoint! {
    /// Announces a file for an agent or a group; the answer says where to put its bytes.
    ///
    /// Repeated when an answer is lost: announcements are not counted, and one that is never used does nothing (contract
    /// 2.10, W-34).
    "create_upload" CreateUpload = Post "/v1/uploads" -> UploadSlot;
    contract "2.10"; auth Required; retry Idempotent;
    need body {
        /// Its name, 1 to 255 characters.
        filename: String => chars(1..=255),
        /// Its type, one of [`ATTACHMENT_TYPES`].
        content_type: String => one_of(ATTACHMENT_TYPES),
        /// Its size in bytes, up to 25 MiB.
        size: u64 => range(1..=limits::ATTACHMENT),
        /// Its SHA-256 in lower-case hex.
        sha256: String => sha256,
    }
    body {
        /// For which agent. Excludes `conversation_id`; one of the two must be given.
        to: Handle,
        /// For which group. Excludes `to`; one of the two must be given.
        conversation_id: ConversationId,
    }
    check one_scope;
}

fn one_scope(request: &CreateUpload) -> Result<(), InvalidArgument> {
    if request.to.is_some() == request.conversation_id.is_some() {
        return Err(InvalidArgument::new("to", "or conversation_id must be given, and not both"));
    }
    Ok(())
}

endpoint! {
    /// Where an attachment's bytes are, for a few minutes. The redirect is not followed: the API key stays here.
    "get_attachment_download_url" GetAttachmentDownloadUrl = Get "/v1/attachments/{attachment_id}" -> SignedUrl, Location;
    contract "2.10"; auth Required; retry Idempotent;
    path {
        /// Which attachment.
        attachment_id: AttachmentId,
    }
}
