//! Recording the inputs and outputs of a client's machines.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::{fmt, io};

use agentchat_engine::rest::Route;
use tracing::error;

/// What a recording is about to be made of.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum RecordingOf {
    /// A call of this endpoint.
    Call(&'static Route),
    /// A realtime session.
    Session,
}

/// Takes the lines of one recording, each with its `\n`.
///
/// It is called from within the client's loop, so it should not wait: give the lines to a thread if what writes them may
/// be slow. After its first error, or a panic, it is dropped and the machine goes on unrecorded.
pub type RecordingSink = Box<dyn FnMut(&str) -> io::Result<()> + Send>;

type Open = dyn Fn(RecordingOf) -> Option<RecordingSink> + Send + Sync;

/// Opens a recording for each machine of a client, or none.
#[derive(Clone, Default)]
pub(crate) struct Recordings(Option<Arc<Open>>);

impl Recordings {
    pub(crate) fn new(open: impl Fn(RecordingOf) -> Option<RecordingSink> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(open)))
    }

    /// Where the recording of a machine goes, if it is to be recorded.
    pub(crate) fn open(&self, what: RecordingOf) -> Option<Sink> {
        self.0.as_ref().and_then(|open| open(what)).map(guarded)
    }
}

impl fmt::Debug for Recordings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recordings").field(&self.0.is_some()).finish()
    }
}

/// A [`RecordingSink`] that cannot fail.
pub(crate) type Sink = Box<dyn FnMut(&str) + Send>;

/// Whatever a sink does, the machine goes on.
fn guarded(sink: RecordingSink) -> Sink {
    let mut sink = Some(sink);
    Box::new(move |line| {
        let Some(write) = &mut sink else { return };
        match catch_unwind(AssertUnwindSafe(|| write(line))) {
            Ok(Ok(())) => return,
            Ok(Err(problem)) => error!(%problem, "the recording ends here"),
            Err(_) => error!("the recording ends here: its sink panicked"),
        }
        sink = None;
    })
}
