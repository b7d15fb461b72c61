//! The kit as an agent's author uses it: the program's own client, on tokio's paused clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use agentchat_tokio::testkit::{TestPlatform, client, json, platform};
use agentchat_tokio::{
    Client, Contacts, Content, CreateGroup, Delivery, Download, ErrorKind, Hooks, Report, SendMessage, SessionOptions,
    Upload, connect, with_hooks,
};
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use tokio::time::{Instant, sleep, timeout};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// An agent whose handler takes as long as a model does; the code is that of a program, with no type of the kit in it.
async fn slow_echo(client: Client, delivery: Delivery) -> Result<(), Failure> {
    let message = delivery.message()?;
    timeout(Duration::from_secs(60), sleep(Duration::from_secs(45))).await?;
    let answer = delivery.reply(message.content.text.unwrap_or_default())?;
    client.send_message(answer.client_msg_id(format!("echo-{}", message.id))).await?;
    Ok(())
}

fn start(platform: &TestPlatform) -> agentchat_tokio::Realtime {
    let client = client(platform);
    let realtime = connect(&client, SessionOptions::default());
    tokio::spawn(realtime.on_message(move |delivery| slow_echo(client.clone(), delivery)));
    realtime
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_sleeps_takes_the_clocks_time_and_none_of_ours() {
    let platform = platform();
    let realtime = start(&platform);
    let began = Instant::now();
    for sender in ["alice", "bob"] {
        platform.deliver(sender, "one");
        platform.deliver(sender, "two");
    }
    sleep(Duration::from_secs(50)).await;
    assert_eq!(platform.sent().len(), 2, "one a conversation at a time");
    sleep(Duration::from_secs(50)).await;
    assert_eq!((platform.sent().len(), platform.acked().len()), (4, 4));
    assert!(began.elapsed() >= Duration::from_secs(100));
    realtime.close();
    realtime.closed().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_cut_in_the_middle_and_a_send_that_fails_lose_and_repeat_nothing() {
    let platform = platform();
    let _realtime = start(&platform);
    let mut busy = 6;
    platform.on("POST", "/v1/messages", move |_| {
        busy -= 1;
        (busy >= 0).then(|| json(503, &serde_json::json!({})))
    });
    let message = platform.deliver("alice", "are you there?");
    sleep(Duration::from_secs(10)).await;
    assert_eq!(platform.cut(), 1);
    sleep(Duration::from_secs(600)).await;
    assert_eq!(platform.sent().len(), 1);
    assert_eq!(platform.sent()[0]["client_msg_id"], format!("echo-{message}"));
    assert_eq!(platform.acked(), [message]);
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "alice says boo")]
async fn a_handler_that_panics_fails_the_test_that_looks_at_nothing() {
    let platform = platform();
    let realtime = connect(&client(&platform), SessionOptions::default());
    tokio::spawn(realtime.on_message(|delivery| async move {
        let sender = delivery.header().and_then(|header| header.sender.clone()).unwrap();
        assert_ne!(sender.as_str(), "alice", "{sender} says boo");
        Ok::<_, Failure>(())
    }));
    platform.deliver("alice", "boo");
    sleep(Duration::from_secs(1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_panic_that_a_test_takes_fails_it_no_more_and_the_message_is_offered_again() {
    let platform = platform();
    let realtime = connect(&client(&platform), SessionOptions::default());
    tokio::spawn(realtime.on_message(|delivery| async move {
        assert!(delivery.attempt() > 1, "not yet");
        Ok::<_, Failure>(())
    }));
    platform.deliver("alice", "boo");
    sleep(Duration::from_secs(60)).await;
    assert_eq!(platform.take_panics(), ["not yet"]);
    assert_eq!(platform.acked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn groups_have_members_invitations_mentions_and_events() {
    let platform = platform();
    let client = client(&platform);
    let new = client.create_group(CreateGroup::new("Crabs").member_handles(["@bob"])).await.unwrap();
    let crabs = new.group.id.to_string();
    assert_eq!(new.add_results.iter().count(), 1);
    platform.join(&crabs, "bob");
    client.promote_group_member(crabs.as_str(), "@Bob").await.unwrap();
    let group = client.get_group(crabs.as_str()).await.unwrap();
    assert_eq!(group.members.iter().map(|member| member.handle.as_str()).collect::<Vec<_>>(), ["me", "bob"]);

    let realtime = connect(&client, SessionOptions::default().system_events(true));
    let mut deliveries = realtime.deliveries().unwrap();
    let joined = deliveries.next().await.unwrap();
    assert!(joined.text().contains("member_joined"), "{}", joined.text());
    joined.handled();
    platform.deliver_in(&crabs, "bob", "@me, hello, @Carol");
    let message = deliveries.next().await.unwrap();
    let context = message.message().unwrap().context.unwrap();
    assert_eq!(context.mentions.iter().map(|handle| handle.as_str()).collect::<Vec<_>>(), ["me", "carol"]);
    client.send_message(message.reply("hello").unwrap()).await.unwrap();
    assert_eq!(platform.sent()[0]["conversation_id"], crabs);

    platform.invite("Lobsters", "dave");
    let invitations = client.list_group_invites().await.unwrap();
    let lobsters = client.accept_group_invite(invitations.iter().next().unwrap().id.clone()).await.unwrap();
    assert_eq!((lobsters.name.as_str(), lobsters.members.iter().count()), ("Lobsters", 2));
    let refused = client.delete_group(lobsters.id.clone()).await.unwrap_err();
    assert_eq!(refused.api().unwrap().kind(), ErrorKind::Forbidden);
    client.leave_group(lobsters.id.clone()).await.unwrap();
    let refused = client.send_message(SendMessage::to_group(lobsters.id.clone(), "hi")).await.unwrap_err();
    assert_eq!(refused.api().unwrap().kind(), ErrorKind::NotFound, "{}", Report::new(&refused));
}

#[tokio::test(start_paused = true)]
async fn contacts_and_blocks_are_kept() {
    let platform = platform();
    let client = client(&platform);
    platform.add_contact("alice");
    for handle in ["@Bob", "carol", "dave"] {
        client.add_contact(handle).await.unwrap();
    }
    client.remove_contact("@carol").await.unwrap();
    let listed: Vec<_> = client.pages(Contacts::new().page_size(2)).try_collect().await.unwrap();
    assert_eq!(listed.iter().map(|contact| contact.handle.as_str()).collect::<Vec<_>>(), ["alice", "bob", "dave"]);
    assert_eq!(platform.contacts(), ["alice", "bob", "dave"]);
    assert!(client.check_contact("@bob").await.unwrap().is_contact);
    client.block_agent("@bob").await.unwrap();
    let refused = client.send_message(SendMessage::to("@Bob", "hi")).await.unwrap_err();
    assert_eq!(refused.api().unwrap().kind(), ErrorKind::Blocked);
}

#[tokio::test(start_paused = true)]
async fn files_go_up_and_down() {
    let platform = platform();
    let heard = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&heard);
    let hooks = Hooks::new().on_response(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    let client = with_hooks(&client(&platform), hooks);
    let report = Upload::to("@alice", Bytes::from("twelve pages")).filename("report.txt").content_type("text/plain");
    let uploaded = client.upload(report).await.unwrap();
    let content = Content::from_attachment(uploaded.attachment_id.as_str());
    client.send_message(SendMessage::to("@alice", content)).await.unwrap();
    assert_eq!(platform.file(uploaded.attachment_id.as_str()).unwrap(), "twelve pages");
    assert_eq!(platform.sent()[0]["content"]["attachment_id"], uploaded.attachment_id.as_str());

    let theirs = platform.store_file("thirteen pages");
    let mut copy = Vec::new();
    client.download(Download::new(theirs.as_str()), &mut copy).await.unwrap();
    assert_eq!(copy, b"thirteen pages");
    let refused = client.download(Download::new("att_99"), &mut Vec::new()).await.unwrap_err();
    assert!(Report::new(&refused).to_string().contains("NOT_FOUND"), "{}", Report::new(&refused));
    // Hooks run beside the calls.
    sleep(Duration::from_secs(1)).await;
    assert!(heard.load(Ordering::Relaxed) > 3, "{heard:?}");
}
