//! `Content-Range`: which part of a file an answer brings (RFC 9110, 14.4).

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_RANGE};

/// A part of a file, from its first byte to its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) first: u64,
    /// Where the byte after the last one is.
    pub(super) end: u64,
    /// The size of the whole file; not every store says it.
    pub(super) total: Option<u64>,
}

impl Part {
    /// Reads `bytes 5-9/10` or `bytes 5-9/*`. `None` for another unit, and for what contradicts itself.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(CONTENT_RANGE).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return None;
        };
        let (unit, rest) = value.to_str().ok()?.trim().split_once(' ')?;
        let (range, total) = rest.trim().split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let (first, last) = (number(first)?, number(last)?);
        let total = if total == "*" { None } else { Some(number(total)?) };
        let end = last.checked_add(1)?;
        let fits = first <= last && total.is_none_or(|total| end <= total);
        (unit.eq_ignore_ascii_case("bytes") && fits).then_some(Self { first, end, total })
    }
}

/// The length that the header gives for the body; `Err` if that cannot be read.
pub(super) fn content_length(headers: &HeaderMap) -> Result<Option<u64>, ()> {
    let mut length = None;
    for value in headers.get_all(CONTENT_LENGTH) {
        let next = value.to_str().ok().and_then(|text| number(text.trim())).ok_or(())?;
        if length.is_some_and(|length| length != next) {
            return Err(());
        }
        length = Some(next);
    }
    Ok(length)
}

/// Digits and nothing else: `parse` alone would take a sign.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str) -> Option<(u64, u64, Option<u64>)> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_RANGE, text.parse().unwrap());
        Part::of(&headers).map(|part| (part.first, part.end, part.total))
    }

    #[test]
    fn the_whole_of_it_is_read() {
        assert_eq!(part("bytes 3-5/6"), Some((3, 6, Some(6))));
        assert_eq!(part("Bytes 0-0/*"), Some((0, 1, None)));
        let refused = [
            "",
            "bytes",
            "bytes */6",
            "3-5/6",
            "items 3-5/6",
            "bytes 3-5",
            "bytes 5-3/6",
            "bytes 3-6/6",
            "bytes 3-5/x",
            "bytes +3-5/6",
            "bytes -5/6",
            "bytes 3-/6",
            "bytes 0-18446744073709551615/*",
            "bytes 3-5/6/7",
        ];
        for text in refused {
            assert_eq!(part(text), None, "{text}");
        }
    }

    #[test]
    fn two_of_them_are_not_a_range() {
        let mut headers = HeaderMap::new();
        headers.append(CONTENT_RANGE, "bytes 3-5/6".parse().unwrap());
        headers.append(CONTENT_RANGE, "bytes 3-5/6".parse().unwrap());
        assert_eq!(Part::of(&headers), None);
        headers.append(CONTENT_LENGTH, "3".parse().unwrap());
        assert_eq!(content_length(&headers), Ok(Some(3)));
        headers.append(CONTENT_LENGTH, "4".parse().unwrap());
        assert_eq!(content_length(&headers), Err(()));
    }
}
