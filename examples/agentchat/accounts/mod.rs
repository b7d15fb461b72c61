//! Accounts: registering, recovering and keeping keys, a profile for each agent.

mod ask;
mod begun;
mod keeping;
mod list;
mod name;
mod recover;
mod register;
mod store;

pub(crate) use begun::Kind;
pub(crate) use keeping::{key_to_keep, login, whoami};
pub(crate) use list::{list, logout};
pub(crate) use name::Name;
pub(crate) use recover::recover;
pub(crate) use register::register;
pub(crate) use store::{Profile, Store};

use agentchat_tokio::Context;

use crate::arguments::Connection;
use crate::exit::Exit;

/// The context in which a registration or recovery is begun, or finished where it was begun.
pub(crate) fn context_for(connection: &Connection, kind: Kind, finishes: bool) -> Result<Context, Exit> {
    if !finishes {
        return connection.context(None, None);
    }
    let begun = Store::open()?.begun(&connection.profile_name(), kind)?;
    let context = connection.context(Some(&begun.base_url), None)?;
    if context.base_url() != begun.base_url {
        return Err(Exit::usage(format!("it was begun at {}, not at {}", begun.base_url, context.base_url())));
    }
    Ok(context)
}
