//! What a typed line means.

/// The most messages that the platform gives at once.
const MOST: u32 = 200;

/// Shown where it is not said how many.
const SOME: u32 = 20;

/// A typed line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    Nothing,
    Text(String),
    Who,
    History(u32),
    Quit,
}

/// What a line begins with decides; an unknown word with a slash is no message, because it was meant for this program.
pub(super) fn read(line: &str) -> Result<Typed, String> {
    if line.is_empty() {
        return Ok(Typed::Nothing);
    }
    let Some(command) = line.strip_prefix('/') else { return Ok(Typed::Text(line.to_owned())) };
    if command.starts_with('/') {
        return Ok(Typed::Text(command.to_owned()));
    }
    let words: Vec<_> = command.split_whitespace().collect();
    match words.as_slice() {
        ["quit"] => Ok(Typed::Quit),
        ["who"] => Ok(Typed::Who),
        ["history"] => Ok(Typed::History(SOME)),
        ["history", number] => match number.parse() {
            Ok(number) if (1..=MOST).contains(&number) => Ok(Typed::History(number)),
            _ => Err(format!("/history takes a number from 1 to {MOST}")),
        },
        _ => Err(format!(
            "there is no /{}: there are /who, /history [N] and /quit, and a text that begins with a slash is typed with two",
            words.first().unwrap_or(&"")
        )),
    }
}
