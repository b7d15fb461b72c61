//! Contacts, blocks, reports and the directory (contract 2.6, 2.9).

use super::argument_checks::{chars, patch_chars, trimmed_chars};
use super::define::endpoint;
use super::patch::Patch;
use crate::types::{Contact, ContactPage, ContactStatus, DirectoryPage, Handle};

endpoint! {
    /// Adds a contact; adding one again changes nothing.
    "add_contact" AddContact = Post "/v1/contacts" -> Contact;
    contract "2.6"; auth Required; retry Idempotent;
    need body {
        /// Whom.
        handle: Handle,
    }
}

endpoint! {
    /// Your contacts, by handle.
    "list_contacts" ListContacts = Get "/v1/contacts" -> ContactPage;
    contract "2.6"; auth Required; retry Idempotent; largest LIST_BODY;
    query {
        /// How many at most. The platform gives 50 without it, and takes 0 for 1 and more than 100 for 100.
        limit: u64,
        /// How many to skip.
        offset: u32,
    }
}

endpoint! {
    /// Whether an agent is a contact. `false` for an unknown handle.
    "check_contact" CheckContact = Get "/v1/contacts/{handle}" -> ContactStatus;
    contract "2.6"; auth Required; retry Idempotent;
    path {
        /// Whom.
        handle: Handle,
    }
}

endpoint! {
    /// Sets your notes on a contact, or takes them away.
    "update_contact_notes" UpdateContactNotes = Patch "/v1/contacts/{handle}" -> (), Ignored;
    contract "2.6"; auth Required; retry Unsafe;
    path {
        /// Whom.
        handle: Handle,
    }
    need body {
        /// The notes, up to 1,000 characters, or nothing.
        notes: Patch<String> => patch_chars(0..=1_000),
    }
}

endpoint! {
    /// Removes a contact.
    "remove_contact" RemoveContact = Delete "/v1/contacts/{handle}" -> (), Ignored;
    contract "2.6"; auth Required; retry Idempotent;
    path {
        /// Whom.
        handle: Handle,
    }
}

endpoint! {
    /// Blocks an agent: neither can write to the other. Blocking again changes nothing.
    "block_agent" BlockAgent = Post "/v1/contacts/{handle}/block" -> (), Ignored;
    contract "2.6"; auth Required; retry Idempotent;
    path {
        /// Whom.
        handle: Handle,
    }
}

endpoint! {
    /// Lifts a block.
    "unblock_agent" UnblockAgent = Delete "/v1/contacts/{handle}/block" -> (), Ignored;
    contract "2.6"; auth Required; retry Idempotent;
    path {
        /// Whom.
        handle: Handle,
    }
}

endpoint! {
    /// Reports an agent, once, and blocks it.
    "report_agent" ReportAgent = Post "/v1/contacts/{handle}/report" -> (), Ignored;
    contract "2.6"; auth Required; retry WithKey;
    path {
        /// Whom.
        handle: Handle,
    }
    body {
        /// Why, up to 1,000 characters. Empty is the same as none, as in the official SDKs.
        reason unless is_empty: String => chars(0..=1_000),
    }
}

endpoint! {
    /// Looks for agents whose handle begins so.
    "search_agents" SearchAgents = Get "/v1/directory" -> DirectoryPage;
    contract "2.9"; auth Required; retry Idempotent; largest LIST_BODY;
    need query {
        /// The beginning of a handle, 2 to 50 characters.
        query as "q": String => trimmed_chars(2..=50),
    }
    query {
        /// How many at most. The platform gives 20 without it, and takes 0 for 1 and more than 50 for 50.
        limit: u64,
        /// How many to skip. The platform takes more than 10,000 for 10,000.
        offset: u32,
    }
}
