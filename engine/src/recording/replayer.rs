//! [`Replayer`]: feeds a recording to a fresh machine and compares what it says.

use core::fmt;

use serde_json::{Value, from_str};

use super::error::{Difference, ReplayError};
use super::header::{Header, MachineForm};
use super::line::Line;
use super::recordable::Recordable;
use crate::realtime::Session;
use crate::redact::Mask;
use crate::rest::Call;
use crate::time::Now;

/// Replays a whole recording.
///
/// ```
/// use agentchat_engine::recording::{ReplayError, replay};
/// assert_eq!(replay("{}\n"), Err(ReplayError::NotARecording));
/// ```
///
/// # Errors
/// [`ReplayError::Different`] with the first difference; any other if this is not a recording.
pub fn replay(recording: &str) -> Result<Replayed, ReplayError> {
    let mut lines = recording.split_inclusive('\n');
    let mut replayer = Replayer::new(lines.next().unwrap_or_default())?;
    lines.try_for_each(|line| replayer.line(line.as_bytes()))?;
    Ok(replayer.replayed())
}

/// What was replayed without a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replayed {
    /// Inputs that were fed.
    pub inputs: u64,
    /// Outputs that were compared.
    pub outputs: u64,
    /// Whether the last line breaks off, as when its writer was killed. It was left out.
    pub truncated: bool,
}

/// Replays a recording line by line.
///
/// ```
/// use agentchat_engine::recording::{Replayer, ReplayError};
/// use std::io::BufRead;
///
/// fn check(mut file: impl BufRead) -> Result<u64, Box<dyn std::error::Error>> {
///     let mut line = String::new();
///     file.read_line(&mut line)?;
///     let mut replayer = Replayer::new(&line)?;
///     for line in file.split(b'\n') {
///         replayer.line(&[line?, b"\n".to_vec()].concat())?;
///     }
///     Ok(replayer.replayed().outputs)
/// }
/// # assert!(check(&b"{}"[..]).is_err());
/// ```
#[derive(Debug)]
pub struct Replayer {
    machine: Box<dyn Replaying>,
    mask: Mask,
    lines: u64,
    replayed: Replayed,
}

/// A machine that is fed and compared, whichever it is.
trait Replaying: fmt::Debug + Send + Sync {
    fn input(&mut self, now: Now, form: &str) -> Result<(), String>;

    /// The line of the next output that is written.
    fn output(&mut self, mask: &Mask) -> String;
}

impl<M: Recordable + fmt::Debug + Send + Sync> Replaying for M {
    fn input(&mut self, now: Now, form: &str) -> Result<(), String> {
        self.handle_input(now, M::read_input(form)?);
        Ok(())
    }

    fn output(&mut self, mask: &Mask) -> String {
        loop {
            if let Some(line) = M::output_line(&self.poll_output(), mask) {
                break line;
            }
        }
    }
}

impl Replayer {
    /// Makes the machine that the header names.
    ///
    /// # Errors
    /// If this is not the header of a recording that this version reads.
    pub fn new(header: &str) -> Result<Self, ReplayError> {
        let Header { at, seed, context, machine, .. } = Header::read(header)?;
        let cx = context.context()?;
        let machine: Box<dyn Replaying> = match machine {
            MachineForm::Session { options, resume } => Box::new(Session::new(&cx, options, seed, resume)),
            MachineForm::Call { endpoint, options } => {
                let call = Call::new(&cx, endpoint.into_endpoint()?, options.into_options()?, seed, at);
                Box::new(call.map_err(|e| ReplayError::header(e.to_string()))?)
            }
        };
        Ok(Self { machine, mask: Mask::new(cx.api_key()), lines: 1, replayed: Replayed::default() })
    }

    /// The next line, with the `\n` that ends it. One without is the last, and may break off anywhere.
    ///
    /// # Errors
    /// [`ReplayError::Different`] if the machine says something else; [`ReplayError::Line`] if this is no line of a
    /// recording. The machine has to be given up then.
    pub fn line(&mut self, line: &[u8]) -> Result<(), ReplayError> {
        self.lines = self.lines.saturating_add(1);
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        if self.replayed.truncated {
            return Err(self.unreadable("it comes after a line that breaks off".to_owned()));
        }
        let whole = line.ends_with(b"\n");
        let text = core::str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned());
        match text.and_then(|text| Ok((text, from_str::<Line<'_>>(text).map_err(|e| e.to_string())?))) {
            Ok((text, line)) => self.step(text, &line),
            Err(_) if !whole && line.starts_with(b"{") => {
                self.replayed.truncated = true;
                Ok(())
            }
            Err(problem) => Err(self.unreadable(problem)),
        }
    }

    /// What was replayed so far.
    #[must_use]
    pub fn replayed(&self) -> Replayed {
        self.replayed
    }

    fn step(&mut self, text: &str, line: &Line<'_>) -> Result<(), ReplayError> {
        match (line.at, line.input, line.out) {
            (Some(at), Some(input), None) => {
                self.machine.input(at, input.get()).map_err(|problem| self.unreadable(problem))?;
                self.replayed.inputs = self.replayed.inputs.saturating_add(1);
                Ok(())
            }
            (None, None, Some(_)) => {
                let got = self.machine.output(&self.mask);
                self.replayed.outputs = self.replayed.outputs.saturating_add(1);
                if same(text, &got) { Ok(()) } else { Err(self.different(text, &got)) }
            }
            _ => Err(self.unreadable("it is neither an input nor an output".to_owned())),
        }
    }

    fn unreadable(&self, problem: String) -> ReplayError {
        ReplayError::Line { line: self.lines, problem }
    }

    fn different(&self, expected: &str, got: &str) -> ReplayError {
        let [expected, got] = [expected, got].map(|text| text.trim().to_owned());
        ReplayError::Different(Box::new(Difference { line: self.lines, expected, got }))
    }
}

/// Equal as written, or else as JSON: a recording may have passed through a formatter.
fn same(expected: &str, got: &str) -> bool {
    let value = |text: &str| from_str::<Value>(text).ok();
    expected.trim_end() == got.trim_end() || value(expected).is_some_and(|expected| Some(expected) == value(got))
}
