//! How a replay ends when it does not go through.

/// The first output that is not the recorded one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} differs\nexpected {expected}\ngot      {got}")]
#[non_exhaustive]
pub struct Difference {
    /// The line of the recording, counted from 1.
    pub line: u64,
    /// What is recorded.
    pub expected: String,
    /// What the machine said.
    pub got: String,
}

/// How a replay ends when it does not go through.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The first line is not the header of a recording.
    #[error("this is not a recording")]
    NotARecording,
    /// A format of another version than [`FORMAT`](super::FORMAT).
    #[error("the recording has format {found}, this version reads {}", super::FORMAT)]
    Version {
        /// Its format.
        found: u32,
    },
    /// The header names what cannot be made.
    #[error("the header cannot be read: {problem}")]
    Header {
        /// What is wrong with it.
        problem: String,
    },
    /// A line that is neither an input nor an output.
    #[error("line {line} cannot be read: {problem}")]
    Line {
        /// Which line, counted from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// The machine did something else.
    #[error(transparent)]
    Different(#[from] Box<Difference>),
}

impl ReplayError {
    pub(super) fn header(problem: impl Into<String>) -> Self {
        Self::Header { problem: problem.into() }
    }
}
