//! The drain: paging through what the platform stored, after every connect (contract 2.3, 4.8).

use std::collections::BTreeSet;

use crate::limits;
use crate::rest::SyncMessages;
use crate::time::Mono;
use crate::types::DeliveryId;

/// What a page means for the drain.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// There may be more.
    More,
    /// It was the last page.
    End,
    /// The page was full, but its cursor leads nowhere new, or there were more pages than a backlog can have.
    Stuck,
}

/// What was taken of a page.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Rows.
    pub(super) taken: usize,
    /// Those of them that this drain had not brought before.
    pub(super) new: u64,
    /// The last cursor of those.
    pub(super) last: Option<DeliveryId>,
    /// Bytes that the next row needs, if there was no room for it: it is asked for again.
    pub(super) needs: Option<usize>,
}

/// How far a drain has come.
#[derive(Debug)]
pub(super) struct Drain {
    page: u32,
    after: Option<DeliveryId>,
    visited: BTreeSet<DeliveryId>,
    /// Bytes that the first row which did not fit needs.
    needs: usize,
    /// Since when sync fails.
    failing_since: Option<Mono>,
    /// Whether the next page waits for room.
    waits_for_room: bool,
    drained: u64,
    /// The rows so far, as many as are remembered: after a restart they come again.
    brought: BTreeSet<DeliveryId>,
}

impl Drain {
    pub(super) fn new(page: u32) -> Self {
        let (after, visited, brought) = Default::default();
        Self { page, after, visited, needs: 0, failing_since: None, waits_for_room: false, drained: 0, brought }
    }

    /// From the beginning once more; what was drained counts on.
    pub(super) fn restart(&mut self) {
        let brought = core::mem::take(&mut self.brought);
        *self = Self { drained: self.drained, brought, ..Self::new(self.page) };
    }

    /// Notes a row; whether it is the first time that this drain brings it. One without a cursor cannot be told from others.
    pub(super) fn brings(&mut self, cursor: Option<&DeliveryId>) -> bool {
        match cursor {
            Some(cursor) if self.brought.len() < limits::HANDLED_IDS => self.brought.insert(cursor.clone()),
            Some(cursor) => !self.brought.contains(cursor),
            None => true,
        }
    }

    /// The request for the next page.
    pub(super) fn request(&self) -> SyncMessages {
        let request = SyncMessages::new().limit(self.page);
        match &self.after {
            Some(after) => request.after(after.as_str()),
            None => request,
        }
    }

    /// Takes note of a page. Cursors are opaque, so only the record of those seen tells a new one from a repeated one.
    pub(super) fn take(&mut self, page: &Page) -> Progress {
        self.failing_since = None;
        self.needs = 0;
        self.drained = self.drained.saturating_add(page.new);
        if let Some(needs) = page.needs {
            self.needs = needs;
            if let Some(last) = &page.last {
                self.visited.insert(last.clone());
                self.after = Some(last.clone());
            }
            return Progress::More;
        }
        if page.taken < self.page as usize {
            return Progress::End;
        }
        match page.last.clone() {
            Some(last) if self.visited.len() < limits::HANDLED_IDS && self.visited.insert(last.clone()) => {
                self.after = Some(last);
                Progress::More
            }
            _ => Progress::Stuck,
        }
    }

    /// Bytes that have to be free before the next page can be of use.
    pub(super) fn needs(&self) -> usize {
        self.needs
    }

    /// The next page has been asked for.
    pub(super) fn asked(&mut self) {
        self.waits_for_room = false;
    }

    /// Notes that the next page waits for room. True if it did not before.
    pub(super) fn wait_for_room(&mut self) -> bool {
        !core::mem::replace(&mut self.waits_for_room, true)
    }

    pub(super) fn is_failing(&self) -> bool {
        self.failing_since.is_some()
    }

    /// Sync was answered with an error, or the answer was lost; since when that has been so.
    pub(super) fn failing(&mut self, now: Mono) -> Mono {
        *self.failing_since.get_or_insert(now)
    }

    /// Rows so far, each counted once.
    pub(super) fn drained(&self) -> u64 {
        self.drained
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(cursors: &[&str]) -> Page {
        let last = cursors.iter().rev().find(|cursor| !cursor.is_empty()).map(|cursor| DeliveryId::from(*cursor));
        Page { taken: cursors.len(), new: cursors.len() as u64, last, needs: None }
    }

    #[test]
    fn after_a_row_that_had_no_room_the_drain_goes_on_where_it_was() {
        let mut drain = Drain::new(3);
        assert_eq!(drain.take(&Page { needs: Some(700), ..page(&["a"]) }), Progress::More);
        assert_eq!((drain.needs(), drain.drained()), (700, 1));
        assert_eq!(drain.take(&Page { needs: Some(700), ..Page::default() }), Progress::More);
        assert_eq!(drain.after, Some("a".into()));
        assert_eq!(drain.take(&page(&["b"])), Progress::End);
        assert_eq!(drain.needs(), 0);
    }

    #[test]
    fn a_full_page_whose_cursor_repeats_ends_the_drain() {
        let mut drain = Drain::new(2);
        assert_eq!(drain.take(&page(&["a", "b"])), Progress::More);
        assert_eq!(drain.take(&page(&["c", "d"])), Progress::More);
        assert_eq!(drain.take(&page(&["a", "b"])), Progress::Stuck);
        assert_eq!(Drain::new(2).take(&page(&["", ""])), Progress::Stuck);
        assert_eq!(drain.take(&page(&["e"])), Progress::End);
        assert_eq!(drain.drained(), 7);
    }
}
