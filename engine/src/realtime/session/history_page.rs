//! A page of history as the endpoint gives it: the public one, its rows kept as they came.

use bytes::Bytes;
use http::Response;

use crate::error::InvalidArgument;
use crate::limits;
use crate::rest::{Endpoint, GetMessages, IdSource, Parts, Route, decode_rows};
use crate::types::{ConversationId, SyncPage};

/// A page of history as rows, so that one that cannot be read spoils no other.
#[derive(Debug)]
pub(super) struct HistoryPage(GetMessages);

impl HistoryPage {
    pub(super) fn after(conversation_id: &ConversationId, seq: u64) -> Self {
        Self(GetMessages::new(conversation_id.as_str()).limit(limits::FILL_PAGE).after_seq(seq))
    }
}

impl Endpoint for HistoryPage {
    type Output = SyncPage;

    fn route(&self) -> &'static Route {
        self.0.route()
    }

    fn parts(&self, ids: &mut IdSource<'_>) -> Result<Parts, InvalidArgument> {
        self.0.parts(ids)
    }

    fn decode(&self, response: &Response<Bytes>) -> Result<SyncPage, String> {
        decode_rows(response, self.route())
    }
}
