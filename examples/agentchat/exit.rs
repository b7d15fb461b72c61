//! How the command ends.

use std::fmt;
use std::process::ExitCode;

use agentchat_tokio::engine::FaultKind;
use agentchat_tokio::{Error, HaltReason, Report};

use crate::output::complain;

/// An exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Ok = 0,
    Api = 1,
    Usage = 2,
    Transport = 3,
    Terminal = 4,
    Files = 5,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

/// An end that has something to say on standard error.
#[derive(Debug)]
pub(crate) struct Exit {
    code: Code,
    message: String,
}

impl Exit {
    pub(crate) fn new(code: Code, message: impl ToString) -> Self {
        Self { code, message: message.to_string() }
    }

    pub(crate) fn usage(message: impl ToString) -> Self {
        Self::new(Code::Usage, message)
    }

    /// Says it.
    pub(crate) fn report(self) -> Code {
        complain(&self.message);
        self.code
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<Error> for Exit {
    fn from(error: Error) -> Self {
        Self::new(code_of(&error), Report::new(&error))
    }
}

impl From<HaltReason> for Exit {
    fn from(reason: HaltReason) -> Self {
        let code = match reason {
            HaltReason::ClosedForGood { .. } | HaltReason::KeyRefused { .. } => Code::Terminal,
            HaltReason::Configuration { .. } => Code::Usage,
            _ => Code::Transport,
        };
        Self::new(code, reason)
    }
}

/// The exit code for a call's error.
pub(crate) fn code_of(error: &Error) -> Code {
    match error {
        Error::Refused(_) => Code::Usage,
        Error::Transport { fault, .. } if fault.kind == FaultKind::Config => Code::Usage,
        Error::Api(_) | Error::Undecodable { .. } => Code::Api,
        _ => Code::Transport,
    }
}
