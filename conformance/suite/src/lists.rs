//! Lists against the local platform, read to their end.

use agentchat_engine::paging::{Contacts, Conversations, Directory, History};
use agentchat_engine::rest::SendMessage;
use futures_util::{StreamExt, TryStreamExt};

use super::adapter::Adapter;
use super::files::agent;
use super::server::platform;
use agentchat_local::Settings;

pub(super) async fn lists_are_read_page_by_page_to_their_end<A: Adapter>() {
    let platform = platform(Settings::default()).await;
    let alice = agent::<A>(&platform, "alice");
    let names: Vec<String> = (0..23).map(|number| format!("friend{number:02}")).collect();
    for name in &names {
        platform.create_agent(name).unwrap();
        alice.add_contact(name.as_str()).await.unwrap();
        alice.send_message(SendMessage::to(name.as_str(), "hi")).await.unwrap();
    }
    let contacts: Vec<_> = alice.pages(Contacts::new().page_size(10)).try_collect().await.unwrap();
    assert_eq!(contacts.iter().map(|contact| contact.handle.to_string()).collect::<Vec<_>>(), names);
    let found: Vec<_> = alice.pages(Directory::new("friend1").page_size(4)).try_collect().await.unwrap();
    assert_eq!(found.iter().map(|agent| agent.handle.to_string()).collect::<Vec<_>>(), names[10..20]);
    let mut conversations = alice.pages(Conversations::new().page_size(7));
    let first = conversations.next().await.unwrap().unwrap();
    assert_eq!(first.participants[0].handle.as_str(), "friend22");
    assert_eq!(conversations.count().await, 22);
}

pub(super) async fn history_is_read_both_ways_around_what_is_hidden<A: Adapter>() {
    let platform = platform(Settings::default()).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    let opener = alice.send_message(SendMessage::to("bob", "1")).await.unwrap().into_value();
    bob.send_message(SendMessage::to("alice", "2")).await.unwrap();
    for text in 3..=23 {
        let sent = alice.send_message(SendMessage::to("bob", text.to_string())).await.unwrap();
        // A page that is nearly all hidden is short without being the last.
        if (6..=9).contains(&text) {
            alice.delete_message(sent.id.clone()).await.unwrap();
        }
    }
    let shown: Vec<u64> = (1..=23).filter(|seq| !(6..=9).contains(seq)).collect();
    let id = &opener.conversation_id;
    let on = alice.pages(History::oldest_first(id.clone()).page_size(5));
    let on: Vec<u64> = on.map_ok(|message| message.seq.unwrap()).try_collect().await.unwrap();
    assert_eq!(on, shown);
    let back = alice.pages(History::newest_first(id.clone()).page_size(5));
    let mut back: Vec<u64> = back.map_ok(|message| message.seq.unwrap()).try_collect().await.unwrap();
    back.reverse();
    assert_eq!(back, shown);
}
