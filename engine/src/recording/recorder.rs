//! [`Recorder`]: a machine that writes down what it is told and what it says.

use core::fmt;

use serde::Serialize;

use super::call::{InputForm as CallInputForm, OutputForm as CallOutputForm};
use super::header::{EndpointForm, Header, MachineForm};
use super::options::CallForm;
use super::session::{InputForm, OutputForm};
use crate::context::Context;
use crate::entropy::Seed;
use crate::error::InvalidArgument;
use crate::realtime::{Checkpoint, Input, Output, Session, SessionOptions};
use crate::redact::Mask;
use crate::rest::{Call, CallInput, CallOptions, CallOutput, Endpoint};
use crate::time::Now;

/// A [`Session`] or [`Call`] with the same two doors, which gives a line of its recording to a sink for everything that
/// passes through them. The lines end in `\n` and have no secret in them; see
/// [`manual::recording`](crate::manual::recording).
///
/// The sink is called from within the doors, so a slow one slows the machine down.
///
/// ```
/// use agentchat_engine::realtime::{Input, Output, SessionOptions};
/// use agentchat_engine::recording::{Recorder, replay};
/// use agentchat_engine::{ApiKey, Context, Now, Seed};
///
/// let cx = Context::builder().api_key(ApiKey::new("ac_very_secret_key")?).build()?;
/// let mut file = String::new();
/// let seed = Seed::from_bytes([9; 32]);
/// let mut session = Recorder::session(&cx, SessionOptions::default(), seed, None, Now::default(), |line| file.push_str(line));
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
    tape: Tape<S>,
}

impl<S: FnMut(&str)> Recorder<Session, S> {
    /// A recorded session.
    pub fn session(
        cx: &Context,
        options: SessionOptions,
        seed: Seed,
        resume: Option<Checkpoint>,
        now: Now,
        sink: S,
    ) -> Self {
        let mut tape = Tape::new(cx, sink);
        let machine = MachineForm::Session { options: options.clone(), resume: resume.clone() };
        tape.write(&Header::new(cx, &seed, now, machine));
        Self { machine: Session::new(cx, options, seed, resume), tape }
    }

    /// [`Session::handle_input`], written down.
    pub fn handle_input(&mut self, now: Now, input: Input) {
        if let Input::Start { api_key: Some(key) } = &input {
            self.tape.mask.learn(key);
        }
        self.tape.input(now, InputForm::new(&input, &self.tape.mask));
        self.machine.handle_input(now, input);
    }

    /// [`Session::poll_output`], written down.
    pub fn poll_output(&mut self) -> Output {
        let output = self.machine.poll_output();
        let waits = matches!(output, Output::Idle { .. } | Output::Finished);
        if let Some(form) = OutputForm::new(&output, &self.tape.mask) {
            self.tape.output(form, waits);
        }
        output
    }
}

impl<E: Endpoint, S: FnMut(&str)> Recorder<Call<E>, S> {
    /// A recorded call.
    ///
    /// # Errors
    /// As [`Call::new`]; nothing is written then.
    pub fn call(
        cx: &Context,
        endpoint: E,
        options: CallOptions,
        seed: Seed,
        now: Now,
        sink: S,
    ) -> Result<Self, InvalidArgument> {
        let mut tape = Tape::new(cx, sink);
        let recorded = EndpointForm::new(&endpoint, &seed, &mut tape.mask)?;
        let machine = MachineForm::Call { endpoint: recorded, options: CallForm::new(&options, &tape.mask) };
        let header = Header::new(cx, &seed, now, machine);
        let machine = Call::new(cx, endpoint, options, seed, now)?;
        tape.write(&header);
        Ok(Self { machine, tape })
    }

    /// [`Call::handle_input`], written down.
    pub fn handle_input(&mut self, now: Now, input: CallInput) {
        self.tape.input(now, CallInputForm::new(&input, &self.tape.mask));
        self.machine.handle_input(now, input);
    }

    /// [`Call::poll_output`], written down.
    pub fn poll_output(&mut self) -> CallOutput<E::Output> {
        let output = self.machine.poll_output();
        let waits = matches!(output, CallOutput::Idle { .. } | CallOutput::Finished);
        self.tape.output(CallOutputForm::new(&output, &self.tape.mask), waits);
        output
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

#[derive(Serialize)]
struct InputLine<F> {
    at: Now,
    #[serde(rename = "in")]
    input: F,
}

#[derive(Serialize)]
struct OutputLine<F> {
    out: F,
}

impl<S: FnMut(&str)> Tape<S> {
    fn new(cx: &Context, sink: S) -> Self {
        Self { mask: Mask::new(cx.api_key()), sink, waiting: None }
    }

    fn input<F: Serialize>(&mut self, at: Now, input: F) {
        self.waiting = None;
        self.write(&InputLine { at, input });
    }

    /// A machine that waits says so as often as it is asked; it is written once.
    fn output<F: Serialize>(&mut self, output: F, waits: bool) {
        let line = line(&OutputLine { out: output }, &self.mask);
        if waits && self.waiting.as_ref() == Some(&line) {
            return;
        }
        (self.sink)(&line);
        self.waiting = waits.then_some(line);
    }

    fn write<F: Serialize>(&mut self, form: &F) {
        let line = line(form, &self.mask);
        (self.sink)(&line);
    }
}

/// What the replay compares with a recorded output.
pub(super) fn output_line<F: Serialize>(output: F, mask: &Mask) -> String {
    line(&OutputLine { out: output }, mask)
}

/// One line, masked once more as a whole: what stands in plain strings of it has not been yet.
fn line<F: Serialize>(form: &F, mask: &Mask) -> String {
    // Only numbers, strings, lists and string-keyed objects are in there, which can always be written.
    let text = serde_json::to_string(form).unwrap_or_default();
    let mut text = mask.line(&text);
    text.push('\n');
    text
}
