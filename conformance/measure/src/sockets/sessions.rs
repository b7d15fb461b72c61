//! Many idle sessions in one process.

use std::error::Error;
use std::time::{Duration, Instant};

use agentchat_engine::realtime::{ConnectionState, SessionOptions};
use agentchat_tokio::{Client, Realtime};
use futures_util::future::{join_all, try_join_all};
use tokio::time::timeout;

use super::runtimes::{client, tokio_runtime};
use crate::clock::process_cpu;
use crate::memory::resident;
use crate::peer::Peer;
use crate::{Effort, Figure, Measured, Measurement};

pub(crate) const SESSIONS_RSS: Measurement = Measurement { name: "sessions_rss", baseline: "-", run: rss };

pub(crate) const SESSIONS_CPU: Measurement = Measurement { name: "sessions_cpu", baseline: "-", run: cpu };

pub(crate) const STORM: Measurement = Measurement { name: "storm", baseline: "-", run: storm };

/// Sessions that are opened at the same time.
const AT_ONCE: usize = 50;

/// How long sessions may take to become live.
const LONGEST: Duration = Duration::from_secs(120);

/// Waits until a session is live.
async fn live(realtime: &Realtime) -> Result<(), &'static str> {
    let mut state = realtime.state();
    while state != ConnectionState::Live {
        state = realtime.state_changed(&state).await.ok_or("a session has ended")?;
    }
    Ok(())
}

/// So many live sessions.
pub(crate) async fn open(client: &Client, sessions: usize) -> Result<Vec<Realtime>, Box<dyn Error>> {
    let mut open = Vec::with_capacity(sessions);
    while open.len() < sessions {
        let begin = open.len();
        let more = AT_ONCE.min(sessions - begin);
        open.extend((0..more).map(|_| agentchat_tokio::connect(client, SessionOptions::default())));
        let all = try_join_all(open.iter().skip(begin).map(live));
        timeout(LONGEST, all).await.map_err(|_| "sessions do not become live")??;
    }
    Ok(open)
}

/// Resident bytes that each of so many sessions adds to the first ones.
pub(crate) async fn resident_each(client: &Client, sessions: usize) -> Result<f64, Box<dyn Error>> {
    let first = open(client, AT_ONCE).await?;
    let before = resident()?;
    let others = open(client, sessions).await?;
    let after = resident()?;
    drop((first, others));
    Ok(after.saturating_sub(before) as f64 / sessions as f64)
}

fn rss(effort: Effort) -> Measured {
    let sessions = effort.pick(10_000, 50);
    let peer = Peer::start(0)?;
    let bytes = tokio_runtime()?.block_on(async { resident_each(&client(&peer)?, sessions).await })?;
    let what = format!("each of {sessions} idle sessions, buffers included, resident");
    Ok(vec![Figure::new(bytes / 1_024.0, "KiB", what)])
}

fn cpu(effort: Effort) -> Measured {
    let sessions = effort.pick(10_000, 50);
    let time = Duration::from_millis(effort.pick(60_000, 100) as u64);
    let peer = Peer::start(0)?;
    let cpu = tokio_runtime()?.block_on(async {
        let open = open(&client(&peer)?, sessions).await?;
        let before = process_cpu();
        tokio::time::sleep(time).await;
        let cpu = process_cpu().saturating_sub(before);
        drop(open);
        Ok::<_, Box<dyn Error>>(cpu)
    })?;
    let share = 100.0 * cpu.as_secs_f64() / time.as_secs_f64();
    let what = format!("{sessions} idle sessions for {:.1} s, keepalives included", time.as_secs_f64());
    Ok(vec![Figure::new(share, "% of a core", what)])
}

fn storm(effort: Effort) -> Measured {
    let sessions = effort.pick(2_000, 20);
    let peer = Peer::start(0)?;
    tokio_runtime()?.block_on(async {
        let open = open(&client(&peer)?, sessions).await?;
        // Each is looked at before the platform goes, so that none comes back unseen.
        let back = join_all(open.iter().map(|realtime| async move {
            realtime.state_changed(&ConnectionState::Live).await.ok_or("a session has ended")?;
            live(realtime).await
        }));
        let begin = Instant::now();
        let peer = peer.restart()?;
        let back = timeout(LONGEST, back).await.map_err(|_| "not all sessions came back")?;
        let took = begin.elapsed();
        back.into_iter().collect::<Result<(), _>>()?;
        let seen = peer.seen()?;
        let share = 100.0 * seen.busiest_second as f64 / sessions as f64;
        let all = format!("until all of {sessions} sessions are live after the platform was restarted");
        let busiest = format!("{} of {} connections in the busiest second", seen.busiest_second, seen.upgrades);
        Ok(vec![Figure::new(took.as_secs_f64(), "s", all), Figure::new(share, "% in one second", busiest)])
    })
}
