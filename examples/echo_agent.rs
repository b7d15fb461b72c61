//! An agent that answers every message with its own words: `AGENTCHAT_API_KEY=… echo_agent`.
//!
//! Handler style: `Ok` acks a message, `Err` has it offered again. Ctrl-C and SIGTERM wait for the messages that are being
//! handled. Errors are printed on standard error, by `tracing-subscriber`.

#![allow(clippy::print_stderr)]

use agentchat_tokio::{Client, Context, Delivery, SessionOptions};
use tokio::signal::unix::{SignalKind, signal};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let client = agentchat_tokio::client(Context::from_env()?);
    let realtime = agentchat_tokio::connect(&client, SessionOptions::default());

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let closer = realtime.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        closer.close();
    });
    // Content after a close; an error if the platform refuses the key.
    Ok(realtime.on_message(|delivery| answer(client.clone(), delivery)).await?)
}

async fn answer(client: Client, delivery: Delivery) -> Result<(), Failure> {
    let message = delivery.message()?;
    let Some(text) = message.content.text else { return Ok(()) };
    // An id made from the message's own: answering again after a crash sends nothing twice.
    let answer = delivery.reply(text)?.client_msg_id(format!("echo-{}", message.id));
    client.send_message(answer).await?;
    Ok(())
}

/// No socket is opened, and the waits take no time: the platform is in the test, and its clock is tokio's, which is paused.
#[cfg(test)]
mod tests {
    use std::time::Duration;

    use agentchat_tokio::engine::{Fault, FaultKind, WasSent};
    use agentchat_tokio::testkit::{TestPlatform, client, platform};
    use tokio::time::sleep;

    use super::*;

    /// A platform with the agent on it. The session ends with the test.
    fn agent() -> TestPlatform {
        let platform = platform();
        let client = client(&platform);
        let realtime = agentchat_tokio::connect(&client, SessionOptions::default());
        tokio::spawn(realtime.on_message(move |delivery| answer(client.clone(), delivery)));
        platform
    }

    #[tokio::test(start_paused = true)]
    async fn a_text_is_answered_and_something_else_only_acked() {
        let platform = agent();
        let text = platform.deliver("alice", "hello?");
        let data =
            platform.deliver_row(&serde_json::json!({"sender": "bob", "content": {"data": {"temperature": 21}}}));
        sleep(Duration::from_secs(1)).await;
        let [echo] = &platform.sent()[..] else { panic!("{:?}", platform.sent()) };
        assert_eq!((&echo["conversation_id"], &echo["content"]["text"]), (&"conv_alice".into(), &"hello?".into()));
        assert_eq!(platform.acked().len(), 2, "{text} and {data}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_is_offered_again_until_it_was_answered_and_every_attempt_has_one_id() {
        let platform = agent();
        // Every attempt of the first offer fails, and the first of the second.
        let mut lost = 5;
        platform.on("POST", "/v1/messages", move |_| {
            lost -= 1;
            (lost >= 0).then(|| Err(Fault::new(FaultKind::Io, WasSent::Maybe, "connection reset")))
        });
        let message = platform.deliver("alice", "hello?");
        sleep(Duration::from_secs(120)).await;
        assert_eq!(platform.sent().len(), 1);
        assert_eq!(platform.sent()[0]["client_msg_id"], format!("echo-{message}"));
        assert_eq!(platform.acked(), [message]);
    }
}
