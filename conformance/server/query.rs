//! Numbers in query strings, read as the JavaScript of the real platform reads them (wire contract section 2.3).

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
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ApiError::invalid(format!("{name} must be a whole number")));
    }
    // Digits that are no number here are one too large for it.
    let number = if is_negative { 0 } else { digits.parse().unwrap_or(usize::MAX) };
    Ok(number.clamp(lowest, highest))
}

/// A whole number from zero, if the parameter is there at all.
pub(crate) fn optional_number(params: &Params, name: &str) -> Result<Option<u64>, ApiError> {
    let Some(text) = params.get(name) else {
        return Ok(None);
    };
    let number = text.parse().map_err(|_| ApiError::invalid(format!("{name} must be a whole number, 0 or more")))?;
    Ok(Some(number))
}
