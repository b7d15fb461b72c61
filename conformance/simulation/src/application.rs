//! The application: it takes deliveries, and its handlers are as good as the schedule says.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::client::Outcome;
use super::platform::Number;
use super::schedule::HandlerFault;

#[derive(Debug, Default)]
pub(super) struct Application {
    pub(super) faults: VecDeque<HandlerFault>,
    /// How often a message still fails.
    failing: BTreeMap<Number, u32>,
    seen: BTreeMap<Number, HandlerFault>,
    /// Deliveries that are never settled.
    stuck: Vec<u64>,
    pub(super) healed: bool,
}

/// What the handler does with one delivery.
#[derive(Debug)]
pub(super) enum Plan {
    Settle { after: Duration, outcome: Outcome },
    Never,
}

impl Application {
    /// What is done with a delivery; whether a fault had its say for the first time.
    pub(super) fn handle(&mut self, message: Number, token: u64, usual: Duration) -> (Plan, Option<HandlerFault>) {
        let mut fresh = None;
        if !self.healed
            && !self.seen.contains_key(&message)
            && let Some(fault) = self.faults.pop_front()
        {
            self.seen.insert(message, fault);
            fresh = Some(fault);
            match fault {
                HandlerFault::Fails(times) => _ = self.failing.insert(message, times.into()),
                HandlerFault::FailsFor(_) => _ = self.failing.insert(message, 1),
                HandlerFault::AlwaysFails => _ = self.failing.insert(message, u32::MAX),
                _ => {}
            }
        }
        let fault = self.seen.get(&message).copied();
        let failed = |retry_after| Plan::Settle { after: usual, outcome: Outcome::Failed { retry_after } };
        if let Some(left) = self.failing.get_mut(&message).filter(|left| **left > 0) {
            *left -= 1;
            let retry_after = match fault {
                Some(HandlerFault::FailsFor(wait)) => Some(wait),
                _ => None,
            };
            return (failed(retry_after), fresh);
        }
        let plan = match fault {
            Some(HandlerFault::NeverSettles) if !self.healed => {
                self.stuck.push(token);
                Plan::Never
            }
            Some(HandlerFault::Discards) => Plan::Settle { after: usual, outcome: Outcome::Discarded },
            Some(HandlerFault::Slow(after)) => Plan::Settle { after, outcome: Outcome::Handled },
            _ => Plan::Settle { after: usual, outcome: Outcome::Handled },
        };
        (plan, fresh)
    }

    /// The process dies: its handlers are gone, and so is what they never said.
    pub(super) fn die(&mut self) {
        self.stuck.clear();
    }

    /// From now on everything is handled; gives the deliveries that were never settled.
    pub(super) fn heal(&mut self) -> Vec<u64> {
        self.healed = true;
        self.faults.clear();
        self.failing.clear();
        std::mem::take(&mut self.stuck)
    }
}
