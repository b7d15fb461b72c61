//! `agentchat profiles` and `logout`.

use serde_json::json;

use super::name::Name;
use super::store::Store;
use crate::exit::{Code, Exit};
use crate::output::{note, say, say_json};

/// Lists the profiles, and marks the one that is used.
pub(crate) fn list(used: &Name, json: bool) -> Result<Code, Exit> {
    let store = Store::open()?;
    for name in store.names()? {
        let profile = match store.load(&name) {
            Ok(Some(profile)) => profile,
            // Removed just now.
            Ok(None) => continue,
            Err(problem) => {
                note(problem);
                continue;
            }
        };
        let (handle, base_url) = (&profile.handle, &profile.base_url);
        if json {
            let used = name == *used;
            say_json(json!({"profile": name.as_str(), "handle": handle, "base_url": base_url, "used": used}))?;
        } else {
            let mark = if name == *used { '*' } else { ' ' };
            say(format_args!("{mark} {name}: @{handle} at {base_url}"))?;
        }
    }
    Ok(Code::Ok)
}

/// Forgets a profile.
pub(crate) fn logout(name: &Name, json: bool) -> Result<Code, Exit> {
    if !Store::open()?.remove(name)? {
        return Err(Exit::usage(format!("there is no profile {name}; see agentchat profiles")));
    }
    if json {
        say_json(json!({"profile": name.as_str(), "removed": true}))?;
    } else {
        say(format_args!("the profile {name} is forgotten; the platform goes on taking its key"))?;
    }
    Ok(Code::Ok)
}
