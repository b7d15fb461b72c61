//! Bodies that stream: what a request sends, and what an answer brings, collected up to a limit.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use agentchat_engine::rest::BodyTooLarge;
use agentchat_engine::words::{bounded, printable};
use agentchat_engine::{Fault, FaultKind, WasSent, limits};
use bytes::{Bytes, BytesMut};
use futures_channel::mpsc;
use futures_core::Stream;
use futures_util::StreamExt;
use http::Response;
use http::header::{CONTENT_LENGTH, HeaderMap};
use tracing::debug;

use crate::body_limit::BodyLimit;

/// A request's body: a stream of chunks whose length is known before the first. It is `Send` and owns what it sends,
/// whatever the chunks are read from, because they are read where the caller's future is polled and handed over.
///
/// ```
/// use agentchat_driver::Outgoing;
/// use bytes::Bytes;
/// use futures_util::{FutureExt, StreamExt};
///
/// let mut body = Outgoing::from(Bytes::from_static(b"hi"));
/// assert_eq!(body.remaining(), 2);
/// assert_eq!(body.next().now_or_never().flatten(), Some(Ok(Bytes::from_static(b"hi"))));
/// assert_eq!((body.remaining(), body.next().now_or_never().flatten()), (0, None));
/// ```
pub struct Outgoing {
    remaining: u64,
    chunks: Chunks,
}

enum Chunks {
    Whole(Bytes),
    Fed(mpsc::Receiver<Bytes>),
}

/// A request's body ended before its announced length. The request must be broken off, not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body was cut short by its sender")]
pub struct BodyCut;

impl Outgoing {
    /// A body of so many bytes, and the end that feeds it, chunk by chunk.
    #[must_use]
    pub fn fed(length: u64) -> (Feed, Self) {
        let (feed, chunks) = mpsc::channel(0);
        (Feed(feed), Self { remaining: length, chunks: Chunks::Fed(chunks) })
    }

    /// Bytes that are still to come: at first, the `Content-Length`.
    #[must_use]
    pub fn remaining(&self) -> u64 {
        self.remaining
    }
}

impl From<Bytes> for Outgoing {
    fn from(bytes: Bytes) -> Self {
        Self { remaining: length(&bytes), chunks: Chunks::Whole(bytes) }
    }
}

impl Stream for Outgoing {
    type Item = Result<Bytes, BodyCut>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.remaining == 0 {
            return Poll::Ready(None);
        }
        let chunk = match &mut self.chunks {
            Chunks::Whole(bytes) => Some(std::mem::take(bytes)),
            Chunks::Fed(chunks) => ready!(chunks.poll_next_unpin(cx)),
        };
        let fits = chunk.and_then(|chunk| Some((self.remaining.checked_sub(length(&chunk))?, chunk)));
        let Some((remaining, chunk)) = fits else {
            return Poll::Ready(Some(Err(BodyCut)));
        };
        self.remaining = remaining;
        Poll::Ready(Some(Ok(chunk)))
    }
}

impl fmt::Debug for Outgoing {
    /// Without the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").field("remaining", &self.remaining).finish_non_exhaustive()
    }
}

/// The end of a body that is fed; at most one chunk waits to be taken. Dropping it early cuts the body.
#[derive(Debug)]
pub struct Feed(mpsc::Sender<Bytes>);

impl Feed {
    /// Hands a chunk over once the one before was taken; `false` if nobody will take it.
    pub async fn push(&mut self, chunk: Bytes) -> bool {
        poll_fn(|cx| self.0.poll_ready(cx)).await.is_ok() && self.0.start_send(chunk).is_ok()
    }
}

/// Reads an answer's body to the end. An error whose body is above the limit, or above the one for errors, or breaks off, loses
/// the body and keeps the rest: its status says more than what became of its body.
///
/// # Errors
/// For a success: the stream's own fault, or `TooLarge` for a body above the limit, announced or not.
pub(crate) async fn collect<B>(response: Response<B>, limit: BodyLimit) -> Result<Response<Bytes>, Fault>
where
    B: Stream<Item = Result<Bytes, Fault>> + Unpin,
{
    let (mut head, chunks) = response.into_parts();
    let failed = !head.status.is_success();
    let limit = if failed { limit.min(BodyLimit::new(limits::ERROR_BODY)).bytes() } else { limit.bytes() };
    match read(&head.headers, chunks, limit).await {
        Ok(Some(body)) => Ok(Response::from_parts(head, body)),
        Err(fault) if failed => {
            debug!(status = head.status.as_u16(), %fault, "the body of an error was not read to its end");
            Ok(Response::from_parts(head, Bytes::new()))
        }
        Err(fault) => Err(Fault { request_id: request_id(&head.headers), ..fault }),
        Ok(None) if failed => {
            head.extensions.insert(BodyTooLarge { limit });
            Ok(Response::from_parts(head, Bytes::new()))
        }
        Ok(None) => {
            let (status, request_id) = (head.status.as_u16(), request_id(&head.headers));
            let request = request_id.as_deref().map(|id| format!(", request {}", printable(id))).unwrap_or_default();
            let message = format!("the body of the answer (status {status}{request}) is larger than {limit} bytes");
            let fault = Fault::new(FaultKind::TooLarge, WasSent::Maybe, message);
            Err(Fault { status: Some(status), request_id, ..fault })
        }
    }
}

/// What the platform can be asked about an answer by.
fn request_id(headers: &HeaderMap) -> Option<String> {
    headers.get("x-request-id").and_then(|id| id.to_str().ok()).map(|id| bounded(id, limits::IDENTIFIER))
}

/// The whole body, or `None` if it is above the limit.
async fn read<B>(headers: &HeaderMap, mut chunks: B, limit: usize) -> Result<Option<Bytes>, Fault>
where
    B: Stream<Item = Result<Bytes, Fault>> + Unpin,
{
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|announced| usize::try_from(announced).map_or(true, |length| length > limit)) {
        return Ok(None);
    }
    // A small answer comes in one piece, which is not copied.
    let mut body = chunks.next().await.transpose()?.unwrap_or_default();
    let mut gathered = BytesMut::new();
    loop {
        if gathered.len() + body.len() > limit {
            return Ok(None);
        }
        match chunks.next().await.transpose()? {
            None if gathered.is_empty() => return Ok(Some(body)),
            None => {
                gathered.extend_from_slice(&body);
                return Ok(Some(gathered.freeze()));
            }
            Some(next) => {
                gathered.extend_from_slice(&body);
                body = next;
            }
        }
    }
}

fn length(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, stream};

    use super::*;

    fn next(body: &mut Outgoing) -> Option<Option<Result<Bytes, BodyCut>>> {
        body.next().now_or_never()
    }

    #[test]
    fn a_fed_body_holds_one_chunk_at_a_time_and_ends_at_its_length() {
        let (mut feed, mut body) = Outgoing::fed(4);
        assert_eq!(next(&mut body), None);
        assert_eq!(feed.push(Bytes::from_static(b"ab")).now_or_never(), Some(true));
        assert_eq!(feed.push(Bytes::from_static(b"cd")).now_or_never(), None, "the first was not taken");
        assert_eq!(next(&mut body), Some(Some(Ok(Bytes::from_static(b"ab")))));
        assert_eq!(feed.push(Bytes::from_static(b"cd")).now_or_never(), Some(true));
        assert_eq!(next(&mut body), Some(Some(Ok(Bytes::from_static(b"cd")))));
        assert_eq!(next(&mut body), Some(None), "whatever the feed does");
        drop(body);
        assert_eq!(feed.push(Bytes::from_static(b"e")).now_or_never(), Some(false));
    }

    #[test]
    fn a_body_that_ends_early_or_has_too_much_is_cut() {
        let (feed, mut body) = Outgoing::fed(4);
        drop(feed);
        assert_eq!(next(&mut body), Some(Some(Err(BodyCut))));
        let (mut feed, mut body) = Outgoing::fed(4);
        assert_eq!(feed.push(Bytes::from_static(b"abcde")).now_or_never(), Some(true));
        assert_eq!(next(&mut body), Some(Some(Err(BodyCut))));
    }

    #[test]
    fn an_answer_is_collected_up_to_the_limit() {
        let answer = |chunks: &[&'static str]| {
            let chunks: Vec<_> = chunks.iter().map(|chunk| Ok(Bytes::from_static(chunk.as_bytes()))).collect();
            Response::new(stream::iter(chunks))
        };
        let collected = |chunks: &[&'static str], limit| {
            let collected = collect(answer(chunks), BodyLimit::new(limit)).now_or_never().unwrap();
            collected.map(Response::into_body).map_err(|fault| fault.kind)
        };
        assert_eq!(collected(&[], 0), Ok(Bytes::new()));
        assert_eq!(collected(&["abc"], 3), Ok(Bytes::from_static(b"abc")));
        assert_eq!(collected(&["a", "", "bc"], 3), Ok(Bytes::from_static(b"abc")));
        assert_eq!(collected(&["abcd"], 3), Err(FaultKind::TooLarge));
        assert_eq!(collected(&["ab", "cd"], 3), Err(FaultKind::TooLarge));
        let mut announced = answer(&["abc"]);
        announced.headers_mut().insert(CONTENT_LENGTH, 4.into());
        announced.headers_mut().insert("x-request-id", "req_7".parse().unwrap());
        let fault = collect(announced, BodyLimit::new(3)).now_or_never().unwrap().unwrap_err();
        assert_eq!(fault.kind, FaultKind::TooLarge);
        assert!(fault.to_string().contains("(status 200, request req_7)"), "{fault}");
        assert_eq!(fault.request_id.as_deref(), Some("req_7"));
    }

    #[test]
    fn an_error_keeps_its_status_whatever_its_body_weighs() {
        for (limit, expected) in [(usize::MAX, limits::ERROR_BODY), (3, 3)] {
            let chunk = Bytes::from(vec![b' '; expected / 2 + 1]);
            let mut answer = Response::new(stream::iter([Ok(chunk.clone()), Ok(chunk)]));
            *answer.status_mut() = http::StatusCode::BAD_GATEWAY;
            answer.headers_mut().insert("x-request-id", "req".parse().unwrap());
            let answer = collect(answer, BodyLimit::new(limit)).now_or_never().unwrap().unwrap();
            assert_eq!((answer.status().as_u16(), answer.body().len()), (502, 0));
            assert_eq!(answer.headers()["x-request-id"], "req");
            assert_eq!(answer.extensions().get(), Some(&BodyTooLarge { limit: expected }));
        }
    }

    #[test]
    fn a_success_whose_body_breaks_is_no_answer() {
        let broken = Fault::new(FaultKind::Io, WasSent::Maybe, "reset");
        let chunks = stream::iter([Ok(Bytes::from_static(b"abc")), Err(broken.clone())]);
        assert_eq!(
            collect(Response::new(chunks.clone()), BodyLimit::new(3)).now_or_never().unwrap().unwrap_err(),
            broken
        );
        let mut error = Response::new(chunks);
        *error.status_mut() = http::StatusCode::BAD_GATEWAY;
        let error = collect(error, BodyLimit::new(3)).now_or_never().unwrap().unwrap();
        assert_eq!((error.status().as_u16(), error.body().len()), (502, 0), "an error keeps its status");
    }
}
