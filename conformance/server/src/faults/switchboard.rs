//! The rules that are in force, in order, and their counters.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use serde::Serialize;
use tokio::sync::Notify;

use super::frame_fault::{Direction, FrameFault};
use super::invalid_rule::InvalidRule;
use super::request_fault::{RequestFault, Seen};
use super::rule::{Rule, Target};

/// Identifies a rule of one platform. Never used twice.
pub type RuleId = u64;

/// What a rule has seen and done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleHits {
    /// Requests or frames that it could have applied to, as no earlier rule did.
    pub matched: u64,
    /// Those that it applied to.
    pub applied: u64,
}

/// A rule in the list of a platform.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListedRule {
    /// What [`Faults::add`] returned.
    pub id: RuleId,
    /// The rule as it was added.
    pub rule: Rule,
    /// Its counters.
    pub hits: RuleHits,
}

#[derive(Debug)]
struct Entry {
    listed: ListedRule,
    draws: ChaCha8Rng,
}

impl Entry {
    /// Counts one that matches, and says whether the rule applies to it.
    fn take(&mut self) -> bool {
        let (rule, hits) = (&self.listed.rule, &mut self.listed.hits);
        hits.matched += 1;
        if hits.matched <= rule.skip || rule.times.is_some_and(|times| hits.applied >= times) {
            return false;
        }
        let is_drawn = rule.chance.is_none_or(|chance| unit(self.draws.next_u64()) < chance.probability);
        hits.applied += u64::from(is_drawn);
        is_drawn
    }
}

/// A number from 0 to 1, not 1 itself, of 53 random bits.
fn unit(bits: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
    let fraction = (bits >> 11) as f64;
    fraction / (1_u64 << 53) as f64
}

/// The rules, shared by all who look at them.
#[derive(Debug, Default)]
pub(crate) struct Switchboard {
    entries: Mutex<Entries>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Entries {
    rules: Vec<Entry>,
    last_id: RuleId,
}

impl Switchboard {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is nothing to look for, which is nearly always.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries().rules.is_empty()
    }

    pub(crate) fn on_request(&self, request: &Seen<'_>) -> Option<RequestFault> {
        self.first(|target| match target {
            Target::Request(on, fault) if on.matches(request) => Some(fault),
            _ => None,
        })
    }

    pub(crate) fn on_frame(&self, direction: Direction, kind: Option<&str>, agent: &str) -> Option<FrameFault> {
        self.first(|target| match target {
            Target::Frame(on, fault) if on.matches(direction, kind, agent) => Some(fault),
            _ => None,
        })
    }

    fn first<T: Clone>(&self, fault: impl Fn(&Target) -> Option<&T>) -> Option<T> {
        let mut entries = self.entries();
        for entry in &mut entries.rules {
            let Some(fault) = fault(&entry.listed.rule.target).cloned() else { continue };
            if entry.take() {
                self.changed.notify_waiters();
                return Some(fault);
            }
        }
        None
    }
}

/// The switchboard of a running platform. Clones are handles of the same one.
#[derive(Clone)]
pub struct Faults(Arc<Switchboard>);

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Faults").field(&self.list()).finish()
    }
}

impl Faults {
    pub(crate) fn new(switchboard: Arc<Switchboard>) -> Faults {
        Faults(switchboard)
    }

    /// Puts a rule in force, behind those that are there.
    ///
    /// # Errors
    /// If it names a route that there is not, or says something that cannot be sent.
    pub fn add(&self, rule: Rule) -> Result<RuleId, InvalidRule> {
        rule.check()?;
        let mut entries = self.0.entries();
        entries.last_id += 1;
        let id = entries.last_id;
        let draws = ChaCha8Rng::seed_from_u64(rule.chance.map_or(0, |chance| chance.seed));
        entries.rules.push(Entry { listed: ListedRule { id, rule, hits: RuleHits::default() }, draws });
        Ok(id)
    }

    /// Takes a rule out of force, and returns what it has done; `None` if it is not there.
    pub fn remove(&self, id: RuleId) -> Option<RuleHits> {
        let mut entries = self.0.entries();
        let place = entries.rules.iter().position(|entry| entry.listed.id == id)?;
        Some(entries.rules.remove(place).listed.hits)
    }

    /// Takes all rules out of force. What they have begun, such as a delay, goes on.
    pub fn clear(&self) {
        self.0.entries().rules.clear();
    }

    /// The rules in the order in which they are asked. One that has applied as often as it may is still among them.
    #[must_use]
    pub fn list(&self) -> Vec<ListedRule> {
        self.0.entries().rules.iter().map(|entry| entry.listed.clone()).collect()
    }

    /// What a rule has seen and done so far.
    #[must_use]
    pub fn hits(&self, id: RuleId) -> Option<RuleHits> {
        self.0.entries().rules.iter().find(|entry| entry.listed.id == id).map(|entry| entry.listed.hits)
    }

    /// Waits until a rule has applied so many times, or is no longer there.
    pub async fn applied(&self, id: RuleId, times: u64) {
        loop {
            let changed = self.0.changed.notified();
            if self.hits(id).is_none_or(|hits| hits.applied >= times) {
                return;
            }
            changed.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Requests;

    fn get(switchboard: &Switchboard) -> bool {
        let seen = Seen { method: "GET", path: "/", template: Some("/"), agent: None };
        switchboard.on_request(&seen).is_some()
    }

    fn board(rules: impl IntoIterator<Item = Rule>) -> (Arc<Switchboard>, Faults, Vec<RuleId>) {
        let board = Arc::new(Switchboard::default());
        let faults = Faults::new(board.clone());
        let ids = rules.into_iter().map(|rule| faults.add(rule).expect("valid")).collect();
        (board, faults, ids)
    }

    fn any() -> Rule {
        Rule::request(Requests::any(), RequestFault::close())
    }

    #[test]
    fn a_rule_skips_then_applies_then_rests() {
        let (board, faults, ids) = board([any().skip(2).times(2)]);
        let applied: Vec<bool> = (0..6).map(|_| get(&board)).collect();
        assert_eq!(applied, [false, false, true, true, false, false]);
        assert_eq!(faults.hits(ids[0]), Some(RuleHits { matched: 6, applied: 2 }));
        assert_eq!(faults.remove(ids[0]).map(|hits| hits.applied), Some(2));
        assert_eq!(faults.hits(ids[0]), None);
    }

    #[test]
    fn the_first_rule_that_applies_hides_the_request_from_the_others() {
        let (board, faults, ids) = board([any().times(1), any()]);
        assert!(get(&board) && get(&board));
        let hits: Vec<RuleHits> = ids.iter().filter_map(|id| faults.hits(*id)).collect();
        assert_eq!(hits, [RuleHits { matched: 2, applied: 1 }, RuleHits { matched: 1, applied: 1 }]);
    }

    #[test]
    fn a_seed_makes_chance_repeatable() {
        let draw = |seed| {
            let (board, _, _) = board([any().chance(0.5, seed)]);
            (0..64).map(|_| get(&board)).collect::<Vec<bool>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        let count = draw(3).iter().filter(|applied| **applied).count();
        assert!((16..48).contains(&count), "{count} of 64");
        let (board, _, _) = board([any().chance(0.0, 1), any().chance(1.0, 1)]);
        assert!((0..64).all(|_| get(&board)));
    }

    #[test]
    fn rules_that_make_no_sense_are_refused() {
        let (_, faults, _) = board([]);
        for rule in [
            any().chance(1.5, 0),
            any().chance(f64::NAN, 0),
            Rule::request(Requests::route("make_coffee"), RequestFault::close()),
            Rule::request(Requests::any(), RequestFault::respond(101)),
            Rule::request(Requests::any(), RequestFault::respond(200).header("a b", "c")),
            Rule::request(Requests::any(), RequestFault::respond(200).header("a", "b\nc")),
        ] {
            assert!(faults.add(rule.clone()).is_err(), "{rule:?}");
        }
        assert!(faults.list().is_empty());
    }
}
