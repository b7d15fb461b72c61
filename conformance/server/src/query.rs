//! Numbers in query strings, read as the JavaScript of the real platform reads them (contract 2.3).

use std::collections::BTreeMap;

use super::error::ApiError;

/// The parameters of a request.
pub(crate) type Params = BTreeMap<String, String>;

/// A number limited to `lowest..=highest`; out-of-range values are moved to the nearest bound, other text is refused.
pub(crate) fn clamped(
    params: &Params,
    name: &str,
    default: usize,
    lowest: usize,
    highest: usize,
) -> Result<usize, ApiError> {
    let Some(text) = params.get(name) else {
        return Ok(default);
    };
    let text = text.trim();
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let size = whole(digits).ok_or_else(|| ApiError::invalid(format!("{name} must be a whole number")))?;
    let number = if is_negative { 0 } else { usize::try_from(size).unwrap_or(usize::MAX) };
    Ok(number.clamp(lowest, highest))
}

/// A whole number from zero, if the parameter is there at all.
pub(crate) fn optional_number(params: &Params, name: &str) -> Result<Option<u64>, ApiError> {
    let Some(text) = params.get(name) else {
        return Ok(None);
    };
    let number = whole(text).ok_or_else(|| ApiError::invalid(format!("{name} must be a whole number, 0 or more")))?;
    Ok(Some(number))
}

/// The number that digits stand for; the largest one if it is larger than that.
fn whole(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}
