//! What every row of the endpoint table must have: a description with its section of the contract, a vector, a name for
//! the command line, and a round trip from the typed client through real sockets to the local platform and back.
//!
//! A row that is added without one of these makes a test here fail, and so does one that is taken away.

mod agents;
mod cancellation;
mod contacts;
mod conversations;
mod coordination;
mod groups;
mod keys;
mod messages;
mod mutes;
mod presence;
mod table;
mod uploads;
mod webhooks;
mod world;

use agentchat_local::RecordedRequest;
use agentchat_tokio::engine::rest::{Route, TABLE};
use serde_json::Value;
use world::World;

#[tokio::test]
async fn every_row_makes_a_round_trip() {
    let world = World::start().await;
    keys::story(&world).await;
    agents::story(&world).await;
    messages::story(&world).await;
    conversations::story(&world).await;
    groups::story(&world).await;
    contacts::story(&world).await;
    mutes::story(&world).await;
    presence::story(&world).await;
    uploads::story(&world).await;
    webhooks::story(&world).await;
    coordination::story(&world).await;

    let requests = world.platform.requests();
    let is_missing = |route: &&&Route| !requests.iter().any(|request| leads(route, request));
    let missing: Vec<&str> = TABLE.iter().filter(is_missing).map(|route| route.name).collect();
    assert!(missing.is_empty(), "no round trip of {missing:?}");
    world.platform.shutdown().await;
}

/// Whether a request is one of this row. Every call of the stories must succeed, so a request is a round trip.
fn leads(route: &Route, request: &RecordedRequest) -> bool {
    let is_parameter = |segment: &str| segment.starts_with('{');
    let fits = |(template, sent): (&str, &str)| is_parameter(template) || template == sent;
    // A literal of another row is no parameter of this one: `/v1/agents/me` is not the profile of @me.
    let is_other = TABLE.iter().any(|other| {
        other.method == route.method && other.template == request.path && other.template != route.template
    });
    format!("{:?}", route.method).eq_ignore_ascii_case(&request.method)
        && route.template.split('/').count() == request.path.split('/').count()
        && route.template.split('/').zip(request.path.split('/')).all(fits)
        && !is_other
        && says_the_kind_of(route, request)
}

/// Two rows share method and path, and differ in what they say in the body.
fn says_the_kind_of(route: &Route, request: &RecordedRequest) -> bool {
    let kind = match route.name {
        "mute_agent" => "agent",
        "mute_conversation" => "conversation",
        _ => return true,
    };
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    body["target_kind"] == kind
}
