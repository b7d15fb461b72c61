//! The file that a download brings, over all attempts: what to ask for, what is new in a chunk, and whether it is the right
//! one.

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, RANGE};
use http::{HeaderMap, Response, StatusCode};

use super::content_range::{Part, content_length};
use super::entity_tag::EntityTag;
use super::error::TransferError;
use super::fingerprint::{Fingerprint, Fingerprinter};
use super::options::ReceiveOptions;
use crate::error::header_text;
use crate::redact::Mask;

/// A file that is coming in.
#[derive(Debug)]
pub(super) struct Receiving {
    options: ReceiveOptions,
    /// What was written.
    file: Fingerprinter,
    /// How large the file is, by the first answer.
    size: Option<u64>,
    /// The entity tag of the first answer.
    tag: Option<EntityTag>,
    /// The strong tag that every byte that was written came under.
    voucher: Option<EntityTag>,
    /// Parts are no longer asked for: the store has sent one that cannot be used.
    whole: bool,
    asked_part: bool,
    answer: Answer,
}

/// The answer in flight.
#[derive(Debug, Default)]
struct Answer {
    tag: Option<EntityTag>,
    content_type: Option<String>,
    part: bool,
    /// Where in the file its next byte belongs.
    at: u64,
    /// Where in the file it ends, if it says so.
    end: Option<u64>,
    /// Of what it brings again.
    again: Fingerprinter,
}

/// Why an answer, or what comes of it, is not taken.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It contradicts what was asked for or itself: the whole file is to be asked for.
    Unusable(&'static str),
    /// The transfer has failed.
    Final(TransferError),
}

/// What the end of an answer means.
#[derive(Debug)]
pub(super) enum End {
    /// The file is whole.
    Whole(Fingerprint, Option<String>),
    /// It was a part of what is missing: the next one is to be asked for.
    Part,
    /// It broke off.
    Short,
    /// The transfer has failed.
    Failed(TransferError),
}

impl Receiving {
    pub(super) fn new(options: ReceiveOptions) -> Self {
        Self {
            options,
            file: Fingerprinter::new(),
            size: None,
            tag: None,
            voucher: None,
            whole: false,
            asked_part: false,
            answer: Answer::default(),
        }
    }

    /// How large the file will be, if the store says.
    pub(super) fn size(&self) -> Option<u64> {
        self.size
    }

    /// Asks for what is missing, if something vouches for it that a part is of the same file: a strong tag or the caller's
    /// checksum. Else for the whole file, so that what comes again can be compared.
    pub(super) fn ask(&mut self, headers: &mut HeaderMap) {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let have = self.file.size();
        let vouched = self.voucher.is_some() || self.options.sha256.is_some();
        self.asked_part = false;
        if have > 0
            && vouched
            && !self.whole
            && let Ok(range) = HeaderValue::from_str(&format!("bytes={have}-"))
        {
            headers.insert(RANGE, range);
            if let Some(tag) = &self.voucher {
                tag.demand(headers);
            }
            self.asked_part = true;
        }
    }

    /// No part is asked for any more.
    pub(super) fn ask_whole(&mut self) {
        self.whole = true;
    }

    /// Takes the head of an answer: the whole file, or what was asked for of it. `None` if its status says neither.
    pub(super) fn begin(&mut self, head: &Response<()>) -> Option<Result<(), Refusal>> {
        match head.status() {
            StatusCode::OK => Some(self.brings(head, false)),
            StatusCode::PARTIAL_CONTENT if self.asked_part => Some(self.brings(head, true)),
            StatusCode::RANGE_NOT_SATISFIABLE if self.asked_part => {
                Some(Err(Refusal::Unusable("what is missing cannot be had alone")))
            }
            _ => None,
        }
    }

    fn brings(&mut self, head: &Response<()>, part: bool) -> Result<(), Refusal> {
        let headers = head.headers();
        let length = content_length(headers).map_err(|()| Refusal::Unusable("its Content-Length cannot be read"))?;
        let tag = EntityTag::of(headers);
        let (have, mut answer) = (self.file.size(), Answer::default());
        let total = if part {
            let part = Part::of(headers).filter(|part| part.first == have);
            let part = part.ok_or(Refusal::Unusable("the part that came is not what was asked for"))?;
            if length.is_some_and(|length| length != part.end.saturating_sub(part.first)) {
                return Err(Refusal::Unusable("Content-Range and Content-Length contradict each other"));
            }
            (answer.part, answer.at, answer.end) = (true, have, Some(part.end));
            part.total
        } else {
            answer.end = length;
            length
        };
        if headers.get_all(CONTENT_ENCODING).iter().any(|encoding| !is_identity(encoding)) {
            return Err(Refusal::Final(TransferError::Encoded));
        }
        self.compare(tag.as_ref(), total, answer.end)?;
        if answer.part && !self.may_join(tag.as_ref()) {
            return Err(Refusal::Unusable("the part that came does not say which file it is of"));
        }
        answer.content_type = header_text(headers, &CONTENT_TYPE, &Mask::default());
        answer.tag = tag;
        self.answer = answer;
        Ok(())
    }

    /// Compares what an answer says of the file with the answers before it.
    fn compare(&mut self, tag: Option<&EntityTag>, total: Option<u64>, end: Option<u64>) -> Result<(), Refusal> {
        let another_tag = matches!((&self.tag, tag), (Some(first), Some(tag)) if !first.may_be(tag));
        let another_size = matches!((self.size, total), (Some(first), Some(total)) if first != total);
        let size = self.size.or(total);
        let beyond = matches!((size, end), (Some(size), Some(end)) if end > size);
        if another_tag || another_size || beyond || size.is_some_and(|size| size < self.file.size()) {
            return Err(Refusal::Final(TransferError::Changed));
        }
        self.size = size;
        if self.tag.is_none() {
            self.tag = tag.cloned();
        }
        if size.or(end).is_some_and(|size| size > self.options.limit) {
            return Err(Refusal::Final(self.too_large()));
        }
        Ok(())
    }

    fn may_join(&self, tag: Option<&EntityTag>) -> bool {
        self.options.sha256.is_some() || matches!((&self.voucher, tag), (Some(voucher), Some(tag)) if voucher.is(tag))
    }

    /// What is new in the next bytes.
    pub(super) fn take(&mut self, bytes: Bytes) -> Result<Bytes, Refusal> {
        let answer = &mut self.answer;
        let known = self.file.size().saturating_sub(answer.at);
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        answer.at = answer.at.saturating_add(length);
        if answer.end.is_some_and(|end| answer.at > end) {
            return Err(Refusal::Unusable("it is longer than it said"));
        }
        let (mut again, mut new) = (bytes, Bytes::new());
        if known < length {
            new = again.split_off(usize::try_from(known).unwrap_or(again.len()));
        }
        answer.again.update(&again);
        let repeated = known > 0 && known <= length;
        if repeated && answer.again.clone().finish() != self.file.clone().finish() {
            return Err(Refusal::Final(TransferError::Changed));
        }
        if new.is_empty() {
            return Ok(new);
        }
        if self.size.is_some_and(|size| answer.at > size) {
            return Err(Refusal::Final(TransferError::Changed));
        }
        if answer.at > self.options.limit {
            return Err(Refusal::Final(self.too_large()));
        }
        if !answer.part {
            // The bytes received before are the beginning of this answer too.
            self.voucher = answer.tag.clone().filter(EntityTag::is_strong);
        }
        self.file.update(&new);
        Ok(new)
    }

    /// The answer has ended.
    pub(super) fn end(&mut self) -> End {
        let (answer, have) = (&mut self.answer, self.file.size());
        if answer.end.is_some_and(|end| answer.at < end) {
            return End::Short;
        }
        // An answer that did not say how long it is has said so now.
        if answer.at < have || (!answer.part && self.size.is_some_and(|size| have < size)) {
            return End::Failed(TransferError::Changed);
        }
        if answer.part && self.size.is_none_or(|size| have < size) {
            return End::Part;
        }
        let content_type = answer.content_type.take();
        let file = std::mem::take(&mut self.file).finish();
        match &self.options.sha256 {
            Some(expected) if !expected.eq_ignore_ascii_case(&file.sha256) => {
                End::Failed(TransferError::Checksum { expected: expected.to_ascii_lowercase(), found: file.sha256 })
            }
            _ => End::Whole(file, content_type),
        }
    }

    fn too_large(&self) -> TransferError {
        TransferError::TooLarge { limit: self.options.limit }
    }
}

fn is_identity(encoding: &HeaderValue) -> bool {
    encoding.to_str().is_ok_and(|text| text.trim().is_empty() || text.trim().eq_ignore_ascii_case("identity"))
}
