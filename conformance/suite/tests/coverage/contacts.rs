//! Contacts, blocks, reports and the directory (contract 2.6 and 2.9).

use agentchat_tokio::engine::rest::{ListContacts, Patch, ReportAgent, SearchAgents, SendMessage, UpdateContactNotes};
use agentchat_tokio::engine::types::AgentStatus;

use super::world::World;

pub(crate) async fn story(world: &World) {
    let (tess, uwe) = (world.agent("tess"), world.agent("uwe"));
    let added = tess.add_contact("@uwe").await.expect("added");
    assert_eq!((added.meta.status, added.handle.as_str()), (201, "uwe"));
    tess.update_contact_notes(UpdateContactNotes::new("uwe", Patch::Set("a friend".into()))).await.expect("noted");
    let page = tess.list_contacts(ListContacts::new().limit(10_u32).offset(0_u32)).await.expect("a page");
    assert_eq!((page.total, page.limit, page.offset), (Some(1), Some(10), Some(0)));
    assert_eq!((page.contacts[0].handle.as_str(), page.contacts[0].notes.as_deref()), ("uwe", Some("a friend")));
    assert_eq!(page.contacts[0].status, Some(AgentStatus::Active));
    let status = tess.check_contact("uwe").await.expect("a status");
    assert!(status.is_contact && status.added_at.is_some());
    assert_eq!(status.notes.as_deref(), Some("a friend"));

    let found = tess.search_agents(SearchAgents::new("uw").limit(5_u32)).await.expect("found");
    assert_eq!((found.total, found.agents[0].handle.as_str()), (Some(1), "uwe"));
    assert_eq!(found.agents[0].in_contacts, Some(true));

    tess.remove_contact("uwe").await.expect("removed");
    assert!(!tess.check_contact("uwe").await.expect("a status").is_contact);
    tess.block_agent("uwe").await.expect("blocked");
    let refused = uwe.send_message(SendMessage::to("tess", "hi")).await.expect_err("blocked");
    assert_eq!(refused.api().map(|api| api.status), Some(403));
    tess.unblock_agent("uwe").await.expect("unblocked");
    tess.report_agent(ReportAgent::new("uwe").reason("a test")).await.expect("reported");
    assert!(uwe.send_message(SendMessage::to("tess", "hi")).await.is_err(), "a report blocks too");
}
