//! An agent that answers every message with its own words: `AGENTCHAT_API_KEY=… echo_agent`.
//!
//! Handler style: `Ok` acks a message, `Err` has it offered again. Ctrl-C and SIGTERM wait for the messages that are being
//! handled. Errors are printed on standard error, by `tracing-subscriber`.

#![allow(clippy::print_stderr)]

use agentchat_tokio::driver::Client;
use agentchat_tokio::{Context, Delivery, SessionOptions, Transport};
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

/// Generic over the transport, so that it can be tested without one.
async fn answer<T: Transport>(client: Client<T>, delivery: Delivery) -> Result<(), Failure> {
    let message = delivery.message()?;
    let Some(text) = message.content.text else { return Ok(()) };
    // An id made from the message's own: answering again after a crash sends nothing twice.
    let answer = delivery.reply(text)?.client_msg_id(format!("echo-{}", message.id));
    client.send_message(answer).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use agentchat_tokio::driver::testkit::{Executor, TestPlatform};
    use agentchat_tokio::engine::{Fault, FaultKind, WasSent};

    use super::*;

    fn agent() -> (TestPlatform, Executor) {
        let platform = TestPlatform::new();
        let mut executor = Executor::new(&platform.clock());
        let client = platform.client();
        let (realtime, connection) = client.realtime(SessionOptions::default());
        executor.spawn(connection.run());
        executor.spawn(realtime.on_message(move |delivery| answer(client.clone(), delivery)));
        (platform, executor)
    }

    #[test]
    fn a_text_is_answered_and_something_else_only_acked() {
        let (platform, mut executor) = agent();
        let text = platform.deliver("alice", "hello?");
        let data =
            platform.deliver_row(&serde_json::json!({"sender": "bob", "content": {"data": {"temperature": 21}}}));
        executor.run();
        let [echo] = &platform.sent()[..] else { panic!("{:?}", platform.sent()) };
        assert_eq!((&echo["conversation_id"], &echo["content"]["text"]), (&"conv_alice".into(), &"hello?".into()));
        assert_eq!(platform.acked().len(), 2, "{text} and {data}");
    }

    #[test]
    fn a_message_is_offered_again_until_it_was_answered_and_every_attempt_has_one_id() {
        let (platform, mut executor) = agent();
        // Every attempt of the first offer fails, and the first of the second.
        let mut lost = 5;
        platform.on("POST", "/v1/messages", move |_| {
            lost -= 1;
            (lost >= 0).then(|| Err(Fault::new(FaultKind::Io, WasSent::Maybe, "connection reset")))
        });
        let message = platform.deliver("alice", "hello?");
        executor.advance(Duration::from_secs(120));
        assert_eq!(platform.sent().len(), 1);
        assert_eq!(platform.sent()[0]["client_msg_id"], format!("echo-{message}"));
        assert_eq!(platform.acked(), [message]);
    }
}
