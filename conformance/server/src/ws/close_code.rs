//! The codes that the platform closes sockets with (contract 5.11).

/// The client went against the rules or its key is no good; clients do not come back after this one.
pub(crate) const POLICY_VIOLATION: u16 = 1008;
/// The connection ends for a reason that a reconnect can cure.
pub(crate) const GOING_AWAY: u16 = 1001;
/// The client does not read fast enough.
pub(crate) const TRY_AGAIN_LATER: u16 = 1013;
