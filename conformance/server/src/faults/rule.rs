//! A rule: for what, what then, and how often.

use serde::{Deserialize, Serialize};

use super::frame_fault::{FrameFault, Frames};
use super::invalid_rule::InvalidRule;
use super::request_fault::{RequestFault, Requests};

/// A rule of the switchboard. See [the module](super) for both of its forms, Rust and JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub struct Rule {
    /// For what, and what then.
    pub target: Target,
    /// How many matching requests or frames it lets pass at first.
    pub skip: u64,
    /// How many times it applies; `None` is for ever.
    pub times: Option<u64>,
    /// Whether it applies to every one that it could, or to some of them.
    pub chance: Option<Chance>,
}

/// What a rule is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// Requests, and upgrades to WebSocket.
    Request(Requests, RequestFault),
    /// Frames.
    Frame(Frames, FrameFault),
}

/// Whether a rule applies, drawn anew each time. The same seed gives the same draws.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chance {
    /// 0 to 1.
    pub probability: f64,
    /// Where the draws come from.
    pub seed: u64,
}

impl Rule {
    /// A rule for requests.
    #[must_use]
    pub fn request(on: Requests, fault: RequestFault) -> Rule {
        Rule { target: Target::Request(on, fault), skip: 0, times: None, chance: None }
    }

    /// A rule for frames.
    #[must_use]
    pub fn frame(on: Frames, fault: FrameFault) -> Rule {
        Rule { target: Target::Frame(on, fault), skip: 0, times: None, chance: None }
    }

    /// Lets the first ones pass.
    #[must_use]
    pub fn skip(mut self, skip: u64) -> Rule {
        self.skip = skip;
        self
    }

    /// Applies so many times and then no more.
    #[must_use]
    pub fn times(mut self, times: u64) -> Rule {
        self.times = Some(times);
        self
    }

    /// Applies with a probability.
    #[must_use]
    pub fn chance(mut self, probability: f64, seed: u64) -> Rule {
        self.chance = Some(Chance { probability, seed });
        self
    }

    pub(super) fn check(&self) -> Result<(), InvalidRule> {
        if self.chance.is_some_and(|chance| !(0.0..=1.0).contains(&chance.probability)) {
            return Err(InvalidRule::new("a probability must be 0 to 1"));
        }
        match &self.target {
            Target::Request(on, fault) => on.check().and_then(|()| fault.check()),
            Target::Frame(_, fault) => fault.check(),
        }
    }
}

/// A rule in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<Pair<Requests, RequestFault>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    frame: Option<Pair<Frames, FrameFault>>,
    #[serde(default)]
    skip: u64,
    #[serde(default)]
    times: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chance: Option<Chance>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair<On: Default, Fault> {
    #[serde(default)]
    on: On,
    #[serde(rename = "do")]
    fault: Fault,
}

impl TryFrom<Fields> for Rule {
    type Error = InvalidRule;

    fn try_from(fields: Fields) -> Result<Rule, InvalidRule> {
        let target = match (fields.request, fields.frame) {
            (Some(Pair { on, fault }), None) => Target::Request(on, fault),
            (None, Some(Pair { on, fault })) => Target::Frame(on, fault),
            _ => return Err(InvalidRule::new("a rule has either `request` or `frame`")),
        };
        Ok(Rule { target, skip: fields.skip, times: fields.times, chance: fields.chance })
    }
}

impl From<Rule> for Fields {
    fn from(rule: Rule) -> Fields {
        let (request, frame) = match rule.target {
            Target::Request(on, fault) => (Some(Pair { on, fault }), None),
            Target::Frame(on, fault) => (None, Some(Pair { on, fault })),
        };
        Fields { request, frame, skip: rule.skip, times: rule.times, chance: rule.chance }
    }
}
