//! Running schedules: one, or as many as there are seeds, on as many threads as there are.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::client::Subject;
use super::execute::execute;
use super::generate::generate;
use super::scenario::Scenario;
use super::schedule::Schedule;
use super::shrink::shrink;
use super::tally::{Tally, Violation};
use super::world::World;

/// How many failures of many seeds are kept.
const FAILURES: usize = 10;

/// A seed whose run broke a promise.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// The scenario that it was run in.
    pub scenario: Scenario,
    /// What was broken.
    pub violation: Violation,
}

/// What many runs came to.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// Counts over all runs.
    pub tally: Tally,
    /// How many runs broke a promise.
    pub violations: u64,
    /// Those of the lowest seeds.
    pub failures: Vec<Failure>,
}

/// One run, told in full.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Account {
    /// What was done.
    pub schedule: Schedule,
    /// Counts.
    pub tally: Tally,
    /// What happened, a line each.
    pub trace: Vec<String>,
    /// What was broken.
    pub violation: Option<Violation>,
    /// The inputs and outputs of the engine's session, a recording for each process; empty for a toy.
    pub recordings: Vec<String>,
}

pub(super) fn account<S: Subject>(subject: &S, schedule: Schedule) -> Account {
    let mut world = World::new(subject, &schedule, true);
    let violation = world.run(&schedule).err();
    let (tally, trace) = (world.tally, world.trace.unwrap_or_default());
    Account { schedule, tally, trace, violation, recordings: Vec::new() }
}

/// The schedule of a seed; with `shortest`, if it breaks a promise, the shortest one found that breaks it.
pub(super) fn chosen<S: Subject>(subject: &S, scenario: Scenario, seed: u64, shortest: bool) -> Schedule {
    let schedule = generate(scenario, seed);
    match shortest.then(|| execute(subject, &schedule).1).flatten() {
        Some(violation) => shrink(subject, schedule, violation.promise),
        None => schedule,
    }
}

/// Runs seeds from `first` on. The report does not depend on the number of threads.
pub(super) fn explore<S: Subject + Sync>(
    subject: &S,
    scenario: Option<Scenario>,
    first: u64,
    seeds: u64,
    threads: usize,
) -> Report {
    let next = AtomicU64::new(0);
    let report = Mutex::new(Report::default());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut mine = Report::default();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= seeds {
                        break;
                    }
                    let seed = first.wrapping_add(n);
                    let scenario = scenario.unwrap_or_else(|| Scenario::of_seed(seed));
                    let (tally, violation) = execute(subject, &generate(scenario, seed));
                    mine.tally.add(&tally);
                    mine.violations += u64::from(violation.is_some());
                    mine.failures.extend(violation.map(|violation| Failure { seed, scenario, violation }));
                    keep_lowest(&mut mine.failures);
                }
                let mut all = report.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                all.tally.add(&mine.tally);
                all.violations += mine.violations;
                all.failures.append(&mut mine.failures);
                keep_lowest(&mut all.failures);
            });
        }
    });
    report.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn keep_lowest(failures: &mut Vec<Failure>) {
    failures.sort_by_key(|failure| failure.seed);
    failures.truncate(FAILURES);
}
