//! The file that a session's checkpoint is kept in, and what is said of it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use agentchat_tokio::{CheckpointFile, CheckpointFileError, Report};

use crate::exit::{Code, Exit};
use crate::files;
use crate::output::note;

/// Whether the last attempt to store the checkpoint has failed.
#[derive(Clone, Debug, Default)]
pub(super) struct Failing(Arc<AtomicBool>);

impl Failing {
    /// The file, which says on standard error when it cannot be written, and when it can be again.
    pub(super) fn open(&self, path: &Path) -> Result<CheckpointFile, Exit> {
        let file = CheckpointFile::open(path).map_err(refused)?;
        let failing = self.clone();
        Ok(file.on_outcome(move |outcome| {
            failing.0.store(outcome.is_err(), Ordering::Relaxed);
            match outcome {
                Ok(()) => note("the checkpoint is stored again"),
                // The old one is still good: after a restart more may come twice, and nothing is lost.
                Err(error) => note(format_args!("{}; tried again until it succeeds", Report::new(error))),
            }
        }))
    }

    /// An error if what was handled last is not in the file.
    pub(super) fn check(&self) -> Result<(), Exit> {
        if self.0.load(Ordering::Relaxed) {
            let problem = "the last checkpoint was not stored: after a restart messages may come twice";
            return Err(Exit::new(Code::Files, problem));
        }
        Ok(())
    }
}

fn refused(error: CheckpointFileError) -> Exit {
    let code = error.io_error().map_or(Code::Usage, files::code_of);
    Exit::new(code, Report::new(&error))
}
