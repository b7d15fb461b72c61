//! The session's REST calls that are under way, whatever each of them is for.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Response;

use super::active_call::ActiveCall;
use super::history_page::HistoryPage;
use crate::error::Fault;
use crate::realtime::inbox::Purpose;
use crate::realtime::state::RequestId;
use crate::rest::{GetMe, SyncAck, SyncMessages};
use crate::time::{Mono, Now};
use crate::types::{ConversationId, DeliveryId};

/// One of each kind at most, and one question to history a conversation and purpose.
#[derive(Debug, Default)]
pub(super) struct Calls {
    pub(super) who_am_i: Option<ActiveCall<GetMe>>,
    pub(super) drain: Option<ActiveCall<SyncMessages>>,
    /// The cursor that is being committed, and the call.
    pub(super) commit: Option<(DeliveryId, ActiveCall<SyncAck>)>,
    pub(super) history: BTreeMap<(ConversationId, Purpose), ActiveCall<HistoryPage>>,
}

impl Calls {
    /// The answer to a request, whichever call it belongs to.
    pub(super) fn response(&mut self, now: Now, request: RequestId, result: Result<Response<Bytes>, Fault>) {
        let mut result = Some(result);
        if let Some(call) = &mut self.who_am_i {
            call.response(now, request, &mut result);
        }
        if let Some(call) = &mut self.drain {
            call.response(now, request, &mut result);
        }
        if let Some((_, call)) = &mut self.commit {
            call.response(now, request, &mut result);
        }
        for call in self.history.values_mut() {
            call.response(now, request, &mut result);
        }
    }

    pub(super) fn timeout(&mut self, now: Now) {
        if let Some(call) = &mut self.who_am_i {
            call.timeout(now);
        }
        if let Some(call) = &mut self.drain {
            call.timeout(now);
        }
        if let Some((_, call)) = &mut self.commit {
            call.timeout(now);
        }
        for call in self.history.values_mut() {
            call.timeout(now);
        }
    }

    /// When [`timeout`](Self::timeout) has something to do.
    pub(super) fn wake(&self) -> Option<Mono> {
        let alone = [
            self.who_am_i.as_ref().and_then(ActiveCall::wake),
            self.drain.as_ref().and_then(ActiveCall::wake),
            self.commit.as_ref().and_then(|(_, call)| call.wake()),
        ];
        let history = self.history.values().map(ActiveCall::wake);
        alone.into_iter().chain(history).flatten().min()
    }
}
