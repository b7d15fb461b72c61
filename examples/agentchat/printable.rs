//! Text of strangers, made fit for a terminal. What is fit is for the library to say.

use agentchat_tokio::engine::words;

/// Bytes of what is said to have gone wrong: nobody reads pages of it.
const NOTE: usize = 16 * 1024;

/// A line of text: nothing in it moves the cursor, turns the direction of writing round or is hidden.
pub(crate) fn printable(text: &str) -> String {
    words::printable(text)
}

/// The same of each line. What strangers wrote has no line of its own, for it is printable where it is quoted.
pub(crate) fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

/// Lines that say what went wrong.
pub(crate) fn printable_note(text: &str) -> String {
    printable_lines(&words::bounded(text, NOTE))
}

/// JSON text that came in several lines, in one that says the same and is as fit.
pub(crate) fn one_line(text: &str) -> String {
    words::printable_json(text)
}
