//! Messages sent over REST.

use std::error::Error;
use std::future::Future;

use agentchat_engine::rest::SendMessage;
use agentchat_tokio::Client;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::bare_http::BareHttp;
use super::meter::{now, since};
use super::runtimes::{client, tokio_runtime};
use crate::compare::compare_all;
use crate::peer::Peer;
use crate::{Effort, Figure, Measured, Measurement};

const BASELINE: &str = "hyper-util and typed parse";

/// What is sent, and to whom.
const TEXT: &str = "hello";
const RECIPIENT: &str = "@alice";

pub(crate) const REST_SEQ: Measurement =
    Measurement { name: "rest_seq", baseline: BASELINE, run: |effort| rest(effort, 1) };

pub(crate) const REST_64: Measurement =
    Measurement { name: "rest_64", baseline: BASELINE, run: |effort| rest(effort, 64) };

fn rest(effort: Effort, in_flight: usize) -> Measured {
    let calls = effort.of(10_000);
    let peer = Peer::start(0)?;
    let runtime = tokio_runtime()?;
    // Connections are opened by the round that is not counted.
    let (client, bare) = (client(&peer)?, BareHttp::new(&peer)?);
    let ours = || runtime.block_on(self::calls(&client, RECIPIENT, calls, in_flight));
    let bare = || runtime.block_on(all(calls, in_flight, || bare.send(RECIPIENT, TEXT)));
    let [time, cpu] = compare_all(effort.rounds(), ours, bare)?;
    let per_second = format!("{:.0} against {:.0} calls/s", time.ours.recip(), time.baseline.recip());
    let per_call = format!("{:.1} against {:.1} us of CPU a call", cpu.ours * 1e6, cpu.baseline * 1e6);
    Ok(vec![Figure::new(time.rate(), "calls/s", per_second), Figure::new(cpu.cost, "CPU", per_call)])
}

/// Seconds, and seconds of CPU, for each of so many messages of ours.
pub(crate) async fn calls(
    client: &Client,
    to: &str,
    calls: usize,
    in_flight: usize,
) -> Result<[f64; 2], Box<dyn Error>> {
    let send = || async {
        client.send_message(SendMessage::to(to, TEXT)).await?;
        Ok(())
    };
    all(calls, in_flight, send).await
}

/// Seconds, and seconds of CPU, for each of so many calls.
async fn all<F>(calls: usize, in_flight: usize, call: impl Fn() -> F) -> Result<[f64; 2], Box<dyn Error>>
where
    F: Future<Output = Result<(), Box<dyn Error>>>,
{
    let begin = now();
    let running = stream::iter(0..calls).map(|_| call()).buffer_unordered(in_flight);
    running.try_for_each(|()| async { Ok(()) }).await?;
    Ok(since(begin).each(calls))
}
