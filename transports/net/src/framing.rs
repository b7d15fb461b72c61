//! Framing of answers that hyper takes and that is refused: where a body ends must not be a matter of opinion.

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, Version};

/// What is wrong with how an answer says where its body ends. hyper goes by `Transfer-Encoding` if there is a
/// `Content-Length` too, which may be an attempt to smuggle an answer (RFC 9112, 6.3), and hands out what has been coded
/// otherwise than in chunks as it came.
pub(crate) fn problem(version: Version, headers: &HeaderMap) -> Option<&'static str> {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let coding = codings.next().filter(|_| version < Version::HTTP_2)?;
    if headers.contains_key(CONTENT_LENGTH) {
        return Some("the answer has both a Content-Length and a Transfer-Encoding");
    }
    let chunked = coding.to_str().is_ok_and(|coding| coding.trim().eq_ignore_ascii_case("chunked"));
    (!chunked || codings.next().is_some()).then_some("the answer's Transfer-Encoding was not asked for")
}
