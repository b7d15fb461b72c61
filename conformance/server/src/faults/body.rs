//! What can happen to the body of an answer on its way: less of it, a pause in it, or all of it very slowly.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use bytes::Bytes;
use futures_util::future::Either;
use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::sleep;

use super::wait::Wait;

/// How a body arrives. The `Content-Length` is that of the whole body in each case.
///
/// ```
/// use agentchat_local::faults::{BodyFault, RequestFault, Wait};
/// use std::time::Duration;
/// let cut_off = RequestFault::body(BodyFault::Truncate { after: 10 });
/// let stuck = RequestFault::body(BodyFault::Stall { after: 10, wait: Wait::Forever });
/// let slow = RequestFault::body(BodyFault::Drip { bytes: 1, every: Duration::from_millis(5) });
/// # let _ = (cut_off, stuck, slow);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum BodyFault {
    /// Its first bytes, then the end of the connection.
    Truncate {
        /// Bytes that are still sent.
        after: usize,
    },
    /// Its first bytes, a pause, and the rest.
    Stall {
        /// Bytes before the pause.
        after: usize,
        /// How long the pause is.
        #[serde(default)]
        wait: Wait,
    },
    /// A few bytes at a time.
    Drip {
        /// Bytes at a time, at least one.
        bytes: usize,
        /// The time from each piece to the next.
        #[serde(rename = "every_ms", with = "super::millis")]
        every: Duration,
    },
}

/// Long enough for what was written to leave before the connection is dropped.
const FLUSH: Duration = Duration::from_millis(20);

impl BodyFault {
    /// The same answer, with its body on this fault's terms. Pauses without end are over when the platform stops.
    pub(super) async fn apply(&self, response: Response, stopping: watch::Receiver<bool>) -> Response {
        let (mut parts, body) = response.into_parts();
        // Bodies of the platform are complete in memory, and cannot fail.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        let pieces = match *self {
            BodyFault::Truncate { after } => Body::from_stream(truncated(&body, after)),
            BodyFault::Stall { after, wait } => Body::from_stream(stalled(&body, after, wait, stopping)),
            BodyFault::Drip { bytes, every } => Body::from_stream(dripping(body, bytes.max(1), every)),
        };
        Response::from_parts(parts, pieces)
    }
}

fn truncated(body: &Bytes, after: usize) -> impl stream::Stream<Item = io::Result<Bytes>> + use<> {
    let first = body.slice(..after.min(body.len()));
    let end = async {
        sleep(FLUSH).await;
        Err(io::ErrorKind::ConnectionAborted.into())
    };
    stream::iter([Ok(first)]).chain(stream::once(end))
}

fn stalled(
    body: &Bytes,
    after: usize,
    wait: Wait,
    stopping: watch::Receiver<bool>,
) -> impl stream::Stream<Item = io::Result<Bytes>> + use<> {
    let after = after.min(body.len());
    let (first, rest) = (body.slice(..after), body.slice(after..));
    let rest = async move {
        wait.over(stopping).await;
        Ok(rest)
    };
    stream::iter([Ok(first)]).chain(stream::once(rest))
}

fn dripping(body: Bytes, piece: usize, every: Duration) -> impl stream::Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold((body, true), move |(mut rest, is_first)| async move {
        if rest.is_empty() {
            return None;
        }
        let pause = if is_first { Either::Left(std::future::ready(())) } else { Either::Right(sleep(every)) };
        pause.await;
        let next = rest.split_to(piece.min(rest.len()));
        Some((Ok(next), (rest, false)))
    })
}
