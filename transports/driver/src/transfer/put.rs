//! Runs an upload's [`Transfer`]: the file is read as fast as the connection takes it.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use agentchat_engine::TransferError;
use agentchat_engine::transfer::{Announced, Fingerprint, Received, Transfer, TransferInput, TransferOutput};
use futures_util::future::{Fuse, FutureExt};

use super::progress::Listener;
use super::source::{Source, read};
use crate::body::Feed;
use crate::hooks::Watch;
use crate::next_input::next_input;
use crate::timer::Timer;
use crate::{Outgoing, Transport};

/// Runs the transfer to its end. Dropping the future drops the attempt that is in flight.
pub(super) async fn run<T: Transport, S: Source>(
    transport: &T,
    mut transfer: Transfer,
    source: &S,
    file: &Fingerprint,
    mut progress: Listener,
    mut watch: Watch<'_>,
) -> Result<Received, TransferError> {
    let (sent, mut told) = (AtomicU64::new(0), 0);
    let mut exchange = pin!(Fuse::terminated());
    let mut feeding = pin!(Fuse::terminated());
    let mut timer = Timer::new(|at| transport.sleep_until(at));
    let (mut attempt, mut unreadable) = (0, None);
    loop {
        let wake = match transfer.poll_output() {
            TransferOutput::Send(next) => {
                watch.transfer_attempt(&next, transport.now().mono);
                (attempt, told) = (next.number, 0);
                sent.store(0, Ordering::Relaxed);
                let (feed, body) = Outgoing::fed(next.body);
                exchange.set(transport.exchange(next.request.map(|()| body)).fuse());
                feeding.set(read_into(feed, source, file, &sent).fuse());
                continue;
            }
            TransferOutput::Retrying(plan) => {
                exchange.set(Fuse::terminated());
                feeding.set(Fuse::terminated());
                watch.retry(&plan, transport.now().mono);
                continue;
            }
            TransferOutput::Write(_) => continue,
            TransferOutput::Done(result) => {
                let result = unreadable.map_or(result, Err);
                watch.transfer_done(&result, transport.now().mono);
                return result;
            }
            TransferOutput::Finished => return Err(TransferError::Cancelled),
            TransferOutput::Idle { wake } => wake,
        };
        next_input(transport, &mut transfer, &mut timer, wake, |cx| {
            if let Poll::Ready(answer) = exchange.as_mut().poll(cx) {
                return Poll::Ready(match answer {
                    Ok(answer) => TransferInput::Head { attempt, head: answer.map(drop) },
                    Err(fault) => TransferInput::Fault { attempt, fault },
                });
            }
            // A file that cannot be read will not be read by another attempt.
            if let Poll::Ready(Err(error)) = feeding.as_mut().poll(cx) {
                unreadable = Some(error);
                return Poll::Ready(TransferInput::Cancel);
            }
            if sent.load(Ordering::Relaxed) > told {
                told = sent.load(Ordering::Relaxed);
                progress.tell(told, Some(file.size));
                return Poll::Ready(TransferInput::Moved { attempt });
            }
            Poll::Pending
        })
        .await;
    }
}

/// Reads the file into a request's body; ends early, with nothing to say, if the exchange is over.
async fn read_into<S: Source>(
    mut feed: Feed,
    source: &S,
    file: &Fingerprint,
    sent: &AtomicU64,
) -> Result<(), TransferError> {
    let mut reader = source.open().await.map_err(TransferError::reading)?;
    let mut announced = Announced::new(file);
    while announced.remaining() > 0 {
        let chunk = read(&mut reader).await?;
        announced.check(&chunk)?;
        if !feed.push(chunk).await {
            return Ok(());
        }
        sent.store(file.size - announced.remaining(), Ordering::Relaxed);
    }
    Ok(())
}
