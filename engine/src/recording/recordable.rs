//! [`Recordable`]: a machine that can be recorded and replayed.

use crate::machine::Machine;
use crate::redact::Mask;
use crate::time::Now;

/// A [`Machine`] that a [`Recorder`](super::Recorder) can write down: a [`Session`](crate::Session) or a
/// [`Call`](crate::Call). A transfer is not: what passes through its doors are a file's bytes and a URL that is a secret.
///
/// ```
/// use agentchat_engine::realtime::{Session, SessionOptions};
/// use agentchat_engine::recording::{Recordable, Recorder};
/// use agentchat_engine::{Context, Machine, Now, Seed};
///
/// /// Wakes a recorded machine of either sort.
/// fn wake<M: Recordable, S: FnMut(&str)>(recorder: &mut Recorder<M, S>, now: Now) {
///     recorder.handle_timeout(now);
///     while M::pause(&recorder.poll_output()).is_none() {}
/// }
///
/// let (cx, options, mut lines) = (Context::builder().build()?, SessionOptions::default(), 0);
/// let (seed, sink) = (Seed::from_bytes([9; 32]), |_: &str| lines += 1);
/// let mut session: Recorder<Session, _> = Recorder::session(&cx, options, seed, None, Now::default(), Some(sink));
/// wake(&mut session, Now::default());
/// drop(session);
/// assert_eq!(lines, 3, "the header, an input and an output");
/// # Ok::<(), agentchat_engine::ConfigError>(())
/// ```
pub trait Recordable: Form {}

impl<M: Form> Recordable for M {}

/// How a machine's inputs and outputs stand in a recording.
pub trait Form: Machine {
    /// The line of an input. A key that it brings is masked from here on.
    fn input_line(at: Now, input: &Self::Input, mask: &mut Mask) -> String;

    /// The line of an output; `None` for one that follows from what is written.
    fn output_line(output: &Self::Output, mask: &Mask) -> Option<String>;

    /// Reads an input back.
    fn read_input(form: &str) -> Result<Self::Input, String>;
}
