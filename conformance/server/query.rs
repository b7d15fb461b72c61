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
    let number: i64 = text.trim().parse().map_err(|_| ApiError::invalid(format!("{name} must be a whole number")))?;
    Ok(usize::try_from(number).unwrap_or(0).clamp(lowest, highest))
}

/// A whole number from zero, if the parameter is there at all.
pub(crate) fn optional_number(params: &Params, name: &str) -> Result<Option<u64>, ApiError> {
    let Some(text) = params.get(name) else {
        return Ok(None);
    };
    let number = text.parse().map_err(|_| ApiError::invalid(format!("{name} must be a whole number, 0 or more")))?;
    Ok(Some(number))
}
