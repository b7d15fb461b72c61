//! Whether the value of an option is in its range; the error names the option, the range and the value.

use core::fmt::Display;
use core::time::Duration;

use crate::error::InvalidArgument;

/// The shortest time limit or interval: one of zero would pass before anything can happen.
pub(crate) const LEAST: Duration = Duration::from_millis(1);

/// A number that is too small for its option.
pub(crate) fn at_least<T: PartialOrd + Display>(
    field: &'static str,
    value: T,
    least: T,
) -> Result<(), InvalidArgument> {
    refuse(field, value >= least, || format!("must be at least {least}, was {value}"))
}

/// A number that is too small or too large for its option.
pub(crate) fn within<T: PartialOrd + Display>(
    field: &'static str,
    value: T,
    (least, most): (T, T),
) -> Result<(), InvalidArgument> {
    refuse(field, value >= least && value <= most, || format!("must be {least} to {most}, was {value}"))
}

/// A time that is shorter than [`LEAST`].
pub(crate) fn lasting(field: &'static str, value: Duration) -> Result<(), InvalidArgument> {
    refuse(field, value >= LEAST, || format!("must be at least {LEAST:?}, was {value:?}"))
}

fn refuse(field: &'static str, allowed: bool, problem: impl FnOnce() -> String) -> Result<(), InvalidArgument> {
    if allowed { Ok(()) } else { Err(InvalidArgument::new(field, problem())) }
}
