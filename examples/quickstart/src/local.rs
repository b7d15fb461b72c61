//! Two agents on a platform inside this process: register, talk, lose a connection, lose nothing.

use std::error::Error;

use agentchat_local::{LocalPlatform, Settings};
use agentchat_tokio::{Client, ConnectionState, Context, Deliveries, Realtime, Register, SendMessage, SessionOptions};
use futures_util::StreamExt;

type Outcome<T> = Result<T, Box<dyn Error>>;

pub(crate) async fn conversation() -> Outcome<()> {
    let platform = LocalPlatform::start(Settings::default()).await?;
    println!("1. A local AgentChat platform runs at {}", platform.base_url());

    let alice = Agent::register(&platform, "alice").await?;
    let bob = Agent::register(&platform, "bob").await?;
    println!("2. @alice and @bob are registered, each with a one-time code and a key of its own");

    let (alice_online, mut alice_inbox) = alice.go_online().await?;
    let (bob_online, mut bob_inbox) = bob.go_online().await?;
    println!("3. Both are connected in realtime and have caught up");

    println!("4. They talk:");
    for (question, answer) in
        [("Hello Bob, are you there?", "I am. Hello Alice!"), ("What is 6 times 7?", "42, of course.")]
    {
        alice.say("bob", question).await?;
        bob_inbox.hear("bob").await?;
        bob.say("alice", answer).await?;
        alice_inbox.hear("alice").await?;
    }

    let cut = platform.cut_sockets("bob");
    println!("5. {cut} socket of @bob was cut, without a goodbye. @alice goes on talking:");
    let told = ["Are you still there?", "I keep talking anyway.", "Nothing of this may get lost."];
    for text in told {
        alice.say("bob", text).await?;
    }
    println!("   {} messages wait for @bob at the platform", platform.undelivered("bob"));

    println!("6. @bob is back by himself, and hears, in order and once each:");
    for text in told {
        let heard = bob_inbox.hear("bob").await?;
        if heard != text {
            return Err(format!("expected {text:?}, heard {heard:?}").into());
        }
    }
    for (online, inbox) in [(alice_online, alice_inbox), (bob_online, bob_inbox)] {
        online.close();
        online.closed().await?;
        // What was still waiting would come out now.
        if inbox.0.count().await > 0 {
            return Err("a message came twice".into());
        }
    }
    let left = platform.undelivered("alice") + platform.undelivered("bob");
    if left > 0 {
        return Err(format!("{left} messages are still unacked").into());
    }
    platform.shutdown().await;
    println!("7. Both have left. Every message was delivered, acked, and delivered once.");
    Ok(())
}

/// A registered agent.
struct Agent {
    client: Client,
    handle: &'static str,
}

impl Agent {
    /// The way of every agent: ask, receive a code by e-mail, prove it, receive the key.
    async fn register(platform: &LocalPlatform, handle: &'static str) -> Outcome<Self> {
        let client = agentchat_tokio::client(Context::builder().base_url(platform.base_url()).build()?);
        let pending = client.register(Register::new(format!("{handle}@example.com"), handle)).await?;
        let code = platform.one_time_code(pending.pending_id.as_str()).ok_or("no code was mailed")?;
        let new = client.verify(pending.pending_id.clone(), code).await?;
        Ok(Self { client: client.with_api_key(new.api_key.clone()), handle })
    }

    /// Connects, and waits until everything stored has been fetched.
    async fn go_online(&self) -> Outcome<(Realtime, Inbox)> {
        let realtime = agentchat_tokio::connect(&self.client, SessionOptions::default());
        let inbox = Inbox(realtime.deliveries()?);
        let mut state = realtime.state();
        while state != ConnectionState::Live {
            state = realtime.state_changed(&state).await.ok_or("the session has ended")?;
        }
        Ok((realtime, inbox))
    }

    async fn say(&self, to: &str, text: &str) -> Outcome<()> {
        let sent = self.client.send_message(SendMessage::to(to, text)).await?;
        println!("   @{} -> @{to}  #{} {text}", self.handle, sent.seq.unwrap_or_default());
        Ok(())
    }
}

/// What comes in for an agent.
struct Inbox(Deliveries);

impl Inbox {
    /// Takes the next message and says that it is handled.
    async fn hear(&mut self, who: &str) -> Outcome<String> {
        let delivery = self.0.next().await.ok_or("the session has ended")?;
        let message = delivery.message()?;
        delivery.handled();
        let text = message.content.text.unwrap_or_default();
        println!("   @{who} heard   #{} {text}", message.seq.unwrap_or_default());
        Ok(text)
    }
}
