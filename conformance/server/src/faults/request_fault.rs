//! Faults of the REST API and of the upgrade to WebSocket: for which requests, and what they get.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::body::BodyFault;
use super::invalid_rule::InvalidRule;
use super::made_up_answer::MadeUpAnswer;
use super::routes::RouteName;
use super::wait::Wait;
use crate::handle::normalise;

/// Which requests a rule is for: those for which everything given holds. Nothing given is every request.
///
/// ```
/// use agentchat_local::faults::Requests;
/// let alices_sends = Requests::route("send_message").agent("@alice");
/// let any_read = Requests::path("/v1/messages/*/read").method("POST");
/// let upgrades = Requests::route("ws");
/// # let _ = (alices_sends, any_read, upgrades);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Requests {
    /// The endpoint by its name in the official SDKs, or one of the other names in [`ROUTES`](super::ROUTES).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// `GET`, `POST`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The path as sent, still percent-encoded; `*` is any one segment, and at the end `**` is any rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The caller's handle. Requests without a valid key have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
}

impl Requests {
    /// Every request.
    #[must_use]
    pub fn any() -> Requests {
        Requests::default()
    }

    /// The requests to one endpoint.
    #[must_use]
    pub fn route(name: impl Into<String>) -> Requests {
        Requests { route: Some(name.into()), ..Requests::default() }
    }

    /// The requests with a path of this form.
    #[must_use]
    pub fn path(pattern: impl Into<String>) -> Requests {
        Requests { path: Some(pattern.into()), ..Requests::default() }
    }

    /// Only with this method.
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Requests {
        self.method = Some(method.into());
        self
    }

    /// Only from this agent.
    #[must_use]
    pub fn agent(mut self, handle: impl Into<String>) -> Requests {
        self.agent = Some(handle.into());
        self
    }

    pub(super) fn check(&self) -> Result<(), InvalidRule> {
        match &self.route {
            Some(name) if RouteName::find(name).is_none() => {
                Err(InvalidRule::new(format!("there is no route called {name:?}")))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn matches(&self, request: &Seen<'_>) -> bool {
        let route = self.route.as_deref().and_then(RouteName::find);
        (self.route.is_none() || route.is_some_and(|route| route.leads(request.method, request.template)))
            && self.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(request.method))
            && self.path.as_deref().is_none_or(|pattern| fits(pattern, request.path))
            && self.agent.as_deref().is_none_or(|agent| request.agent == Some(normalise(agent).as_str()))
    }
}

/// What a rule looks at.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// The template of the route that the path leads to, in the router's notation.
    pub(crate) template: Option<&'a str>,
    pub(crate) agent: Option<&'a str>,
}

fn fits(pattern: &str, path: &str) -> bool {
    let mut path = path.split('/');
    for piece in pattern.split('/') {
        match (piece, path.next()) {
            ("**", Some(_)) => return true,
            ("*", Some(_)) => {}
            (piece, Some(segment)) if piece == segment => {}
            _ => return false,
        }
    }
    path.next().is_none()
}

/// What becomes of a request.
///
/// The order is: the call is carried out (or not), then comes the wait, then the answer. So a client that gives up during
/// the wait has sent a message all the same, if the call was carried out.
///
/// ```
/// use agentchat_local::faults::{BodyFault, RequestFault, Wait};
/// use std::time::Duration;
/// let refused = RequestFault::respond(429).header("retry-after", "2");
/// let lost_answer = RequestFault::reset().carried_out();
/// let slow = RequestFault::slow(Duration::from_millis(50));
/// let dead = RequestFault::silence();
/// # let _ = (refused, lost_answer, slow, dead);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RequestFault {
    /// Carry the call out although its answer will not be seen. Where [`Answer::Pass`] answers, it always is.
    pub carried_out: bool,
    /// The wait before the answer begins.
    pub wait: Wait,
    /// What is answered.
    pub answer: Answer,
    /// What happens to the body of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<BodyFault>,
}

/// How a request is answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// As always.
    #[default]
    Pass,
    /// With this. On the route `ws` it refuses the upgrade.
    Respond(MadeUpAnswer),
    /// Not at all: the connection is closed.
    Close,
    /// Not at all: the connection is reset.
    Reset,
    /// Not at all: the connection stays open and nothing comes.
    Silence,
}

impl RequestFault {
    /// Answers with a status and, until [`RequestFault::header`] and [`RequestFault::text`] add some, nothing else.
    #[must_use]
    pub fn respond(status: u16) -> RequestFault {
        RequestFault { answer: Answer::Respond(MadeUpAnswer::new(status)), ..RequestFault::default() }
    }

    /// Closes the connection without an answer.
    #[must_use]
    pub fn close() -> RequestFault {
        RequestFault { answer: Answer::Close, ..RequestFault::default() }
    }

    /// Resets the connection.
    #[must_use]
    pub fn reset() -> RequestFault {
        RequestFault { answer: Answer::Reset, ..RequestFault::default() }
    }

    /// Never answers.
    #[must_use]
    pub fn silence() -> RequestFault {
        RequestFault { answer: Answer::Silence, ..RequestFault::default() }
    }

    /// Answers as always, after a while.
    #[must_use]
    pub fn slow(wait: Duration) -> RequestFault {
        RequestFault { wait: Wait::For(wait), ..RequestFault::default() }
    }

    /// Answers as always, but with a body that suffers.
    #[must_use]
    pub fn body(fault: BodyFault) -> RequestFault {
        RequestFault { body: Some(fault), ..RequestFault::default() }
    }

    /// The call is carried out all the same.
    #[must_use]
    pub fn carried_out(mut self) -> RequestFault {
        self.carried_out = true;
        self
    }

    /// Adds a wait before the answer.
    #[must_use]
    pub fn after(mut self, wait: Duration) -> RequestFault {
        self.wait = Wait::For(wait);
        self
    }

    /// Lets the body of the answer suffer as well.
    #[must_use]
    pub fn with_body(mut self, fault: BodyFault) -> RequestFault {
        self.body = Some(fault);
        self
    }

    /// Adds a header to an answer of one's own; for other faults it changes nothing.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> RequestFault {
        if let Answer::Respond(made_up) = &mut self.answer {
            made_up.headers.push((name.into(), value.into()));
        }
        self
    }

    /// Gives an answer of one's own a JSON body; for other faults it changes nothing.
    #[must_use]
    pub fn json(mut self, body: Value) -> RequestFault {
        if let Answer::Respond(made_up) = &mut self.answer {
            made_up.body = body;
        }
        self
    }

    /// Gives an answer of one's own a body of plain text; for other faults it changes nothing.
    #[must_use]
    pub fn text(self, body: impl Into<String>) -> RequestFault {
        self.json(Value::String(body.into()))
    }

    pub(super) fn check(&self) -> Result<(), InvalidRule> {
        match &self.answer {
            Answer::Respond(made_up) => made_up.check(),
            Answer::Pass | Answer::Close | Answer::Reset | Answer::Silence => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_go_by_segments() {
        assert!(fits("/v1/messages/*/read", "/v1/messages/msg_1/read"));
        assert!(fits("/v1/**", "/v1/messages/msg_1/read"));
        assert!(fits("/**", "/"));
        assert!(!fits("/v1/messages/*", "/v1/messages/msg_1/read"));
        assert!(!fits("/v1/messages/*", "/v1/messages"));
        assert!(!fits("/v1/messages", "/v1/messages/sync"));
    }
}
