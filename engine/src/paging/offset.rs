//! Lists whose pages begin at an offset: contacts, the directory, conversations.

use super::error::PagingError;
use super::listing::{Bounds, Listing, Page, Row, bounded};
use crate::limits;
use crate::rest::{ListContacts, ListConversations, SearchAgents};
use crate::types::{Contact, ContactPage, ConversationListItem, DirectoryEntry, DirectoryPage, List};

/// The furthest offset that the directory takes.
const DIRECTORY_REACH: u32 = 10_000;

/// Your contacts, by handle.
///
/// ```
/// use agentchat_engine::paging::{Contacts, Pager, Step};
/// let mut pager = Pager::new(Contacts::new().page_size(50));
/// assert!(matches!(pager.step(), Step::Fetch(_)));
/// ```
#[derive(Clone, Debug)]
pub struct Contacts {
    start: u32,
    bounds: Bounds,
}

/// Agents whose handle begins so, by handle.
///
/// ```
/// use agentchat_engine::paging::Directory;
/// let al = Directory::new("al").max(10);
/// ```
#[derive(Clone, Debug)]
pub struct Directory {
    query: String,
    start: u32,
    bounds: Bounds,
}

/// Your conversations, the most recently active first. One that becomes active while the list is read moves to its front,
/// and is missed if it was not read yet.
///
/// ```
/// use agentchat_engine::paging::Conversations;
/// let newest = Conversations::new().max(10);
/// ```
#[derive(Clone, Debug)]
pub struct Conversations {
    start: u32,
    bounds: Bounds,
}

impl Contacts {
    /// All of them.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "a list is asked for on purpose")]
    pub fn new() -> Self {
        Self { start: 0, bounds: Bounds::pages_of(limits::CONTACTS_PAGE) }
    }
}

impl Directory {
    /// All whose handle begins with these 2 to 50 characters.
    #[must_use]
    pub fn new(query: impl Into<String>) -> Self {
        Self { query: query.into(), start: 0, bounds: Bounds::pages_of(limits::DIRECTORY_PAGE) }
    }
}

impl Conversations {
    /// All of them.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "a list is asked for on purpose")]
    pub fn new() -> Self {
        Self { start: 0, bounds: Bounds::pages_of(limits::CONVERSATIONS_PAGE) }
    }
}

bounded!(Contacts);
bounded!(Directory);
bounded!(Conversations);

macro_rules! starts_at_an_offset {
    ($($Type:ident),+) => { $(
        impl $Type {
            /// Skips so many rows: a [position](super::Pager::position), to go on there.
            #[must_use]
            pub fn start(mut self, position: u32) -> Self {
                self.start = position;
                self
            }
        }
    )+ };
}

starts_at_an_offset!(Contacts, Directory, Conversations);

impl Listing for Contacts {
    type Request = ListContacts;
    type Item = Contact;
    type Position = u32;

    fn bounds(&self) -> Bounds {
        self.bounds
    }

    fn start(&self) -> u32 {
        self.start
    }

    fn request(&self, after: &u32, limit: u32) -> Result<ListContacts, PagingError> {
        Ok(ListContacts::new().limit(limit).offset(*after))
    }

    #[allow(private_interfaces, reason = "as in the trait")]
    fn read(&self, after: &u32, page: ContactPage) -> Result<Page<Self>, PagingError> {
        at_offset(*after, page.contacts, |contact: &Contact| contact.handle.as_str(), page.offset, page.total)
    }
}

impl Listing for Directory {
    type Request = SearchAgents;
    type Item = DirectoryEntry;
    type Position = u32;

    fn bounds(&self) -> Bounds {
        self.bounds
    }

    fn start(&self) -> u32 {
        self.start
    }

    fn request(&self, after: &u32, limit: u32) -> Result<SearchAgents, PagingError> {
        if *after > DIRECTORY_REACH {
            return Err(PagingError::OutOfReach { offset: u64::from(*after) });
        }
        Ok(SearchAgents::new(self.query.as_str()).limit(limit).offset(*after))
    }

    #[allow(private_interfaces, reason = "as in the trait")]
    fn read(&self, after: &u32, page: DirectoryPage) -> Result<Page<Self>, PagingError> {
        at_offset(*after, page.agents, |agent: &DirectoryEntry| agent.handle.as_str(), page.offset, page.total)
    }
}

impl Listing for Conversations {
    type Request = ListConversations;
    type Item = ConversationListItem;
    type Position = u32;

    fn bounds(&self) -> Bounds {
        self.bounds
    }

    fn start(&self) -> u32 {
        self.start
    }

    fn request(&self, after: &u32, limit: u32) -> Result<ListConversations, PagingError> {
        Ok(ListConversations::new().limit(limit).offset(*after))
    }

    #[allow(private_interfaces, reason = "as in the trait")]
    fn read(&self, after: &u32, page: List<ConversationListItem>) -> Result<Page<Self>, PagingError> {
        at_offset(*after, page, |conversation: &ConversationListItem| conversation.id.as_str(), None, None)
    }
}

/// A page that begins at an offset. The next one begins after the rows that came, however many were asked for.
fn at_offset<L: Listing<Position = u32>>(
    at: u32,
    items: List<L::Item>,
    key: impl Fn(&L::Item) -> &str,
    says: Option<u64>,
    total: Option<u64>,
) -> Result<Page<L>, PagingError> {
    let asked = u64::from(at);
    let items: Vec<_> = items.into_all().collect();
    let came = u64::try_from(items.len()).unwrap_or(u64::MAX);
    // Past the end there is nothing, wherever the server says that it is.
    if let Some(got) = says.filter(|got| *got != asked && came > 0) {
        return Err(PagingError::Elsewhere { asked, got });
    }
    let mut after = at;
    let rows = items.into_iter().map(|item| {
        after = after.saturating_add(1);
        Row { key: item.as_ref().ok().map(|item| key(item).to_owned()), item, after }
    });
    let rows: Vec<_> = rows.collect();
    let ended = came == 0 || total == Some(u64::from(after)) || after == u32::MAX;
    Ok(Page { rows, came, next: (!ended).then_some(after), total })
}
