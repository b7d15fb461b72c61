//! A line of a recording after its header: how it is written, and how it is read back.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::redact::Mask;
use crate::time::Now;

/// An input and when it came, or an output.
#[derive(Deserialize)]
pub(super) struct Line<'a> {
    pub(super) at: Option<Now>,
    #[serde(borrow, rename = "in")]
    pub(super) input: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) out: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct InputLine<F> {
    at: Now,
    #[serde(rename = "in")]
    input: F,
}

#[derive(Serialize)]
struct OutputLine<F> {
    out: F,
}

pub(super) fn of_input<F: Serialize>(at: Now, input: F, mask: &Mask) -> String {
    line(&InputLine { at, input }, mask)
}

pub(super) fn of_output<F: Serialize>(out: F, mask: &Mask) -> String {
    line(&OutputLine { out }, mask)
}

/// One line, masked once more as a whole: what stands in plain strings of it has not been yet.
pub(super) fn line<F: Serialize>(form: &F, mask: &Mask) -> String {
    // Only numbers, strings, lists and string-keyed objects are in there, which can always be written.
    let text = serde_json::to_string(form).unwrap_or_default();
    let mut text = mask.line(&text);
    text.push('\n');
    text
}
