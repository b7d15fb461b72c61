//! Ours alone against a given server, for those who measure others beside it.

use std::error::Error;
use std::pin::pin;
use std::time::Duration;

use agentchat_engine::realtime::SessionOptions;
use agentchat_engine::{ApiKey, Context};
use agentchat_tokio::{Client, Proxy};
use futures_util::future::{Either, select};

use super::ingest::Steady;
use super::sockets::{self, Meter};
use super::{Effort, frames, ingest, webhook};

/// What of ours is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Messages sent over REST.
    Rest,
    /// Messages that the server pushes, handled and acked.
    Ws,
    /// Frames in process; needs no server.
    Ingest,
    /// Webhooks in process; needs no server.
    Webhook,
    /// Resident memory of idle sessions.
    Mem,
}

impl Part {
    /// Whether there has to be a server.
    #[must_use]
    pub fn needs_server(self) -> bool {
        !matches!(self, Self::Ingest | Self::Webhook)
    }
}

/// A measured value.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The part's name.
    pub name: &'static str,
    /// What was measured, with its unit.
    pub metric: &'static str,
    /// How much.
    pub value: f64,
}

/// How long a server may push nothing before it is taken to be done.
const SILENCE: Duration = Duration::from_secs(2);

/// Silences before the first message.
const PATIENCE: u32 = 10;

/// Who is written to.
const RECIPIENT: &str = "@alice";

fn client(port: u16, key: &str) -> Result<Client, Box<dyn Error>> {
    let context = Context::builder().api_key(ApiKey::new(key)?).base_url(format!("http://127.0.0.1:{port}")).build()?;
    Ok(agentchat_tokio::builder().proxy(Proxy::none()).build(context))
}

/// Measures one part against the server at a port of this machine, with this key.
///
/// # Errors
/// If the server cannot be reached, or refuses.
pub fn against(part: Part, port: u16, key: &str, effort: Effort) -> Result<Vec<Value>, Box<dyn Error>> {
    let value = |name, metric, value| Value { name, metric, value };
    Ok(match part {
        Part::Rest => {
            let client = client(port, key)?;
            let (one, many) = (effort.of(2_000), effort.of(10_000));
            let ([time, cpu], [time_64, cpu_64]) = sockets::tokio_runtime()?.block_on(async {
                // Opens the connection.
                sockets::calls(&client, RECIPIENT, 1, 1).await?;
                let one = sockets::calls(&client, RECIPIENT, one, 1).await?;
                Ok::<_, Box<dyn Error>>((one, sockets::calls(&client, RECIPIENT, many, 64).await?))
            })?;
            vec![
                value("rest", "seq calls/s", time.recip()),
                value("rest", "seq CPU s / 1,000", cpu * 1e3),
                value("rest", "64 in flight calls/s", time_64.recip()),
                value("rest", "64 in flight CPU s / 1,000", cpu_64 * 1e3),
            ]
        }
        Part::Ws => {
            let (handled, [time, cpu]) = listen(&client(port, key)?)?;
            vec![
                value("ws", "frames", handled as f64),
                value("ws", "frames/s", time.recip()),
                value("ws", "CPU s / 100k", cpu * 1e5),
            ]
        }
        Part::Ingest => {
            let count = effort.of(200_000);
            let mut steady = Steady::new(ingest::CONVERSATIONS, frames::Order::Rising, effort.of(ingest::WARM_UP));
            let cpu = steady.cost(count);
            vec![value("ingest", "frames/s", cpu.recip()), value("ingest", "CPU s / 100k", cpu * 1e5)]
        }
        Part::Webhook => vec![value("webhook", "us", webhook::ours(effort.of(200_000))? * 1e6)],
        Part::Mem => {
            let sessions = effort.pick(1_000, 50);
            let runtime = sockets::tokio_runtime()?;
            let bytes = runtime.block_on(sockets::resident_each(&client(port, key)?, sessions))?;
            vec![value("mem", "KiB a session", bytes / 1_024.0)]
        }
    })
}

/// Handles and acks what comes until nothing does; how much that was, and seconds and seconds of CPU for each.
fn listen(client: &Client) -> Result<(usize, [f64; 2]), Box<dyn Error>> {
    sockets::tokio_runtime()?.block_on(async {
        let realtime = agentchat_tokio::connect(client, SessionOptions::default());
        let meter = Meter::new(usize::MAX);
        let mut handled = pin!(realtime.on_message(|_| async {
            meter.count();
            Ok::<_, std::convert::Infallible>(())
        }));
        let (mut before, mut silences) = (0, 0);
        loop {
            let silence = pin!(tokio::time::sleep(SILENCE));
            if let Either::Left((ended, _)) = select(handled.as_mut(), silence).await {
                ended?;
                break;
            }
            let counted = meter.counted();
            silences = if counted > before { 0 } else { silences + 1 };
            before = counted;
            // The first may take longer.
            if silences == 1 && counted > 0 || silences == PATIENCE {
                realtime.close();
                handled.as_mut().await?;
                break;
            }
        }
        let (counted, spent) = meter.so_far()?;
        Ok((meter.counted(), spent.each(counted)))
    })
}
