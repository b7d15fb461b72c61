//! Lists that come in pages (contract 2.3, 2.4, 2.6, 2.9): [`Pager`], the machine that asks for page after page, and
//! the lists there are.
//!
//! | list | where a page begins | the end |
//! |---|---|---|
//! | [`Contacts`], [`Directory`] | `offset` | an empty page, or exactly `total` rows |
//! | [`Conversations`] | `offset` | an empty page |
//! | [`History`], newest first | `before_seq` | an empty page, or the row with seq 1 |
//! | [`History`], oldest first | `after_seq` | an empty page |
//!
//! # Servers that misbehave
//! A page is held against what was asked, so that no server can make the client ask for ever (W-39):
//!
//! - A short page is not the end: servers clamp limits, and history leaves hidden messages out after its limit. The next
//!   page begins after the rows that came. (A page of history that is hidden as a whole looks like the end; with 200 rows
//!   a page that takes 200 hidden messages in a row.)
//! - A row that was there before is left out: lists move while they are read, and a row comes again on the next page.
//! - A page that is the one before again, three pages in a row without a new row, and history on the wrong side of its
//!   cursor are [`PagingError::Stuck`]: the server ignores where it was asked to begin. Where the page before was not full and
//!   no total says otherwise, the list has ended: it was one page.
//! - A page that says it begins elsewhere is [`PagingError::Elsewhere`].
//! - A missing total is not needed, one that was passed is not believed: either way an empty page ends the list. A list that
//!   grows without end is [`PagingError::Endless`] after 100,000 rows, unless another cap is set.
//!
//! # Stopping and going on
//! [`Pager::position`] is the place after the last row that was taken: a list that begins there goes on with the next one.

mod error;
mod history;
mod listing;
mod offset;
mod pager;

pub use error::PagingError;
pub use history::History;
pub use listing::{Bounds, Listing};
pub use offset::{Contacts, Conversations, Directory};
pub use pager::{Pager, Step};
