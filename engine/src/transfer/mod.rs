//! Bytes to and from signed URLs (contract 2.10): [`Transfer`], the machine that runs one with its retries.
//!
//! A file's bytes do not pass through the platform: [`CreateUpload`](crate::rest::CreateUpload) answers with a URL to PUT
//! them to, [`GetAttachmentDownloadUrl`](crate::rest::GetAttachmentDownloadUrl) with one to GET them from. Such a URL is a
//! secret, and must not learn our key: requests to it carry neither key nor identity, and no output shows it.

mod content_range;
mod content_type;
mod entity_tag;
mod error;
mod fingerprint;
mod machine;
mod options;
mod output;
mod receiving;
mod state;
mod target;

pub use content_type::content_type_of;
pub use error::TransferError;
pub use fingerprint::{Announced, Fingerprint, Fingerprinter};
pub use machine::Transfer;
pub use options::{ReceiveOptions, TransferOptions};
pub use output::{Received, TransferAttempt, TransferInput, TransferOutput};
pub(crate) use target::problem as url_problem;
