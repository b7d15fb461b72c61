//! Shortening a schedule that breaks a promise: steps are left out, in ever smaller portions, and waits taken away,
//! for as long as the same promise is still broken (delta debugging).

use std::time::Duration;

use super::client::Subject;
use super::execute::execute;
use super::schedule::{Schedule, Step};
use super::tally::Promise;

pub(super) fn shrink<S: Subject>(subject: &S, mut schedule: Schedule, promise: Promise) -> Schedule {
    let breaks = |steps: &[Step]| {
        let candidate = Schedule { steps: steps.to_vec(), ..schedule.clone() };
        execute(subject, &candidate).1.is_some_and(|violation| violation.promise == promise)
    };
    let mut steps = schedule.steps.clone();
    loop {
        let before = steps.len();
        leave_out(&mut steps, &breaks);
        if steps.len() == before {
            break;
        }
    }
    for at in 0..steps.len() {
        let mut shorter = steps.clone();
        shorter[at].wait = Duration::ZERO;
        if breaks(&shorter) {
            steps = shorter;
        }
    }
    schedule.steps = steps;
    schedule
}

fn leave_out(steps: &mut Vec<Step>, breaks: &impl Fn(&[Step]) -> bool) {
    let mut portion = steps.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        while at < steps.len() {
            let end = (at + portion).min(steps.len());
            let mut shorter = steps.clone();
            // What happens later still happens as late.
            let wait: Duration = shorter.drain(at..end).map(|step| step.wait).sum();
            if let Some(next) = shorter.get_mut(at) {
                next.wait += wait;
            }
            if breaks(&shorter) {
                *steps = shorter;
            } else {
                at = end;
            }
        }
        if portion == 1 {
            break;
        }
        portion = portion.div_ceil(2);
    }
}
