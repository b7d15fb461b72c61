//! What of a text is the same inside a JSON string and outside, looked for in eight bytes at once.

/// Whether a text is in a JSON string what it is outside.
pub(super) fn is_plain(text: &str) -> bool {
    plain_length(text.as_bytes()) == text.len()
}

/// How many bytes at the beginning of a text are in a JSON string what they are outside.
#[inline]
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    let (chunks, tail) = bytes.as_chunks();
    let mut length = 0_usize;
    for chunk in chunks {
        match first_special(*chunk) {
            None => length = length.wrapping_add(8),
            Some(plain) => return length.wrapping_add(plain),
        }
    }
    length.wrapping_add(tail.iter().take_while(|byte| !is_special(**byte)).count())
}

/// Whether a byte of a string is more than itself: it ends the string, begins an escape, or may not be there.
fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..b' ')
}

/// Where in eight bytes the first one is that [is special](is_special), looked for in all of them at once.
#[inline]
fn first_special(chunk: [u8; 8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH_BITS: u64 = ONES << 7;

    let word = u64::from_le_bytes(chunk);
    let each = |value: u8| ONES.wrapping_mul(value.into());
    // What is subtracted from a byte below it borrows, and sets its high bit, exactly up to the first such byte.
    let below = |word: u64, value: u8| word.wrapping_sub(each(value));
    // With the second bit flipped the quotation mark, and nothing else that is plain, follows the control characters.
    let control_or_quote = below(word ^ each(0b10), b' ' + 1);
    let backslash = below(word ^ each(b'\\'), 1);
    let special = (control_or_quote | backslash) & !word & HIGH_BITS;
    (special != 0).then(|| special.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn eight_bytes_at_once_are_no_other_than_one_by_one(chunk in any::<[u8; 8]>(), ascii in "[ -~]{7}[\"\\\\\n~]") {
            let ascii: [u8; 8] = ascii.into_bytes().try_into().unwrap();
            for chunk in [chunk, ascii] {
                prop_assert_eq!(first_special(chunk), chunk.iter().position(|byte| is_special(*byte)));
            }
        }

        #[test]
        fn a_text_is_plain_up_to_its_first_special_byte(text in "[ -~]{0,20}[\"\\\\\n~]?[ -~]{0,20}") {
            let first = text.bytes().position(is_special);
            prop_assert_eq!(plain_length(text.as_bytes()), first.unwrap_or(text.len()));
            prop_assert_eq!(is_plain(&text), first.is_none());
        }
    }
}
