//! What programs are made of: answers that go where a message came from, ends that say why, and what survives a restart.

use agentchat_driver::{CheckpointFile, SessionError};
use agentchat_engine::ApiKey;
use agentchat_engine::realtime::{ConnectionState, Event, HaltReason};
use agentchat_engine::rest::{CreateGroup, GetMessages, SendMessage};
use agentchat_net::{connect, connect_from, connect_with_file};
use futures_util::StreamExt;

use super::adapter::{Adapter, spawn};
use super::platform::{AdapterClient, agent, live, quick, say, start, stop, until};
use agentchat_local::{LocalPlatform, Settings};

async fn join<A: Adapter>(group: &str, creator: &AdapterClient<A>, other: &AdapterClient<A>) {
    let handle = other.get_me().await.unwrap().handle.clone();
    creator.add_group_member(group, handle).await.unwrap();
    for invite in other.list_group_invites().await.unwrap().iter() {
        other.accept_group_invite(invite.id.clone()).await.unwrap();
    }
}

async fn answers<A: Adapter>(client: &AdapterClient<A>, conversation: &str) -> usize {
    let history = client.get_messages(GetMessages::new(conversation)).await.unwrap();
    history.iter().filter(|message| message.sender.as_str() == "bob").count()
}

pub(super) async fn answers_go_where_the_message_came_from_and_group_events_are_told_apart<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|handle| agent::<A>(&platform, handle));
    let group = alice.create_group(CreateGroup::new("the group")).await.unwrap().group.id.to_string();
    join::<A>(&group, &alice, &bob).await;
    // Told while nobody listens: it comes with the drain.
    join::<A>(&group, &alice, &carol).await;

    let realtime = connect(&bob, quick());
    let mut events = realtime.events();
    let handling = spawn::<A, _>(realtime.on_message({
        let client = bob.clone();
        move |delivery| {
            let client = client.clone();
            async move {
                let answer = delivery.reply("got it").map_err(|e| e.to_string())?;
                client.send_message(answer).await.map_err(|e| e.to_string())?;
                Ok::<_, String>(())
            }
        }
    }));
    alice.send_message(SendMessage::to_group(group.as_str(), "anybody?")).await.unwrap();
    say::<A>(&alice, "bob", "and you?").await;
    until::<A>(|| platform.undelivered("bob") == 0).await;
    let row = loop {
        if let Event::System { row } = events.next().await.expect("the event is emitted") {
            break row;
        }
    };
    assert_eq!(row.header().conversation_id.as_str(), group);
    realtime.close();
    assert_eq!(handling.await.unwrap(), Ok(()));
    assert_eq!(answers::<A>(&alice, &group).await, 1, "one message of the group, and one answer in it");
    // Both answers; and for carol that she has joined, the question and its answer.
    assert_eq!((platform.undelivered("alice"), platform.undelivered("carol")), (2, 3));
    stop(platform).await;
}

pub(super) async fn an_end_that_nobody_asked_for_is_an_error_that_says_what_to_do<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let bob = agent::<A>(&platform, "bob").with_api_key(ApiKey::new("ac_refused").unwrap());
    let realtime = connect(&bob, quick().own_handle("bob"));
    let ended = realtime.on_message(|_| async { Ok::<_, String>(()) }).await;
    let Err(SessionError::Halted { reason: HaltReason::ClosedForGood { code: 1008, .. } }) = &ended else {
        panic!("{ended:?}")
    };
    assert_eq!(realtime.closed().await, ended);
    assert!(ended.unwrap_err().to_string().ends_with("the key is not accepted, use a valid one"));
    stop(platform).await;
}

/// Bob's checkpoint is kept in a file: what he handled is not offered to his next session, although the platform does that.
pub(super) async fn what_was_handled_is_known_to_the_next_session_that_has_the_file<A: Adapter>() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bob.checkpoint");
    let platform = start(Settings::default()).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    say::<A>(&alice, "bob", "one").await;
    let first = one_message::<A>(&platform, &bob, CheckpointFile::open(&path).unwrap()).await;
    let file = CheckpointFile::open(&path).expect("the session has ended, and nobody keeps a handle of it");
    let row = first.to_string();
    let again = format!(r#"{{"type":"message.new","payload":{row}}}"#);
    say::<A>(&alice, "bob", "two").await;
    let realtime = connect_with_file(&bob, quick(), file);
    live(&realtime).await;
    platform.push_raw("bob", agentchat_local::RawFrame::Text(again.clone()));
    let mut deliveries = realtime.deliveries().unwrap();
    let second = deliveries.next().await.expect("the session goes on");
    assert_eq!(second.message().unwrap().content.text.as_deref(), Some("two"));
    second.handled();
    until::<A>(|| platform.undelivered("bob") == 0).await;

    // The same from a value.
    let checkpoint = realtime.checkpoint();
    realtime.close();
    drop(deliveries);
    realtime.closed().await.unwrap();
    assert_eq!(realtime.state(), ConnectionState::Closed);
    let realtime = connect_from(&bob, quick(), Some(checkpoint));
    live(&realtime).await;
    platform.push_raw("bob", agentchat_local::RawFrame::Text(again));
    let mut deliveries = realtime.deliveries().unwrap();
    say::<A>(&alice, "bob", "three").await;
    let third = deliveries.next().await.expect("the session goes on");
    assert_eq!(third.message().unwrap().content.text.as_deref(), Some("three"));
    third.handled();
    stop(platform).await;
}

/// Handles one message, and ends; the message as it came.
async fn one_message<A: Adapter>(
    platform: &LocalPlatform,
    client: &AdapterClient<A>,
    file: CheckpointFile,
) -> serde_json::Value {
    let realtime = connect_with_file(client, quick(), file);
    let mut deliveries = realtime.deliveries().unwrap();
    let delivery = deliveries.next().await.expect("the session goes on");
    let row = serde_json::from_str(delivery.text()).unwrap();
    delivery.handled();
    until::<A>(|| platform.undelivered("bob") == 0).await;
    realtime.close();
    drop(deliveries);
    realtime.closed().await.unwrap();
    row
}
