//! [`Recorder`]: a machine that writes down its inputs and outputs.

use core::fmt;

use super::header::{EndpointForm, Header, MachineForm};
use super::line::line;
use super::options::CallForm;
use super::recordable::Recordable;
use crate::context::Context;
use crate::entropy::Seed;
use crate::error::InvalidArgument;
use crate::machine::sealed::Sealed;
use crate::machine::{Machine, Pause};
use crate::realtime::{Checkpoint, Session, SessionOptions};
use crate::redact::Mask;
use crate::rest::{Call, CallOptions, Endpoint};
use crate::time::Now;

/// A [`Session`] or [`Call`] with the same two doors, which gives a line of its recording to a sink for everything that
/// passes through them. The lines end in `\n` and have no secret in them; see
/// [`manual::recording`](crate::manual::recording).
///
/// The sink is called from within the doors, so a slow one slows the machine down. Without a sink this is the machine and
/// nothing else, so that a program that records only when it is asked to has one type for both.
///
/// ```
/// use agentchat_engine::realtime::{Input, Output, SessionOptions};
/// use agentchat_engine::recording::{Recorder, replay};
/// use agentchat_engine::{ApiKey, Context, Now, Seed};
///
/// let cx = Context::builder().api_key(ApiKey::new("ac_very_secret_key")?).build()?;
/// let mut file = String::new();
/// let seed = Seed::from_bytes([9; 32]);
/// let sink = |line: &str| file.push_str(line);
/// let mut session = Recorder::session(&cx, SessionOptions::default(), seed, None, Now::default(), Some(sink));
/// session.handle_input(Now::default(), Input::Start { api_key: None });
/// while !matches!(session.poll_output(), Output::Idle { .. }) {}
/// drop(session);
///
/// assert!(!file.contains("very_secret"));
/// assert_eq!(replay(&file)?.inputs, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Recorder<M, S> {
    machine: M,
    tape: Option<Tape<S>>,
}

impl<S: FnMut(&str)> Recorder<Session, S> {
    /// A session, recorded if there is a sink.
    pub fn session(
        cx: &Context,
        options: SessionOptions,
        seed: Seed,
        resume: Option<Checkpoint>,
        now: Now,
        sink: Option<S>,
    ) -> Self {
        let tape = sink.map(|sink| {
            let machine = MachineForm::Session { options: options.clone(), resume: resume.clone() };
            Tape::begin(Mask::new(cx.api_key()), sink, &Header::new(cx, &seed, now, machine))
        });
        Self { machine: Session::new(cx, options, seed, resume), tape }
    }
}

impl<E: Endpoint, S: FnMut(&str)> Recorder<Call<E>, S> {
    /// A call, recorded if there is a sink.
    ///
    /// # Errors
    /// As [`Call::new`]; nothing is written then.
    pub fn call(
        cx: &Context,
        endpoint: E,
        options: CallOptions,
        seed: Seed,
        now: Now,
        sink: Option<S>,
    ) -> Result<Self, InvalidArgument> {
        let begun = match sink {
            Some(sink) => {
                let mut mask = Mask::new(cx.api_key());
                let endpoint = EndpointForm::new(&endpoint, &seed, &mut mask)?;
                let machine = MachineForm::Call { endpoint, options: CallForm::new(&options, &mask) };
                Some((mask, sink, Header::new(cx, &seed, now, machine)))
            }
            None => None,
        };
        let machine = Call::new(cx, endpoint, options, seed, now)?;
        Ok(Self { machine, tape: begun.map(|(mask, sink, header)| Tape::begin(mask, sink, &header)) })
    }
}

impl<M: Recordable, S: FnMut(&str)> Recorder<M, S> {
    /// [`Machine::handle_input`], written down.
    pub fn handle_input(&mut self, now: Now, input: M::Input) {
        if let Some(tape) = &mut self.tape {
            tape.input::<M>(now, &input);
        }
        self.machine.handle_input(now, input);
    }

    /// [`Machine::poll_output`], written down.
    pub fn poll_output(&mut self) -> M::Output {
        let output = self.machine.poll_output();
        if let Some(tape) = &mut self.tape {
            tape.output::<M>(&output);
        }
        output
    }
}

impl<M: Recordable, S: FnMut(&str)> Sealed for Recorder<M, S> {}

impl<M: Recordable, S: FnMut(&str)> Machine for Recorder<M, S> {
    type Input = M::Input;
    type Output = M::Output;

    const TIMEOUT: M::Input = M::TIMEOUT;

    fn handle_input(&mut self, now: Now, input: M::Input) {
        self.handle_input(now, input);
    }

    fn poll_output(&mut self) -> M::Output {
        self.poll_output()
    }

    fn pause(output: &M::Output) -> Option<Pause> {
        M::pause(output)
    }
}

impl<M, S> Recorder<M, S> {
    /// The machine, to look at.
    pub fn machine(&self) -> &M {
        &self.machine
    }

    /// The machine alone. What passes through its doors from here on is not written.
    pub fn into_machine(self) -> M {
        self.machine
    }
}

impl<M: fmt::Debug, S> fmt::Debug for Recorder<M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("machine", &self.machine).finish_non_exhaustive()
    }
}

/// Where the lines go.
struct Tape<S> {
    mask: Mask,
    sink: S,
    /// The last line, if nothing has happened since that could change what the machine waits for.
    waiting: Option<String>,
}

impl<S: FnMut(&str)> Tape<S> {
    fn begin(mask: Mask, mut sink: S, header: &Header) -> Self {
        sink(&line(header, &mask));
        Self { mask, sink, waiting: None }
    }

    fn input<M: Recordable>(&mut self, at: Now, input: &M::Input) {
        self.waiting = None;
        (self.sink)(&M::input_line(at, input, &mut self.mask));
    }

    /// A machine that waits says so as often as it is asked; it is written once.
    fn output<M: Recordable>(&mut self, output: &M::Output) {
        let Some(line) = M::output_line(output, &self.mask) else { return };
        let waits = M::pause(output).is_some();
        if waits && self.waiting.as_ref() == Some(&line) {
            return;
        }
        (self.sink)(&line);
        self.waiting = waits.then_some(line);
    }
}
