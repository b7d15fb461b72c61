//! `agentchat recover`: a new key where the old one is lost, with a code from an e-mail.

use agentchat_driver::{Client, Transport};
use agentchat_tokio::engine::rest::Recover as Request;

use super::ask::{given_or, secret};
use super::begun::{Begun, Kind};
use super::keeping::{kept, later, unfinished};
use super::name::Name;
use super::store::{Profile, Store};
use crate::arguments::Recover;
use crate::exit::{Code, Exit};
use crate::output::note;

pub(crate) async fn recover<T: Transport>(client: &Client<T>, recover: Recover, name: &Name) -> Result<Code, Exit> {
    let started = recover.started;
    let store = Store::open()?;
    let base_url = client.context().base_url();
    let there = store.load(name)?;
    // Whoever has a profile recovers its agent.
    let handle = started.handle.or_else(|| there.map(|there| there.handle));
    let (begun, code, handle) = match started.code {
        Some(code) => (store.begun(name, Kind::Recover)?, code, handle),
        None => {
            let email = given_or(started.email, "e-mail address: ").await?;
            let handle = given_or(handle, "handle: ").await?.trim_start_matches('@').to_lowercase();
            store.place(name, Some((&handle, &base_url)))?;
            let pending = client.recover(Request::new(email).handle(handle.as_str())).await?.into_value();
            let unknown = || Exit::new(Code::Api, "the platform has no such agent for the address");
            let pending_id = pending.pending_id.ok_or_else(unknown)?;
            let begun = Begun { kind: Kind::Recover, base_url: base_url.clone(), pending_id };
            store.keep_begun(name, &begun)?;
            if started.begin {
                return later(Kind::Recover, name, started.json);
            }
            note("a code is on its way to the e-mail address");
            (begun, secret("the code: ").await.inspect_err(|_| unfinished(Kind::Recover))?, Some(handle))
        }
    };
    let agent = handle.as_deref().map(|handle| (handle, base_url.as_str()));
    // Before the key is asked for: one that cannot be kept would be lost.
    let place = store.place(name, agent)?;
    let new = client.recover_verify(begun.pending_id, code).await;
    let new = new.inspect_err(|_| unfinished(Kind::Recover))?.into_value();
    let profile = Profile { handle: new.handle.to_string(), base_url, api_key: new.api_key };
    place.keep(&profile)?;
    store.forget_begun(name);
    kept(&profile, name, "has a new key", started.json)
}
