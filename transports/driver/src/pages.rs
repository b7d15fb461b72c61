//! Lists as streams: [`Client::pages`].

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use agentchat_engine::Reply;
use agentchat_engine::paging::{Listing, Pager, PagingError, Step};
use futures_core::Stream;
use futures_util::stream::unfold;

use crate::lock::lock;
use crate::{Client, Transport};

/// The rows of a list, as a stream that asks for the next page when the last one's rows were taken. It ends with the list,
/// or after an error.
pub struct Paged<L: Listing, S> {
    pager: Arc<Mutex<Pager<L>>>,
    rows: Pin<Box<S>>,
}

impl<L: Listing, S> Paged<L, S> {
    /// The place after the last row that was taken. A list that starts there goes on with the next, after an error as well.
    #[must_use]
    pub fn position(&self) -> L::Position {
        lock(&self.pager).position().clone()
    }
}

impl<L: Listing, S: Stream> Stream for Paged<L, S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.rows.as_mut().poll_next(cx)
    }
}

impl<L: Listing, S> fmt::Debug for Paged<L, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Paged").field(&*lock(&self.pager)).finish()
    }
}

impl<T: Transport> Client<T> {
    /// Reads a list row by row, whatever its pages: contacts, the directory, conversations, history either way. What is
    /// [done about servers that misbehave](agentchat_engine::paging) is the engine's to say.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport};
    /// # use agentchat_engine::paging::{Contacts, History, PagingError};
    /// use futures_util::TryStreamExt;
    ///
    /// # async fn example<T: Transport>(client: Client<T>) -> Result<(), PagingError> {
    /// let mut contacts = client.pages(Contacts::new());
    /// while let Some(contact) = contacts.try_next().await? {
    ///     println!("{}", contact.handle);
    /// }
    ///
    /// let mut latest = client.pages(History::newest_first("conv_1").max(500));
    /// let read = latest.try_next().await;
    /// // Later, and after an error: the rest.
    /// let rest = client.pages(History::newest_first("conv_1").start(latest.position()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the stream: a call that failed with all its retries, or a server that does not move on; they end it. A row that
    /// cannot be read is [`PagingError::Unreadable`], and the stream goes on after it.
    pub fn pages<L: Listing>(
        &self,
        listing: L,
    ) -> Paged<L, impl Stream<Item = Result<L::Item, PagingError>> + use<T, L>> {
        let pager = Arc::new(Mutex::new(Pager::new(listing)));
        let rows = unfold((self.clone(), Arc::clone(&pager)), |(client, pager)| async move {
            loop {
                let step = lock(&pager).step();
                let row = match step {
                    Step::Item(row) => Ok(row),
                    Step::Unreadable(row) => Err(PagingError::Unreadable { row }),
                    Step::Failed(error) => Err(error),
                    Step::End => return None,
                    Step::Fetch(request) => {
                        let answer = client.call(request).await.map(Reply::into_value);
                        lock(&pager).page(answer);
                        continue;
                    }
                };
                return Some((row, (client, pager)));
            }
        });
        Paged { pager, rows: Box::pin(rows) }
    }
}
