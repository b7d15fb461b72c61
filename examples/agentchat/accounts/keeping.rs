//! `agentchat login` and `whoami`, and the line that every command prints after it has stored a key.

use agentchat_driver::{Client, Transport};
use agentchat_tokio::ApiKey;
use serde_json::json;

use super::ask::secret;
use super::begun::Kind;
use super::name::Name;
use super::store::{Profile, Store};
use crate::arguments::{Connection, KeySource};
use crate::exit::{Code, Exit};
use crate::output::{note, say, say_json};

/// The key to keep: of the file or the environment, else asked for.
pub(crate) async fn key_to_keep(connection: &Connection) -> Result<ApiKey, Exit> {
    match connection.given_key()? {
        Some((key, _)) => Ok(key),
        None => ApiKey::new(secret("the API key: ").await?).map_err(Exit::usage),
    }
}

/// Keeps the client's key, once the platform has taken it.
pub(crate) async fn login<T: Transport>(client: &Client<T>, name: &Name, json: bool) -> Result<Code, Exit> {
    let handle = client.get_me().await?.handle.to_string();
    let base_url = client.context().base_url();
    let place = Store::open()?.place(name, Some((&handle, &base_url)))?;
    let key = client.context().api_key().cloned();
    let api_key = key.ok_or_else(|| Exit::usage("there is no key to keep"))?;
    let profile = Profile { handle, base_url, api_key };
    place.keep(&profile)?;
    kept(&profile, name, "is logged in", json)
}

/// Which agent the key is of, by the platform's word.
pub(crate) async fn whoami<T: Transport>(client: &Client<T>, key: &KeySource, json: bool) -> Result<Code, Exit> {
    let handle = client.get_me().await?.handle.to_string();
    let base_url = client.context().base_url();
    let profile = match key {
        KeySource::Profile(name) => Some(name.as_str()),
        _ => None,
    };
    if json {
        say_json(json!({"handle": handle, "base_url": base_url, "profile": profile}))?;
    } else {
        let from = profile.map(|name| format!(", profile {name}")).unwrap_or_default();
        say(format_args!("@{handle} at {base_url}{from}"))?;
    }
    Ok(Code::Ok)
}

/// Says that a key is kept.
pub(super) fn kept(profile: &Profile, name: &Name, what: &str, json: bool) -> Result<Code, Exit> {
    let Profile { handle, base_url, .. } = profile;
    if json {
        say_json(json!({"handle": handle, "base_url": base_url, "profile": name.as_str()}))?;
    } else {
        say(format_args!("@{handle} {what}; its key is in the profile {name}"))?;
    }
    Ok(Code::Ok)
}

/// Says that a code is waited for.
pub(super) fn later(kind: Kind, name: &Name, json: bool) -> Result<Code, Exit> {
    if json {
        say_json(json!({"begun": kind, "profile": name.as_str()}))?;
    } else {
        say(format_args!("a code is on its way to the e-mail address; finish with: agentchat {kind} --code CODE"))?;
    }
    Ok(Code::Ok)
}

/// Says how to go on with what was begun.
pub(super) fn unfinished(kind: Kind) {
    note(format_args!("with the code it can still be finished: agentchat {kind} --code CODE"));
}
