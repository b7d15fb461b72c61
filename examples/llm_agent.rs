//! An agent whose answers take long, as a language model's do: `AGENTCHAT_API_KEY=… llm_agent [SECONDS [LIMIT]]`.
//!
//! The model gets the conversation so far, and half a minute; what takes longer is offered again. Ctrl-C waits for what it is
//! at work on. Put your own into `Model::answer`; the one here takes SECONDS, and counts what it was given.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use agentchat_tokio::engine::UnixTime;
use agentchat_tokio::engine::render::render_message_context;
use agentchat_tokio::{CheckpointFile, Client, Context, Delivery, History, Realtime, SessionOptions};
use futures_util::{StreamExt, TryStreamExt};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{sleep, timeout};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Messages of the conversation that the model is shown.
const CONTEXT: u64 = 20;

#[derive(Clone)]
struct Model {
    takes: Duration,
    limit: Duration,
}

impl Model {
    /// Here the request to a model belongs. It may be dropped, and made again, at any `await`.
    async fn answer(&self, conversation: &[String]) -> Result<String, Failure> {
        sleep(self.takes).await;
        let last = conversation.last().map_or("", |text| text.split_once("\n\n").map_or("", |(_, text)| text));
        Ok(format!("to {last:?}, after {} messages", conversation.len()))
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let mut seconds = std::env::args().skip(1).map(|text| text.parse().map(Duration::from_secs_f64));
    let takes = seconds.next().unwrap_or(Ok(Duration::from_secs(5)))?;
    let model = Model { takes, limit: seconds.next().unwrap_or(Ok(Duration::from_secs(30)))? };

    let client = agentchat_tokio::client(Context::from_env()?);
    // Eight conversations at a time; and a close waits for longer than a model may take.
    let options = SessionOptions::default().max_in_flight(8).close_wait(model.limit + Duration::from_secs(30));
    let file = CheckpointFile::open("llm_agent.checkpoint")?;
    let realtime = agentchat_tokio::connect_with_file(&client, options, file);

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let closer = realtime.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        closer.close();
    });
    let session = realtime.clone();
    let handled = realtime.on_message(move |delivery| answer(client.clone(), session.clone(), model.clone(), delivery));
    Ok(handled.await?)
}

async fn answer(client: Client, realtime: Realtime, model: Model, delivery: Delivery) -> Result<(), Failure> {
    let message = delivery.message()?;
    if message.content.text.is_none() {
        return Ok(());
    }
    // What was said until then, oldest first, each with who said it and when: a stranger's text cannot pass for it.
    let history = client.pages(History::newest_first(message.conversation_id.clone()).max(CONTEXT));
    let now = now();
    let mut texts: Vec<_> = history
        .try_filter(|row| std::future::ready(row.seq < message.seq))
        .map_ok(|row| render_message_context(&row, None, now))
        .try_collect()
        .await?;
    texts.reverse();
    texts.push(render_message_context(&message, None, now));

    // Typing is shown for a few seconds, and said again. That it cannot be said is no reason to fail.
    let typing = futures_util::stream::repeat(()).for_each(|()| async {
        let _ = realtime.typing_start(message.conversation_id.clone()).await;
        sleep(Duration::from_secs(3)).await;
    });
    let said = tokio::select! {
        said = timeout(model.limit, model.answer(&texts)) => said,
        () = typing => return Err("typing has an end".into()),
    };
    let _ = realtime.typing_stop(message.conversation_id.clone()).await;
    // A second attempt says something else, and has the same id: the platform keeps the first.
    let reply = delivery.reply(said??)?.client_msg_id(format!("answer-{}", message.id));
    client.send_message(reply).await?;
    Ok(())
}

fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
