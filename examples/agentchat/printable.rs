//! Text of strangers, made fit for a line of a terminal.

/// Strangers write messages: no control character of theirs reaches the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// JSON text that came in several lines, in one.
pub(crate) fn one_line(text: &str) -> String {
    // White space is the only place where JSON has line breaks.
    text.replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_of_strangers_are_replaced() {
        assert_eq!(printable("a\u{1b}[2Jb\nc"), "a\u{fffd}[2Jb\u{fffd}c");
    }

    #[test]
    fn json_is_printed_in_one_line() {
        assert_eq!(one_line("{\n\"a\":\r1}"), "{ \"a\": 1}");
    }
}
