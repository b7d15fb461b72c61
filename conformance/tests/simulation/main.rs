//! The engine's session under simulated faults.

mod promises;
