//! The deterministic simulation: one client of the platform, a model of the platform, the network between them and the
//! application above, all from one seed; and a judge that checks the five promises of realtime delivery after every step.
//!
//! ```text
//! cargo run --release -p agentchat-simulation --bin simulate -- --seeds 100000
//! cargo run --release -p agentchat-simulation --bin simulate -- --scenario crash --seed 42 --trace
//! ```
//!
//! # How a run goes
//! The seed gives a [`Schedule`]: the surroundings, and an explicit list of steps, each with the time that passes before it.
//! A step says a message, arms a fault, cuts a socket, kills the process. All else follows: what was sent arrives after
//! its latency, handlers take their time, the client gets `Timeout` exactly when it asks for it. After the last step the
//! faults stop, and the client must come to rest with all that has arrived handled. Then it gets one new connection
//! without faults and one more message in every conversation; after that the platform must have nothing undelivered.
//!
//! | promise | what is checked after every step |
//! |---|---|
//! | nothing lost | no ack, by frame or cursor, for what was never settled; no ack to a platform that takes none; no own message offered; no seq called absent that history has; at rest, all that arrived, is visibly missing or was given up as a gap is handled, or given up after its failures; in the end nothing is stored; a signal is sent or handed back; before a close, what was handled is acked, and handlers have their time |
//! | in order | rising seqs unless flagged late, and nothing flagged that is not; one in flight; nothing offered over the head of a visible gap without a gap event; a gap begins with what is missing; no gap is given up before the patience ends because history failed; nothing is late while the platform is held back |
//! | no duplicates | nothing offered that was settled, or is in flight, or that an earlier process handled and a drain stepped over; across a restart, as far as the checkpoint goes |
//! | bounded | the configured buffers, empty again in the end; deliveries in flight; offers of one message; attempts counted right; no question to history with nothing missing; nothing is shed while the platform can be held back |
//! | live | a timeout that was handled is not due still, and one that came too early changes nothing; no endless output; no frame ends a connection; the drain pages on, whatever is not settled; connected again after the last fault; a final event at the end, no end without a reason, and none that is put off |
//!
//! What is *not* promised: what a platform without acks wrote to a socket that lost it, unless a later live message shows the
//! gap; what lies between rows of the sync; what was handled by an earlier process; what a crash without a checkpoint
//! has forgotten may be offered again; after an older checkpoint, what was settled since.
//!
//! # Reading a trace
//! A line is the virtual time in seconds and what happened. `#` is a step of the schedule, `>` an input of the client,
//! `<` an output. Messages are `msg_` and a number in the order in which the platform stored them;
//! their cursors are `del_` and the same number; the parentheses show conversation, seq, sort, and whether the platform
//! still stores a delivery.
//!
//! # Reproducing
//! A violation is printed with its seed and scenario, and once more with the shortest schedule that was found to break
//! the same promise: steps are left out in ever smaller portions. `--trace` with that scenario and seed tells the whole
//! run. The result depends on nothing but scenario, seed and the code: not on the machine, not on threads.
//!
//! The run of that shortest schedule is also written as recordings, one for each process of the client, to the folder that
//! `--record` names or else to `target/simulation`. `agentchat replay` replays them without any simulation around, step by
//! step. With `--trace` and `--record` any run is recorded, whole and whether or not it breaks a promise.
//!
//! # Can it find anything?
//! [`Mistake`] lists what the official SDKs get wrong. A toy client passes the scenario named for each; with that mistake
//! it does not, and `tests/simulation` says so. The table is in `toy/mistake.rs`.

mod application;
mod client;
mod contract;
mod dice;
mod endings;
mod engine;
mod execute;
mod fault_names;
mod faults;
mod generate;
mod judge;
mod mix;
mod network;
mod passing;
mod platform;
mod recorded;
mod run;
mod scenario;
mod schedule;
mod serving;
mod shrink;
mod signals;
mod tally;
mod toy;
mod traffic;
mod wire;
mod world;

pub use run::{Account, Failure, Report};
pub use scenario::Scenario;
pub use schedule::Schedule;
pub use tally::{Promise, Tally, Violation};
pub use toy::Mistake;

use engine::Engines;
use recorded::RecordedEngines;
use toy::Toys;

/// Runs the engine's session through the schedules of `seeds` seeds from `first` on; without a scenario every seed
/// chooses one.
///
/// ```
/// let report = agentchat_simulation::explore(None, 0, 10, 1);
/// assert_eq!((report.tally.schedules, report.violations), (10, 0));
/// ```
#[must_use]
pub fn explore(scenario: Option<Scenario>, first: u64, seeds: u64, threads: usize) -> Report {
    run::explore(&Engines::new(), scenario, first, seeds, threads)
}

/// Runs one seed and tells all of it; with `shortest`, a broken promise by the shortest schedule found that breaks it.
///
/// ```
/// use agentchat_simulation::{Scenario, tell};
///
/// let account = tell(Some(Scenario::Calm), 1, false);
/// assert!(account.violation.is_none());
/// assert!(account.trace.iter().any(|line| line.contains("# Start")));
/// ```
#[must_use]
pub fn tell(scenario: Option<Scenario>, seed: u64, shortest: bool) -> Account {
    let engines = Engines::new();
    let schedule = run::chosen(&engines, scenario.unwrap_or_else(|| Scenario::of_seed(seed)), seed, shortest);
    recorded(engines, schedule)
}

/// As [`tell`], of the schedule that bytes choose: the scenario, the surroundings, and each step with its wait. Whatever the bytes
/// are, there is one. This is for fuzzers, which vary bytes.
///
/// ```
/// let account = agentchat_simulation::tell_given(b"any bytes");
/// assert!(account.violation.is_none());
/// assert_eq!(account.recordings.len(), 1);
/// ```
#[must_use]
pub fn tell_given(choices: &[u8]) -> Account {
    recorded(Engines::new(), generate::given(choices))
}

/// What the schedule that bytes choose breaks, if anything; [`tell_given`] tells all of it, and takes several times as long.
///
/// ```
/// assert_eq!(agentchat_simulation::try_given(b"any bytes"), None);
/// ```
#[must_use]
pub fn try_given(choices: &[u8]) -> Option<Violation> {
    execute::execute(&Engines::new(), &generate::given(choices)).1
}

fn recorded(engines: Engines, schedule: Schedule) -> Account {
    let recorded = RecordedEngines::new(engines);
    let account = run::account(&recorded, schedule);
    Account { recordings: recorded.recordings(), ..account }
}

/// As [`explore`], but with the toy client, which makes one mistake or none.
///
/// ```
/// use agentchat_simulation::{Mistake, Scenario, explore_toy};
///
/// assert_eq!(explore_toy(None, Scenario::Calm, 0, 20, 1).violations, 0);
/// assert_ne!(explore_toy(Some(Mistake::HandlersOverlap), Scenario::Calm, 0, 20, 1).violations, 0);
/// ```
#[must_use]
pub fn explore_toy(mistake: Option<Mistake>, scenario: Scenario, first: u64, seeds: u64, threads: usize) -> Report {
    run::explore(&Toys(mistake), Some(scenario), first, seeds, threads)
}

/// As [`tell`], but with the toy client.
#[must_use]
pub fn tell_toy(mistake: Option<Mistake>, scenario: Scenario, seed: u64, shortest: bool) -> Account {
    let toys = Toys(mistake);
    run::account(&toys, run::chosen(&toys, scenario, seed, shortest))
}
