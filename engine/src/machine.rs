//! [`Machine`]: what a [`Session`](crate::Session), a [`Call`](crate::Call) and a [`Transfer`](crate::transfer::Transfer)
//! have in common, as a type.
//!
//! Every machine has the two doors as methods of its own, so that code for one of them imports no trait; the trait is for
//! code that runs any of them. It is as small as that allows:
//!
//! - Time comes in by the same door as everything else, as [`TIMEOUT`](Machine::TIMEOUT), and
//!   [`handle_timeout`](Machine::handle_timeout) is that input and no door beside it, as quinn's is: what passes the one door
//!   is all that ever happened, which is what makes a recording complete.
//! - What a machine waits for is an output, as str0m's, and no question of its own as quinn's `poll_timeout`: it cannot be
//!   asked while there is still something to do, nor forgotten.
//! - The trait says of an output only whether the machine [pauses](Machine::pause). What else one asks for is an exhaustive
//!   enum of each machine, because a driver has to know it to do it.

use crate::realtime::{Input, Output, Session};
use crate::rest::{Call, CallInput, CallOutput, Endpoint};
use crate::time::{Mono, Now};
use crate::transfer::{Transfer, TransferInput, TransferOutput};

/// A state machine with one input door and one output door: a [`Session`](crate::Session), a [`Call`](crate::Call), a
/// [`Transfer`](crate::transfer::Transfer), or a [`Recorder`](crate::recording::Recorder) around one.
///
/// The doors are also methods of each machine, so this is needed only where code runs any of them. It cannot be implemented
/// outside this crate.
///
/// ```
/// use agentchat_engine::rest::GetAgent;
/// use agentchat_engine::transfer::{Transfer, TransferOptions};
/// use agentchat_engine::{Call, CallOptions, Context, Machine, Now, Pause, Seed, types::SignedUrl};
/// use std::time::Duration;
///
/// /// Runs a machine that nobody answers until it gives up.
/// fn unanswered(machine: &mut impl Machine) -> Duration {
///     let mut now = Now::default();
///     while let Some(wake) = wake(machine) {
///         now.mono = wake;
///         machine.handle_timeout(now);
///     }
///     now.mono.saturating_since(Now::default().mono)
/// }
///
/// /// Takes what a machine asks for, without doing it, until the machine pauses.
/// fn wake<M: Machine>(machine: &mut M) -> Option<agentchat_engine::Mono> {
///     loop {
///         match M::pause(&machine.poll_output()) {
///             None => {}
///             Some(Pause::Idle { wake }) => return wake,
///             Some(Pause::Finished) => return None,
///         }
///     }
/// }
///
/// let (seed, five) = (|n| Seed::from_bytes([n; 32]), Duration::from_secs(5));
/// let cx = Context::builder().build()?;
/// let options = CallOptions::default().deadline(five);
/// let mut call = Call::new(&cx, GetAgent::new("@alice"), options, seed(1), Now::default())?;
/// assert_eq!(unanswered(&mut call), five);
///
/// let url = SignedUrl::from("https://storage.example/f?signature=x");
/// let options = TransferOptions::default().deadline(five);
/// let mut transfer = Transfer::put(&url, "text/plain", 3, options, seed(2), Now::default())?;
/// assert_eq!(unanswered(&mut transfer), five);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Machine: sealed::Sealed {
    /// What happened.
    type Input;

    /// What to do next. The last one before a wait is one for which [`pause`](Self::pause) returns `Some`.
    type Output;

    /// The input that says that time has passed. Early and repeated ones change nothing.
    const TIMEOUT: Self::Input;

    /// Takes what happened, and when. Never fails and never panics, whatever the inputs and their order.
    fn handle_input(&mut self, now: Now, input: Self::Input);

    /// What to do next. Takes no time.
    fn poll_output(&mut self) -> Self::Output;

    /// Whether the machine has nothing to do after this output, and for how long.
    fn pause(output: &Self::Output) -> Option<Pause>;

    /// [`handle_input`](Self::handle_input) with [`TIMEOUT`](Self::TIMEOUT).
    ///
    /// ```
    /// # use agentchat_engine::realtime::{Session, SessionOptions};
    /// # use agentchat_engine::{Context, Machine, Now, Seed};
    /// # let cx = Context::builder().build()?;
    /// let mut session = Session::new(&cx, SessionOptions::default(), Seed::from_bytes([9; 32]), None);
    /// session.handle_timeout(Now::default());
    /// # Ok::<(), agentchat_engine::ConfigError>(())
    /// ```
    fn handle_timeout(&mut self, now: Now) {
        self.handle_input(now, Self::TIMEOUT);
    }
}

/// A machine has nothing to do.
///
/// ```
/// use agentchat_engine::{CallOutput, Mono};
/// use agentchat_engine::{Call, Machine, Pause, rest::GetMe};
///
/// let wake = Some(Mono::from_micros(5));
/// assert_eq!(Call::<GetMe>::pause(&CallOutput::Idle { wake }), Some(Pause::Idle { wake }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Until an input comes.
    Idle {
        /// When to say [`Machine::TIMEOUT`], if at all.
        wake: Option<Mono>,
    },
    /// For good: the final output came before.
    Finished,
}

pub(crate) mod sealed {
    /// Implemented by the machines of this crate.
    pub trait Sealed {}
}

/// Makes the doors that a machine has the trait's.
macro_rules! machines {
    ($($machine:ident $(<$endpoint:ident>)?: $input:ident => $output:ident $(<$value:ty>)?,)*) => {$(
        impl $(<$endpoint: Endpoint>)? sealed::Sealed for $machine $(<$endpoint>)? {}

        impl $(<$endpoint: Endpoint>)? Machine for $machine $(<$endpoint>)? {
            type Input = $input;
            type Output = $output $(<$value>)?;

            const TIMEOUT: Self::Input = $input::Timeout;

            fn handle_input(&mut self, now: Now, input: Self::Input) {
                self.handle_input(now, input);
            }

            fn poll_output(&mut self) -> Self::Output {
                self.poll_output()
            }

            fn pause(output: &Self::Output) -> Option<Pause> {
                match output {
                    $output::Idle { wake, .. } => Some(Pause::Idle { wake: *wake }),
                    $output::Finished => Some(Pause::Finished),
                    _ => None,
                }
            }
        }
    )*};
}

machines! {
    Session: Input => Output,
    Call<E>: CallInput => CallOutput<E::Output>,
    Transfer: TransferInput => TransferOutput,
}
