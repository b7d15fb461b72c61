//! [`Pager`]: reads a list page by page, and is taken row by row.

use core::fmt;
use std::collections::{BTreeSet, VecDeque};

use serde_json::Value;

use super::error::PagingError;
use super::listing::{Listing, Row};
use crate::error::Error;
use crate::limits;
use crate::rest::Endpoint;

/// What a [`Pager`] has next.
#[derive(Debug)]
pub enum Step<R, I> {
    /// A row.
    Item(I),
    /// A row that cannot be read, as it came. The list goes on after it.
    Unreadable(Value),
    /// Make this call and give its answer to [`Pager::page`]. Said again until then, so that a call may be given up.
    Fetch(R),
    /// The list ended early. Said once; [`End`](Self::End) follows.
    Failed(PagingError),
    /// The end.
    End,
}

/// Reads a list page by page. One call at a time is asked for, and none before the last page's rows were taken.
///
/// ```
/// use agentchat_engine::paging::{Contacts, Pager, Step};
///
/// let mut pager = Pager::new(Contacts::new());
/// let Step::Fetch(_request) = pager.step() else { panic!() };
/// let page = serde_json::from_str(r#"{"contacts":[{"handle":"alice"}],"total":1}"#)?;
/// pager.page(Ok(page));
/// let Step::Item(alice) = pager.step() else { panic!() };
/// assert_eq!((alice.handle.as_str(), pager.position()), ("alice", &1));
/// assert!(matches!(pager.step(), Step::End));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub struct Pager<L: Listing> {
    listing: L,
    /// After the last row that was taken.
    position: L::Position,
    /// Where the next page begins; `None` once the last one came.
    next: Option<L::Position>,
    rows: VecDeque<Row<L::Item, L::Position>>,
    seen: BTreeSet<String>,
    /// The keys of the page before, to know it again.
    before: Vec<String>,
    before_was_all: bool,
    barren: u32,
    taken: u64,
    failed: Option<PagingError>,
}

impl<L: Listing> Pager<L> {
    /// Begins at the start of a list; nothing is asked for yet.
    #[must_use]
    pub fn new(listing: L) -> Self {
        let start = listing.start();
        Self {
            listing,
            position: start.clone(),
            next: Some(start),
            rows: VecDeque::new(),
            seen: BTreeSet::new(),
            before: Vec::new(),
            before_was_all: false,
            barren: 0,
            taken: 0,
            failed: None,
        }
    }

    /// The place after the last row that was taken. A list that starts there goes on with the next.
    pub fn position(&self) -> &L::Position {
        &self.position
    }

    /// The next row, or what to do for it.
    pub fn step(&mut self) -> Step<L::Request, L::Item> {
        let max = self.listing.bounds().max;
        if max.is_some_and(|max| self.taken >= max) {
            return Step::End;
        }
        if let Some(row) = self.rows.pop_front() {
            if max.is_none() && self.taken >= limits::PAGED_ROWS {
                return self.ended(PagingError::Endless { taken: self.taken });
            }
            self.position = row.after;
            self.taken = self.taken.saturating_add(1);
            return row.item.map_or_else(Step::Unreadable, Step::Item);
        }
        if let Some(error) = self.failed.take() {
            return self.ended(error);
        }
        let Some(next) = &self.next else {
            return Step::End;
        };
        let left = max.map_or(u64::MAX, |max| max.saturating_sub(self.taken));
        let limit = self.listing.bounds().page_size.min(u32::try_from(left).unwrap_or(u32::MAX));
        match self.listing.request(next, limit) {
            Ok(request) => Step::Fetch(request),
            Err(error) => self.ended(error),
        }
    }

    /// The answer to the call that was asked for. One that was not asked for changes nothing.
    pub fn page(&mut self, answer: Result<<L::Request as Endpoint>::Output, Error>) {
        let Some(at) = self.next.clone().filter(|_| self.rows.is_empty() && self.failed.is_none()) else {
            return;
        };
        let read = answer.map_err(PagingError::Call).and_then(|page| self.listing.read(&at, page));
        let page = match read {
            Ok(page) => page,
            Err(error) => return self.failed = Some(error),
        };
        let keys: Vec<String> = page.rows.iter().filter_map(|row| row.key.clone()).collect();
        if !keys.is_empty() && keys == self.before {
            self.next = None;
            if !self.before_was_all {
                self.failed = Some(PagingError::Stuck { taken: self.taken });
            }
            return;
        }
        let asked = u64::from(self.listing.bounds().page_size);
        self.before_was_all = page.came < asked && page.total.is_none_or(|total| total <= page.came);
        self.before = keys;
        let moves_on = page.next.as_ref() != Some(&at);
        self.next = page.next;
        for row in page.rows {
            if row.key.as_ref().is_none_or(|key| self.seen.insert(key.clone())) {
                self.rows.push_back(row);
            }
        }
        self.barren = if self.rows.is_empty() { self.barren.saturating_add(1) } else { 0 };
        if self.next.is_some() && (!moves_on || self.barren >= limits::PAGES_WITHOUT_NEWS) {
            self.failed = Some(PagingError::Stuck { taken: self.taken });
        }
    }

    fn ended(&mut self, error: PagingError) -> Step<L::Request, L::Item> {
        self.next = None;
        self.rows.clear();
        Step::Failed(error)
    }
}

impl<L: Listing> fmt::Debug for Pager<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager")
            .field("position", &self.position)
            .field("taken", &self.taken)
            .field("waiting", &self.rows.len())
            .finish_non_exhaustive()
    }
}
