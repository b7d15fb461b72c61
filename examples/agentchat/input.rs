//! What is given on standard input, in place of an argument that says `-`.

use std::io::Read;

use crate::exit::Exit;

/// An argument, or all of standard input.
pub(crate) fn or_stdin(argument: Option<String>) -> Result<Option<String>, Exit> {
    if argument.as_deref() != Some("-") {
        return Ok(argument);
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|e| Exit::usage(format!("standard input: {e}")))?;
    Ok(Some(text))
}
