//! The session's HTTP requests in flight, by the engine's ids.

use std::collections::BTreeMap;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use agentchat_engine::Fault;
use agentchat_engine::realtime::{Input, RequestId};
use bytes::Bytes;
use futures_util::future::{AbortHandle, Abortable, Join, join};
use futures_util::stream::{FuturesUnordered, StreamExt};
use http::Response;

/// A request that can be cancelled, and its id. Boxed, because a set of futures always has room for one more, and that of a
/// session is mostly empty.
type Running<Q> = Pin<Box<Abortable<Join<Ready<RequestId>, Q>>>>;

pub(crate) struct Requests<Q: Future> {
    running: FuturesUnordered<Running<Q>>,
    handles: BTreeMap<RequestId, AbortHandle>,
}

impl<Q: Future<Output = Result<Response<Bytes>, Fault>>> Requests<Q> {
    pub(crate) fn new() -> Self {
        Self { running: FuturesUnordered::new(), handles: BTreeMap::new() }
    }

    pub(crate) fn start(&mut self, id: RequestId, request: Q) {
        let (handle, registration) = AbortHandle::new_pair();
        self.handles.insert(id, handle);
        self.running.push(Box::pin(Abortable::new(join(ready(id), request), registration)));
    }

    /// The request is dropped with the next poll.
    pub(crate) fn cancel(&mut self, id: RequestId) {
        if let Some(handle) = self.handles.remove(&id) {
            handle.abort();
        }
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Input> {
        while let Poll::Ready(Some(ended)) = self.running.poll_next_unpin(cx) {
            if let Ok((request, result)) = ended {
                self.handles.remove(&request);
                return Poll::Ready(Input::Response { request, result });
            }
        }
        Poll::Pending
    }
}
