//! The body of an answer: there as a whole, or chunk by chunk as the test says.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use agentchat_engine::Fault;
use bytes::Bytes;
use futures_channel::mpsc;
use futures_core::Stream;
use futures_util::StreamExt;

/// An answer's body.
///
/// ```
/// use agentchat_driver::engine::{Fault, FaultKind, WasSent};
/// use agentchat_driver::testkit::{Script, Task, TestBody};
///
/// let script = Script::new();
/// let client = script.client();
/// let mut call = Task::new(async move { client.get_me().await });
/// assert!(call.run().is_none());
/// let (feed, body) = TestBody::fed();
/// script.next_exchange().unwrap().end(Ok(http::Response::new(body)));
/// feed.unbounded_send(Ok("{\"handle\":".into()))?;
/// assert!(call.run().is_none(), "half a body");
/// feed.unbounded_send(Ok("\"alice\"}".into()))?;
/// drop(feed);
/// assert_eq!(call.run().unwrap().unwrap().handle.as_str(), "alice");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct TestBody(Chunks);

enum Chunks {
    Whole(Option<Bytes>),
    Fed(mpsc::UnboundedReceiver<Result<Bytes, Fault>>),
}

impl TestBody {
    /// A body that comes chunk by chunk, and ends when the sender is dropped.
    #[must_use]
    pub fn fed() -> (mpsc::UnboundedSender<Result<Bytes, Fault>>, Self) {
        let (feed, chunks) = mpsc::unbounded();
        (feed, Self(Chunks::Fed(chunks)))
    }
}

impl From<Bytes> for TestBody {
    fn from(bytes: Bytes) -> Self {
        Self(Chunks::Whole(Some(bytes)))
    }
}

impl Stream for TestBody {
    type Item = Result<Bytes, Fault>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.0 {
            Chunks::Whole(bytes) => Poll::Ready(bytes.take().map(Ok)),
            Chunks::Fed(chunks) => chunks.poll_next_unpin(cx),
        }
    }
}

impl fmt::Debug for TestBody {
    /// Without the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestBody").finish_non_exhaustive()
    }
}
