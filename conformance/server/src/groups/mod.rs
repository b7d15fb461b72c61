//! What happens in groups: who gets in and out, who may do what, and which events say so (contract 2.5 and 4.9).

pub(crate) mod access;
pub(crate) mod deletion;
pub(crate) mod events;
pub(crate) mod membership;
pub(crate) mod rows;
