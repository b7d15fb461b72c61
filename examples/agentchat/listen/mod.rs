//! `agentchat listen`: connect, catch up, stay; print or handle every message.

mod alone;
mod batches;
mod checkpoint;
mod count;
mod exec;
mod filter;
mod format;
mod forward;
mod handler;
mod key_file;
mod recording;

use std::future::pending;
use std::io::ErrorKind;
use std::num::NonZeroU32;
use std::pin::pin;
use std::time::Duration;

use agentchat_driver::Client;
use agentchat_tokio::{ConnectionState, Events, Realtime, Transport};
use futures_util::StreamExt;
use futures_util::future::{FusedFuture, FutureExt};
use serde_json::json;
use tokio::time::{interval, timeout};

use crate::arguments::{KeySource, Listen};
use crate::exit::{Code, Exit};
use crate::output::{Output, note, unprintable};
use crate::signals::StopSignals;
use alone::Alone;
use checkpoint::Failing;
use count::Count;
use filter::Filter;
use handler::Handler;
use key_file::KeyFile;
use recording::Recording;

/// How long the end waits for a reader that is behind.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) async fn run<T: Transport>(
    client: &Client<T>,
    listen: &Listen,
    key_source: &KeySource,
) -> Result<Code, Exit> {
    // Before anything is done that a signal could leave half done.
    let signals = StopSignals::new();
    let output = Output::start();
    let handler = Handler::new(client, listen, output.clone())?;
    let count = Count::new(listen.count);
    let filter = &Filter::new(listen)?;
    let key = client.context().api_key().filter(|_| !listen.shared);
    let mut alone = key.map(|key| Alone::claim(client.context(), key)).transpose()?;
    let key_file = key_source.may_change().then(|| KeyFile::new(key_source, client.context(), alone.take()));
    let mut options = listen.options();
    options.key_wait = key_file.as_ref().map_or(options.key_wait, |_| key_file::WAIT);
    let failing = Failing::default();
    let file = listen.checkpoint.as_deref().map(|path| failing.open(path)).transpose()?;
    let recording = listen.record.as_deref().map(Recording::create).transpose()?;
    let recorded = recording.as_ref().map_or_else(|| client.clone(), |recording| recording.of(client));
    let (realtime, session) = match file {
        Some(file) => recorded.realtime_with_file(options, file),
        None => recorded.realtime(options),
    };

    // These end with the session, and have something to say after it.
    let mut telling = pin!(tell(realtime.events(), output.clone(), listen.json, filter).fuse());
    let handling = async {
        let handling = realtime.on_message(|delivery| async {
            // What is left out is nobody's to handle.
            if filter.takes(&delivery) { count.handle(handler.handle(delivery)).await } else { Ok(()) }
        });
        let _ = tokio::join!(handling, handler.relay(realtime.events(), filter));
        pending().await
    };
    let told = async {
        (&mut telling).await;
        pending().await
    };
    let counting = async {
        say_stats(&realtime, listen.stats).await;
        pending().await
    };
    // A new key that cannot be had ends the session like a signal does: what is in flight is finished first.
    let mut refused = None;
    let following = async {
        if let Some(file) = key_file {
            refused = file.follow(&realtime, client.context(), realtime.events()).await.err();
            realtime.close();
        }
        pending().await
    };
    // In this order, so that a connection is announced before what it brings.
    let ended = tokio::select! {
        biased;
        ended = session.run() => ended,
        never = told => never,
        // A handler that is still at work when the session has ended is given up: its message comes again.
        never = handling => never,
        never = following => never,
        never = counting => never,
        () = stop(signals, &realtime, &count, unread(&output, handler.prints())) => return Ok(Code::Ok),
    };
    if !telling.is_terminated() {
        let _ = timeout(PATIENCE, telling).await;
    }
    output.finish().await;
    if let Some(recording) = recording {
        recording.finish();
    }
    if let Some(refused) = refused {
        return Err(refused);
    }
    outcome(ended, output.failure(), handler.prints()).and_then(|code| failing.check().map(|()| code))
}

/// Says what the session did and holds, every so many seconds, if that is wanted.
async fn say_stats(realtime: &Realtime, every: Option<NonZeroU32>) {
    let Some(seconds) = every else { return };
    let mut ticks = interval(Duration::from_secs(seconds.get().into()));
    ticks.tick().await;
    loop {
        ticks.tick().await;
        note(format_args!("stats {}", json!(realtime.stats())));
    }
}

fn outcome(ended: ConnectionState, printing: Option<ErrorKind>, prints: bool) -> Result<Code, Exit> {
    match (ended, printing) {
        (ConnectionState::Halted { reason }, _) => Err(reason.into()),
        // The reader has had enough, as `head` has.
        (_, None | Some(ErrorKind::BrokenPipe)) => Ok(Code::Ok),
        (_, Some(kind)) if prints => Err(unprintable(kind)),
        _ => Err(Exit::new(Code::Files, "not all that was handled could be printed")),
    }
}

/// Prints the session's events until it has ended, or nothing can be printed any more.
async fn tell(mut events: Events, output: Output, json: bool, filter: &Filter) {
    while let Some(event) = events.next().await {
        let Some((kind, line)) = format::event(&event, json) else { continue };
        if !json {
            note(line);
        } else if filter.takes_line(&kind) && output.print(line).await.is_err() {
            return;
        }
    }
}

/// Waits until printing has failed where that is handling. Where a command or an address does that, it is said, and
/// everything goes on.
async fn unread(output: &Output, prints: bool) {
    output.broken().await;
    if !prints {
        let why = output.failure().map(|kind| kind.to_string()).unwrap_or_default();
        note(format_args!("cannot print any more ({why}); messages are handled all the same"));
        pending().await
    }
}

/// At the first signal, or when there is nothing more to do, the session is closed, which ends it in its own time; at
/// the next signal this future ends.
async fn stop(mut signals: StopSignals, realtime: &Realtime, count: &Count, unread: impl Future<Output = ()>) {
    tokio::select! {
        () = signals.next() => {}
        () = count.reached() => {}
        () = unread => {}
    }
    realtime.close();
    signals.again().await;
}
