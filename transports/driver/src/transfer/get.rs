//! Runs a download's [`Transfer`]: the connection is read as fast as the bytes are written.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use agentchat_engine::TransferError;
use agentchat_engine::transfer::{Received, Transfer, TransferInput, TransferOutput};
use bytes::Bytes;
use futures_io::AsyncWrite;
use futures_util::future::{Fuse, FutureExt};
use futures_util::{AsyncWriteExt, StreamExt};

use super::progress::Listener;
use crate::hooks::Watch;
use crate::next_input::next_input;
use crate::timer::Timer;
use crate::{Outgoing, Transport};

/// Runs the transfer to its end. Dropping the future drops the attempt that is in flight.
pub(super) async fn run<T: Transport>(
    transport: &T,
    mut transfer: Transfer,
    mut writer: impl AsyncWrite + Unpin,
    mut progress: Listener,
    mut watch: Watch<'_>,
) -> Result<Received, TransferError> {
    let mut exchange = pin!(Fuse::terminated());
    let mut body: Option<T::Incoming> = None;
    let mut timer = Timer::new(|at| transport.sleep_until(at));
    let (mut written, mut attempt) = (0, 0);
    loop {
        let wake = match transfer.poll_output() {
            TransferOutput::Send(next) => {
                watch.transfer_attempt(&next, transport.now().mono);
                (attempt, body) = (next.number, None);
                let nothing = next.request.map(|()| Outgoing::from(Bytes::new()));
                exchange.set(transport.exchange(nothing).fuse());
                continue;
            }
            TransferOutput::Write(bytes) => {
                if let Err(error) = writer.write_all(&bytes).await {
                    let result = Err(TransferError::writing(error));
                    watch.transfer_done(&result, transport.now().mono);
                    return result;
                }
                written += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                progress.tell(written, transfer.size());
                // The time that writing took is not the connection's.
                transfer.handle_input(transport.now(), TransferInput::Moved { attempt });
                continue;
            }
            TransferOutput::Retrying(plan) => {
                exchange.set(Fuse::terminated());
                body = None;
                watch.retry(&plan, transport.now().mono);
                continue;
            }
            TransferOutput::Done(result) => {
                let result = match result {
                    Ok(received) => writer.flush().await.map(|()| received).map_err(TransferError::writing),
                    Err(error) => Err(error),
                };
                watch.transfer_done(&result, transport.now().mono);
                return result;
            }
            TransferOutput::Finished => return Err(TransferError::Cancelled),
            TransferOutput::Idle { wake } => wake,
        };
        next_input(transport, &mut transfer, &mut timer, wake, |cx| {
            if let Poll::Ready(answer) = exchange.as_mut().poll(cx) {
                return Poll::Ready(match answer {
                    Ok(answer) => {
                        let (head, incoming) = answer.into_parts();
                        body = Some(incoming);
                        TransferInput::Head { attempt, head: http::Response::from_parts(head, ()) }
                    }
                    Err(fault) => TransferInput::Fault { attempt, fault },
                });
            }
            let Some(incoming) = &mut body else { return Poll::Pending };
            incoming.poll_next_unpin(cx).map(|next| match next {
                Some(Ok(bytes)) => TransferInput::Chunk { attempt, bytes },
                Some(Err(fault)) => TransferInput::Fault { attempt, fault },
                None => {
                    body = None;
                    TransferInput::End { attempt }
                }
            })
        })
        .await;
    }
}
