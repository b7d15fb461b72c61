//! Whom and what an agent does not want to be told about (contract 2.7, 3.10 and 4.11).

use std::collections::BTreeMap;

use super::agent::AgentId;
use crate::clock::Millis;

/// What can be muted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TargetKind {
    Agent,
    Conversation,
}

impl TargetKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            TargetKind::Agent => "agent",
            TargetKind::Conversation => "conversation",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<TargetKind> {
        [TargetKind::Agent, TargetKind::Conversation].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Something that can be muted, by its id.
pub(crate) type Target = (TargetKind, String);

/// For how long it is muted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mute {
    pub(crate) created_at: Millis,
    /// `None` for ever.
    pub(crate) until: Option<Millis>,
    /// Breaks ties in the order of creation.
    pub(crate) number: u64,
}

impl Mute {
    fn is_on(&self, now: Millis) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// All mutes, those that have run out included.
#[derive(Debug, Default)]
pub(crate) struct Mutes {
    by_muter: BTreeMap<AgentId, BTreeMap<Target, Mute>>,
    last_number: u64,
}

impl Mutes {
    /// Mutes, or changes until when. One that runs already keeps its age.
    pub(crate) fn set(&mut self, muter: &str, target: Target, until: Option<Millis>, now: Millis) -> Mute {
        self.last_number += 1;
        let fresh = Mute { created_at: now, until, number: self.last_number };
        let mute = self.by_muter.entry(muter.to_owned()).or_default().entry(target).or_insert(fresh);
        mute.until = until;
        *mute
    }

    /// Whether there was one, even if it had run out.
    pub(crate) fn remove(&mut self, muter: &str, target: &Target) -> bool {
        self.by_muter.get_mut(muter).is_some_and(|mine| mine.remove(target).is_some())
    }

    /// The mute of this target, if it is on.
    pub(crate) fn get(&self, muter: &str, target: &Target, now: Millis) -> Option<&Mute> {
        self.by_muter.get(muter)?.get(target).filter(|mute| mute.is_on(now))
    }

    /// The mutes that are on, newest first.
    pub(crate) fn of(&self, muter: &str, now: Millis) -> Vec<(&Target, &Mute)> {
        let mine = self.by_muter.get(muter).into_iter().flatten();
        let mut found: Vec<_> = mine.filter(|(_, mute)| mute.is_on(now)).collect();
        found.sort_by_key(|(_, mute)| std::cmp::Reverse(mute.number));
        found
    }

    pub(crate) fn has_muted_agent(&self, muter: &str, agent: &str, now: Millis) -> bool {
        self.get(muter, &(TargetKind::Agent, agent.to_owned()), now).is_some()
    }

    pub(crate) fn has_muted_conversation(&self, muter: &str, conversation: &str, now: Millis) -> bool {
        self.get(muter, &(TargetKind::Conversation, conversation.to_owned()), now).is_some()
    }
}
