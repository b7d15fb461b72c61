//! What a list is to the [`Pager`](super::Pager).

use core::fmt;

use serde_json::Value;

use super::error::PagingError;
use crate::rest::Endpoint;

/// A list that comes in pages. Implemented by the lists of this module; not meant to be implemented outside.
pub trait Listing {
    /// What asks for one page.
    type Request: Endpoint;
    /// A row.
    type Item;
    /// A place between two rows.
    type Position: Clone + PartialEq + fmt::Debug;

    /// Rows a page and in all.
    #[doc(hidden)]
    fn bounds(&self) -> Bounds;

    /// Where to begin.
    #[doc(hidden)]
    fn start(&self) -> Self::Position;

    /// Asks for up to so many rows after a place.
    ///
    /// # Errors
    /// If the platform lets nobody ask for that.
    #[doc(hidden)]
    fn request(&self, after: &Self::Position, limit: u32) -> Result<Self::Request, PagingError>;

    /// Reads a page that was asked for.
    ///
    /// # Errors
    /// If it is not a position that could have been asked for.
    #[doc(hidden)]
    #[allow(private_interfaces, reason = "what a page is to the pager is nobody else's business")]
    fn read(
        &self,
        after: &Self::Position,
        page: <Self::Request as Endpoint>::Output,
    ) -> Result<Page<Self>, PagingError>;
}

/// How much of a list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bounds {
    /// Rows asked for at once.
    pub page_size: u32,
    /// Rows in all; without it the list ends where it ends.
    pub max: Option<u64>,
}

impl Bounds {
    pub(super) const fn pages_of(page_size: u32) -> Self {
        Self { page_size, max: None }
    }
}

/// A page, read.
#[derive(Debug)]
pub(crate) struct Page<L: Listing + ?Sized> {
    pub(crate) rows: Vec<Row<L::Item, L::Position>>,
    /// Rows that came, those left out included.
    pub(crate) came: u64,
    /// Where the next page begins; `None` at the end of the list.
    pub(crate) next: Option<L::Position>,
    /// Rows of the whole list, if the server says.
    pub(crate) total: Option<u64>,
}

/// A row of a page.
#[derive(Debug)]
pub(crate) struct Row<I, P> {
    /// As it came, if it cannot be read.
    pub(crate) item: Result<I, Value>,
    /// By which it is known again on another page. `None` where the place alone tells, or where it cannot be read.
    pub(crate) key: Option<String>,
    /// The place behind it.
    pub(crate) after: P,
}

macro_rules! bounded {
    ($Type:ident) => {
        impl $Type {
            /// Rows asked for at once; the most that the platform gives without it.
            #[must_use]
            pub fn page_size(mut self, rows: u32) -> Self {
                self.bounds.page_size = rows;
                self
            }

            /// Rows in all, at most; 0 asks for nothing. Without it the whole list, up to 100,000 rows.
            #[must_use]
            pub fn max(mut self, rows: u64) -> Self {
                self.bounds.max = Some(rows);
                self
            }
        }
    };
}

pub(super) use bounded;
