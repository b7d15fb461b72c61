//! What is given on standard input, in place of an argument that says `-`.

use std::io::Read;

use crate::exit::Exit;

/// Bytes that are read, at most: the largest picture, as text in JSON, several times over.
const LARGEST: u64 = 32 * 1024 * 1024;

/// An argument, or all of standard input.
pub(crate) fn or_stdin(argument: Option<String>) -> Result<Option<String>, Exit> {
    if argument.as_deref() != Some("-") {
        return Ok(argument);
    }
    let mut text = String::new();
    let read = std::io::stdin().take(LARGEST + 1).read_to_string(&mut text);
    if read.map_err(|e| Exit::usage(format!("standard input: {e}")))? as u64 > LARGEST {
        return Err(Exit::usage(format!("standard input has more than {LARGEST} bytes")));
    }
    Ok(Some(text))
}
