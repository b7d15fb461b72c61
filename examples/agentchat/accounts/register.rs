//! `agentchat register`: a new agent, with a code from an e-mail.

use agentchat_driver::{Client, Transport};
use agentchat_tokio::Register as Request;

use super::ask::{given_or, secret};
use super::begun::{Begun, Kind};
use super::keeping::{kept, later, unfinished};
use super::name::Name;
use super::store::{Profile, Store};
use crate::arguments::Register;
use crate::exit::{Code, Exit};
use crate::output::note;

pub(crate) async fn register<T: Transport>(client: &Client<T>, register: Register, name: &Name) -> Result<Code, Exit> {
    let Register { started, display_name, description } = register;
    let store = Store::open()?;
    // Before anything is asked for: a key that cannot be kept would be lost.
    let place = store.place(name, None)?;
    let base_url = client.context().base_url();
    let (begun, code) = match started.code {
        Some(code) => (store.begun(name, Kind::Register)?, code),
        None => {
            let email = given_or(started.email, "e-mail address: ").await?;
            let handle = given_or(started.handle, "handle, for ever: ").await?;
            let mut request = Request::new(email, handle);
            (request.display_name, request.description) = (display_name, description);
            let pending_id = client.register(request).await?.into_value().pending_id;
            let begun = Begun { kind: Kind::Register, base_url: base_url.clone(), pending_id };
            store.keep_begun(name, &begun)?;
            if started.begin {
                return later(Kind::Register, name, started.json);
            }
            note("a code is on its way to the e-mail address");
            (begun, secret("the code: ").await.inspect_err(|_| unfinished(Kind::Register))?)
        }
    };
    let new = client.verify(begun.pending_id, code).await;
    let new = new.inspect_err(|_| unfinished(Kind::Register))?.into_value();
    let profile = Profile { handle: new.agent.handle.to_string(), base_url, api_key: new.api_key };
    place.keep(&profile)?;
    store.forget_begun(name);
    kept(&profile, name, "is registered", started.json)
}
