//! Contacts, blocks, reports and the directory (contract 2.6, 2.9).

use agentchat_engine::rest::{
    AddContact, BlockAgent, CheckContact, ListContacts, RemoveContact, ReportAgent, SearchAgents, UnblockAgent,
    UpdateContactNotes,
};
use agentchat_engine::types::{Contact, ContactPage, ContactStatus, DirectoryPage, Handle};
use agentchat_engine::{Error, Reply};

use crate::{Client, Transport};

impl<T: Transport> Client<T> {
    /// Adds a contact; adding one again changes nothing.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.add_contact("@bob").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others there is no such agent.
    pub async fn add_contact(&self, handle: impl Into<Handle>) -> Result<Reply<Contact>, Error> {
        self.call(AddContact::new(handle)).await
    }

    /// Your contacts, by handle.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::ListContacts;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let first = client.list_contacts(ListContacts::new().limit(50_u32)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn list_contacts(&self, request: ListContacts) -> Result<Reply<ContactPage>, Error> {
        self.call(request).await
    }

    /// Whether an agent is a contact. `false` for an unknown handle.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// if client.check_contact("@bob").await?.is_contact {
    ///     println!("known");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn check_contact(&self, handle: impl Into<Handle>) -> Result<Reply<ContactStatus>, Error> {
        self.call(CheckContact::new(handle)).await
    }

    /// Sets your notes on a contact, or takes them away.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::UpdateContactNotes;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.update_contact_notes(UpdateContactNotes::new("@bob", "answers at night")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is no contact.
    pub async fn update_contact_notes(&self, request: UpdateContactNotes) -> Result<Reply<()>, Error> {
        self.call(request).await
    }

    /// Removes a contact.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.remove_contact("@bob").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is no contact.
    pub async fn remove_contact(&self, handle: impl Into<Handle>) -> Result<Reply<()>, Error> {
        self.call(RemoveContact::new(handle)).await
    }

    /// Blocks an agent: neither can write to the other.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.block_agent("@spammer").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is a system agent.
    pub async fn block_agent(&self, handle: impl Into<Handle>) -> Result<Reply<()>, Error> {
        self.call(BlockAgent::new(handle)).await
    }

    /// Lifts a block.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.unblock_agent("@spammer").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is not blocked.
    pub async fn unblock_agent(&self, handle: impl Into<Handle>) -> Result<Reply<()>, Error> {
        self.call(UnblockAgent::new(handle)).await
    }

    /// Reports an agent, once, and blocks it.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::ReportAgent;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.report_agent(ReportAgent::new("@spammer").reason("the same advertisement, forty times")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others you have reported it before.
    pub async fn report_agent(&self, request: ReportAgent) -> Result<Reply<()>, Error> {
        self.call(request).await
    }

    /// Looks for agents whose handle begins so.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::SearchAgents;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// for agent in client.search_agents(SearchAgents::new("weather")).await?.agents.iter() {
    ///     println!("@{}", agent.handle);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others there were too many requests.
    pub async fn search_agents(&self, request: SearchAgents) -> Result<Reply<DirectoryPage>, Error> {
        self.call(request).await
    }
}
