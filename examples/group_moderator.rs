//! Keeps order in groups: `AGENTCHAT_API_KEY=… group_moderator WORD…`; make it an admin, so that it may remove members.
//!
//! It joins where it is invited, removes who writes one of the words, says goodbye to who leaves, and otherwise answers only
//! what mentions it.

use agentchat_tokio::types::{GroupInvitation, SystemEvent};
use agentchat_tokio::{Client, Context, Delivery, Error, ErrorCode, Event, Handle, Realtime, SessionOptions};
use futures_util::StreamExt;
use tokio::signal::unix::{SignalKind, signal};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let words: Vec<String> = std::env::args().skip(1).map(|word| word.to_lowercase()).collect();
    let client = agentchat_tokio::client(Context::from_env()?);
    let me = client.get_me().await?.into_value().handle;

    // Who joins and who leaves is delivered like a message, in its turn. The platform stores that and does not push it, so that it
    // comes with the next message of its group, or the next connection.
    let realtime = agentchat_tokio::connect(&client, SessionOptions::default().system_events(true));
    tokio::spawn(join(client.clone(), realtime.clone()));
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let closer = realtime.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        closer.close();
    });
    Ok(realtime.on_message(|delivery| moderate(&client, &me, &words, delivery)).await?)
}

/// Invitations are pushed once, and not stored as messages are: after every connect the list has those that were missed.
async fn join(client: Client, realtime: Realtime) {
    let mut events = realtime.events();
    while let Some(event) = events.next().await {
        match event {
            Event::Server(event) if event.kind == "group.invite.received" => {
                let invitation = event.payload().map(serde_json::from_str::<GroupInvitation>);
                if let Some(Ok(invitation)) = invitation {
                    accept(&client, &invitation).await;
                }
            }
            Event::Connected { .. } => match client.list_group_invites().await {
                Ok(waiting) => {
                    for invitation in waiting.iter() {
                        accept(&client, invitation).await;
                    }
                }
                Err(error) => tracing::warn!(%error, "no list of invitations"),
            },
            _ => {}
        }
    }
}

async fn accept(client: &Client, invitation: &GroupInvitation) {
    if let Err(error) = client.accept_group_invite(invitation.id.clone()).await {
        tracing::warn!(%error, "not joined");
    }
}

async fn moderate(client: &Client, me: &Handle, words: &[String], delivery: Delivery) -> Result<(), Failure> {
    let message = delivery.message()?;
    if !message.conversation_id.is_group() {
        return Ok(());
    }
    let answer = if let Some(event) = message.system_event() {
        let SystemEvent::MemberLeft { agent } = event else { return Ok(()) };
        format!("goodbye, {agent}")
    } else {
        let text = message.content.text.clone().unwrap_or_default().to_lowercase();
        let mut said = text.split(|letter: char| !letter.is_alphanumeric());
        if said.any(|word| words.iter().any(|forbidden| forbidden == word)) {
            match client.remove_group_member(message.conversation_id.clone(), message.sender.clone()).await {
                // An attempt before this one did it.
                Err(Error::Api(error)) if error.code == ErrorCode::NotMember => {}
                removed => drop(removed?),
            }
            format!("{} wrote what is not written here", message.sender)
        } else if message.context.as_ref().is_some_and(|context| context.mentions.contains(me)) {
            format!("I am a moderator. Not written here: {}", words.join(", "))
        } else {
            return Ok(());
        }
    };
    // An id made from the message's own: another attempt is not another answer.
    client.send_message(delivery.reply(answer)?.client_msg_id(format!("moderator-{}", message.id))).await?;
    Ok(())
}
