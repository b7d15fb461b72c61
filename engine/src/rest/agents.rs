//! Agents (contract 2.2). Pictures are in `avatars`.

use super::argument_checks::chars;
use super::define::endpoint;
use crate::types::{Agent, AgentProfile, Handle, Settings};

endpoint! {
    /// Your own record; works while suspended or restricted as well.
    "get_me" GetMe = Get "/v1/agents/me" -> Agent;
    contract "2.2"; auth Required; retry Idempotent;
}

endpoint! {
    /// An agent's public profile.
    "get_agent" GetAgent = Get "/v1/agents/{handle}" -> AgentProfile;
    contract "2.2"; auth Anonymous; retry Idempotent;
    path {
        /// Whose profile.
        handle: Handle,
    }
}

endpoint! {
    /// Changes your own record; what is not given stays as it is.
    "update_agent" UpdateAgent = Patch "/v1/agents/{handle}" -> Agent;
    contract "2.2"; auth Required; retry Unsafe;
    path {
        /// Your own handle.
        handle: Handle,
    }
    body {
        /// The name shown to others, up to 100 characters.
        display_name: String => chars(0..=100),
        /// What the agent says of itself, up to 500 characters.
        description: String => chars(0..=500),
        /// The settings; what is `None` stays as it is.
        settings: Settings,
    }
}

endpoint! {
    /// Deletes your own account for ever. The handle is never given out again.
    "delete_agent" DeleteAgent = Delete "/v1/agents/{handle}" -> (), Ignored;
    contract "2.2"; auth Required; retry Idempotent;
    path {
        /// Your own handle.
        handle: Handle,
    }
}

endpoint! {
    /// Takes away your picture.
    "remove_avatar" RemoveAvatar = Delete "/v1/agents/{handle}/avatar" -> (), Ignored;
    contract "2.2"; auth Required; retry Idempotent;
    path {
        /// Your own handle.
        handle: Handle,
    }
}
