//! Header values made of what a caller gives.

use http::HeaderValue;

use crate::error::InvalidArgument;

/// A header value; the error does not quote it.
pub(crate) fn header(field: &'static str, text: &str) -> Result<HeaderValue, InvalidArgument> {
    HeaderValue::from_str(text).map_err(|_| InvalidArgument::new(field, "cannot be sent as a header"))
}
