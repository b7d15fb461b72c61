//! What a JSON text weighs before it is parsed: its depth, and the memory that parsing it takes.

use crate::limits;

/// Whether a JSON text is nested deeper than 127 levels.
pub(crate) fn is_too_deep(text: &str) -> bool {
    // Fewer brackets than levels, wherever they stand, as in nearly every text: no need to look at each.
    let brackets = text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count();
    brackets >= limits::JSON_DEPTH && depth(text) >= limits::JSON_DEPTH
}

/// Levels of arrays and objects in a JSON text, without recursion. Brackets inside strings do not count.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in text.bytes() {
        if in_string {
            (escaped, in_string) = (byte == b'\\' && !escaped, byte != b'"' || escaped);
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth = depth.saturating_add(1);
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Whether a JSON text of at most `largest` bytes would take more memory than [`limits::PARSED_WEIGHT`] times that, once it is parsed.
pub(crate) fn is_too_heavy(text: &str, largest: usize) -> bool {
    let most = largest.saturating_mul(limits::PARSED_WEIGHT);
    // A short text is not, whatever stands in it.
    text.len().saturating_mul(HEAVIEST_BYTE) > most && weight(text) > most
}

/// What an object weighs, empty ones aside.
const OBJECT: usize = 900;

/// The most that one byte of a text adds to its weight.
const HEAVIEST_BYTE: usize = OBJECT + 1;

/// Bytes that a JSON text takes at most while it is parsed, whatever is made of it. Estimated from its commas and brackets,
/// because a member costs far more than its text: a map of one member allocates a node for eleven, and what is kept in
/// `extra` is held twice for a moment. `tests/memory.rs` holds it against what is allocated.
fn weight(text: &str) -> usize {
    let (mut weight, mut in_string, mut escaped) = (text.len(), false, false);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if in_string {
            (escaped, in_string) = (byte == b'\\' && !escaped, byte != b'"' || escaped);
            continue;
        }
        let costs = match byte {
            b'"' => {
                in_string = true;
                0
            }
            b'{' | b'[' if matches!(bytes.peek(), Some(b'}' | b']')) => 64,
            b'{' => OBJECT,
            b'[' => 256,
            b',' => 192,
            b':' => 64,
            _ => 0,
        };
        weight = weight.saturating_add(costs);
    }
    weight
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_strings() {
        assert_eq!(depth("1"), 0);
        assert_eq!(depth(r#"{"a":[1,[2]],"b":{}}"#), 3);
        assert_eq!(depth(r#"{"a":"[[[\"[[","b":"\\"}"#), 1);
        assert_eq!(depth(&"[".repeat(100_000)), 100_000);
    }

    #[test]
    fn small_values_are_heavy_and_text_is_not() {
        assert!(weight(&r#"{"a":1},"#.repeat(1_000)) > 1_000_000);
        assert!(weight(&format!("[{:?}]", r#"{"a":1},"#.repeat(1_000))) < 20_000);
        assert!(is_too_heavy("[0,0]", 1) && !is_too_heavy("[0,0]", 1_000));
    }
}
