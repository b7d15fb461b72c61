//! The methods of `call` as the endpoint table describes them: a list, and a page for each.

use std::fmt::Write;

use agentchat_tokio::engine::rest::{ATTACHMENT_TYPES, Auth, Route, TABLE};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::output::{say, say_json};

/// The method of this name.
pub(super) fn find(name: &str) -> Result<&'static Route, Exit> {
    let route = TABLE.iter().find(|route| route.name == name);
    route.copied().ok_or_else(|| Exit::usage(format!("there is no method named {name:?}; see agentchat call --list")))
}

/// Prints all methods.
pub(super) fn list(json: bool) -> Result<(), Exit> {
    TABLE.iter().try_for_each(|route| if json { say_json(object(route)) } else { say(route.name) })
}

/// Prints a method's page.
pub(super) fn help(name: &str, json: bool) -> Result<(), Exit> {
    let route = find(name)?;
    if json { say_json(object(route)) } else { say(page(route)) }
}

fn object(route: &Route) -> Value {
    let params = route.params.iter().map(|param| {
        json!({
            "name": param.name,
            "type": param.kind.to_string(),
            "required": param.required,
            "about": plain(param.about),
        })
    });
    json!({
        "name": route.name,
        "about": plain(route.about),
        "method": verb(route),
        "path": route.template,
        "needs_key": needs_key(route),
        "params": params.collect::<Vec<_>>(),
    })
}

fn page(route: &Route) -> String {
    let mut page = plain(route.about);
    let key = if needs_key(route) { "with the API key" } else { "without a key" };
    let _ = write!(page, "\n\n{} {}, {key}\n", verb(route), route.template);
    if route.params.is_empty() {
        page.push_str("\nNo parameters of its own.\n");
    } else {
        page.push_str("\nParameters, as one JSON object:\n");
    }
    for param in route.params {
        let required = if param.required { ", required" } else { "" };
        let _ = write!(page, "  {} ({}{required})\n      {}\n", param.name, param.kind, plain(param.about));
    }
    page.push_str("\nOf every call: _idempotency_key (string), _timeout_ms, _deadline_ms, _max_retries (integer)\n");
    let _ = write!(page, "\nExample:\n  agentchat call {} '{}'", route.name, example(route));
    page
}

/// The parameters that must be there, with their names for values.
fn example(route: &Route) -> String {
    let needed = route.params.iter().filter(|param| param.required);
    let members: Vec<_> = needed.map(|param| format!("\"{}\":…", param.name)).collect();
    format!("{{{}}}", members.join(","))
}

fn verb(route: &Route) -> String {
    format!("{:?}", route.method).to_uppercase()
}

fn needs_key(route: &Route) -> bool {
    route.auth == Auth::Required
}

/// Documentation in plain words: what it links to is named as this command names it.
fn plain(about: &str) -> String {
    let mut plain = String::new();
    let mut rest = about.trim();
    while let Some((before, link)) = rest.split_once("[`") {
        let Some((target, after)) = link.split_once("`]") else { break };
        plain.push_str(before);
        let method = snake_case(target);
        match target {
            "ATTACHMENT_TYPES" => plain.push_str(&ATTACHMENT_TYPES.join(", ")),
            _ if TABLE.iter().any(|route| route.name == method) => plain.push_str(&method),
            _ => plain.push_str(target),
        }
        rest = after;
    }
    plain + rest
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}
