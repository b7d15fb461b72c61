//! How a connection ended, and what follows from that alone.

use core::time::Duration;

use super::close_code::{Circumstances, Verdict, judge};
use crate::error::{Fault, FaultKind};
use crate::realtime::halt::HaltReason;

/// What the end of a connection means for the session.
#[derive(Debug)]
pub(in crate::realtime) enum AfterEnd {
    /// Another attempt is scheduled.
    Retry,
    /// The session is closing anyway.
    Closing,
    /// No attempt can help.
    Halt(HaltReason),
}

/// How a connection ended.
#[derive(Debug)]
pub(in crate::realtime) struct Ended {
    pub(super) code: Option<u16>,
    pub(super) reason: String,
    /// The reason that we gave, if it was us.
    pub(super) by_us: Option<&'static str>,
    /// What is wrong on this side, if no connection can stand before that is mended.
    misconfigured: Option<String>,
    /// The HTTP status with which the upgrade was refused.
    refused: Option<u16>,
    /// How long the platform asked to wait before another attempt.
    pub(super) retry_after: Option<Duration>,
    /// What the platform said in place of `hello.ok`.
    hello_refused: Option<String>,
}

impl Ended {
    pub(in crate::realtime) fn closed(code: Option<u16>, reason: String) -> Self {
        Self { code, reason, by_us: None, misconfigured: None, refused: None, retry_after: None, hello_refused: None }
    }

    pub(in crate::realtime) fn fault(fault: &Fault) -> Self {
        Self {
            misconfigured: (fault.kind == FaultKind::Config).then(|| fault.message.clone()),
            refused: fault.status,
            retry_after: fault.retry_after,
            ..Self::closed(None, fault.to_string())
        }
    }

    pub(in crate::realtime) fn by_us(code: u16, reason: &'static str) -> Self {
        Self { by_us: Some(reason), ..Self::closed(Some(code), reason.to_owned()) }
    }

    /// HELLO was answered with an error.
    pub(in crate::realtime) fn hello_refused(problem: String) -> Self {
        Self { hello_refused: Some(problem), ..Self::by_us(1008, "HELLO was refused") }
    }

    /// Whether the upgrade was refused as if the key were wrong.
    pub(in crate::realtime) fn doubts_key(&self) -> bool {
        matches!(self.refused, Some(401 | 403))
    }

    /// Whether another attempt can help.
    pub(super) fn verdict(&self, known: Circumstances) -> Verdict {
        match (&self.misconfigured, &self.hello_refused) {
            (Some(problem), _) => Verdict::Final(HaltReason::Configuration { problem: problem.clone() }),
            (None, Some(reason)) => Verdict::Final(HaltReason::KeyRefused { reason: reason.clone() }),
            (None, None) if self.by_us.is_some() => Verdict::Retry,
            (None, None) => judge(self.code, &self.reason, known),
        }
    }
}
