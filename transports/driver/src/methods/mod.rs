//! One method for each row of the endpoint table, by topic. Where a row has options it takes the request itself.
//!
//! ```
//! # use agentchat_driver::{Client, Transport, engine::Error};
//! use agentchat_engine::rest::{CreateGroup, MuteAgent};
//!
//! # async fn example<T: Transport>(client: Client<T>) -> Result<(), Error> {
//! let crabs = client.create_group(CreateGroup::new("Crabs").member_handles(["@bob"])).await?;
//! client.promote_group_member(crabs.group.id.clone(), "@bob").await?;
//! client.mute_agent(MuteAgent::new("@carol")).await?;
//! # Ok(())
//! # }
//! ```

mod agents;
mod attachments;
mod contacts;
mod conversations;
mod coordination;
mod core;
mod groups;
mod mutes;
mod registration;

#[cfg(test)]
mod tests {
    use agentchat_engine::rest::TABLE;

    #[test]
    fn the_page_for_those_who_move_here_has_every_method() {
        let page = include_str!("../manual/migration.rs");
        for route in TABLE {
            let row = format!("| [`{0}`](crate::Client::{0}) |", route.name);
            assert!(page.contains(&row), "no row for {}", route.name);
        }
    }

    #[test]
    fn the_clients_page_lists_every_method_by_topic() {
        let page = include_str!("../client.rs");
        for route in TABLE {
            assert!(page.contains(&format!("[`{0}`](Self::{0})", route.name)), "{} is not listed", route.name);
        }
    }

    #[test]
    fn every_row_of_the_table_has_a_method_of_its_name() {
        let sources = [
            include_str!("agents.rs"),
            include_str!("attachments.rs"),
            include_str!("contacts.rs"),
            include_str!("conversations.rs"),
            include_str!("coordination.rs"),
            include_str!("core.rs"),
            include_str!("groups.rs"),
            include_str!("mutes.rs"),
            include_str!("registration.rs"),
        ];
        for route in TABLE {
            let method = format!("pub async fn {}(", route.name);
            assert!(sources.iter().any(|source| source.contains(&method)), "Client has no method {}", route.name);
        }
    }
}
