//! The file that a download brings, over all attempts: what is new in a chunk, and whether it is the right one.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE};
use http::{HeaderMap, Response, StatusCode};

use super::error::TransferError;
use super::fingerprint::{Fingerprint, Fingerprinter};
use super::options::ReceiveOptions;
use crate::error::header_text;

/// A file that is coming in.
#[derive(Debug)]
pub(super) struct Receiving {
    options: ReceiveOptions,
    file: Fingerprinter,
    /// Bytes of the answer in flight that came with an earlier one.
    again: u64,
    content_type: Option<String>,
    size: Option<u64>,
}

impl Receiving {
    pub(super) fn new(options: ReceiveOptions) -> Self {
        Self { options, file: Fingerprinter::new(), again: 0, content_type: None, size: None }
    }

    /// Where an attempt goes on: bytes that are there already.
    pub(super) fn have(&self) -> u64 {
        self.file.size()
    }

    /// How large the file will be, if the store says.
    pub(super) fn size(&self) -> Option<u64> {
        self.size
    }

    /// Takes the head of a success answer: the whole file, or what is missing of it, as was asked. `None` if it is
    /// neither.
    pub(super) fn begin(&mut self, head: &Response<()>) -> Option<Result<(), TransferError>> {
        self.again = match head.status() {
            StatusCode::OK => self.have(),
            StatusCode::PARTIAL_CONTENT if self.have() > 0 && begins_at(head.headers())? == self.have() => 0,
            _ => return None,
        };
        self.content_type = header_text(head.headers(), CONTENT_TYPE.as_str());
        let coming = header_text(head.headers(), CONTENT_LENGTH.as_str()).and_then(|text| text.parse::<u64>().ok());
        self.size = coming.map(|coming| coming.saturating_add(self.have()).saturating_sub(self.again));
        Some(if self.size.is_some_and(|size| size > self.options.limit) { Err(self.too_large()) } else { Ok(()) })
    }

    /// What is new in the next bytes.
    pub(super) fn take(&mut self, mut bytes: Bytes) -> Result<Bytes, TransferError> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let known = self.again.min(length);
        self.again = self.again.saturating_sub(known);
        let new = bytes.split_off(usize::try_from(known).unwrap_or(bytes.len()));
        self.file.update(&new);
        if self.file.size() > self.options.limit { Err(self.too_large()) } else { Ok(new) }
    }

    /// The answer has ended: the file, if all of it is there. `None` if the answer was shorter than an earlier one.
    pub(super) fn end(&mut self) -> Option<Result<(Fingerprint, Option<String>), TransferError>> {
        if self.again > 0 {
            return None;
        }
        let file = std::mem::take(&mut self.file).finish();
        Some(match &self.options.sha256 {
            Some(expected) if !expected.eq_ignore_ascii_case(&file.sha256) => {
                Err(TransferError::Checksum { expected: expected.to_ascii_lowercase(), found: file.sha256 })
            }
            _ => Ok((file, self.content_type.take())),
        })
    }

    fn too_large(&self) -> TransferError {
        TransferError::TooLarge { limit: self.options.limit }
    }
}

/// The first byte of a partial answer: `bytes 5-9/10`.
fn begins_at(headers: &HeaderMap) -> Option<u64> {
    let range = header_text(headers, CONTENT_RANGE.as_str())?;
    range.strip_prefix("bytes ")?.split_once('-')?.0.trim().parse().ok()
}
