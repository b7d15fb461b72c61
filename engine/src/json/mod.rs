//! Reading JSON that strangers wrote.
//!
//! Texts are read as JavaScript reads them: a lone surrogate is U+FFFD, of a member that is there twice the last counts, and a
//! number beyond every float is no number. What one member says never makes another unreadable.

mod members;
mod plain;
mod quoted;
mod repair;
mod scalar;
mod scan;
mod size;

pub(crate) use members::{Object, member, members};
pub(crate) use quoted::push_quoted;
pub(crate) use repair::read;
pub(crate) use scalar::{seq, text};
pub(crate) use scan::Scan;
pub(crate) use size::{is_too_deep, is_too_heavy};
