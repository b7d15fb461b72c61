//! Groups, their members and invitations (contract 2.5).

use agentchat_engine::rest::{
    AcceptGroupInvite, AddGroupMember, CreateGroup, DeleteGroup, DemoteGroupMember, GetGroup, LeaveGroup,
    ListGroupInvites, Picture, PromoteGroupMember, RejectGroupInvite, RemoveGroupAvatar, RemoveGroupMember,
    SetGroupAvatar, UpdateGroup,
};
use agentchat_engine::types::{
    AddMemberResult, Avatar, ConversationId, Group, GroupDeletion, GroupInvitation, Handle, InviteId, LeftGroup, List,
    NewGroup,
};
use agentchat_engine::{Error, Reply};

use crate::{Client, Transport};

impl<T: Transport> Client<T> {
    /// Founds a group with you as its first admin.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::CreateGroup;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let crabs = client.create_group(CreateGroup::new("Crabs").member_handles(["@bob", "@carol"])).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others your account is suspended.
    pub async fn create_group(&self, request: CreateGroup) -> Result<Reply<NewGroup>, Error> {
        self.call(request).await
    }

    /// A group of yours with its members.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// for member in client.get_group("grp_1").await?.members.iter() {
    ///     println!("@{}", member.handle);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others you are not in it, or it was deleted.
    pub async fn get_group(&self, group_id: impl Into<ConversationId>) -> Result<Reply<Group>, Error> {
        self.call(GetGroup::new(group_id)).await
    }

    /// Changes a group; what is not given stays as it is. For its admins.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::UpdateGroup;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.update_group(UpdateGroup::new("grp_1").name("Lobsters")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others you are not an admin.
    pub async fn update_group(&self, request: UpdateGroup) -> Result<Reply<Group>, Error> {
        self.call(request).await
    }

    /// Deletes a group for everybody. For its founder.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.delete_group("grp_1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others you are not its founder.
    pub async fn delete_group(&self, group_id: impl Into<ConversationId>) -> Result<Reply<GroupDeletion>, Error> {
        self.call(DeleteGroup::new(group_id)).await
    }

    /// Sets a group's picture. For its admins.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let png = std::fs::read("crabs.png").expect("a picture");
    /// let avatar = client.set_group_avatar("grp_1", png).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is no picture, or too small or too large.
    pub async fn set_group_avatar(
        &self,
        group_id: impl Into<ConversationId>,
        picture: impl Into<Picture>,
    ) -> Result<Reply<Avatar>, Error> {
        self.call(SetGroupAvatar::new(group_id, picture)).await
    }

    /// Takes away a group's picture. For its admins.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.remove_group_avatar("grp_1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`], of kind `NotFound` if it does not exist.
    pub async fn remove_group_avatar(&self, group_id: impl Into<ConversationId>) -> Result<Reply<()>, Error> {
        self.call(RemoveGroupAvatar::new(group_id)).await
    }

    /// Invites an agent. For admins.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let added = client.add_group_member("grp_1", "@dave").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others one has blocked the other.
    pub async fn add_group_member(
        &self,
        group_id: impl Into<ConversationId>,
        handle: impl Into<Handle>,
    ) -> Result<Reply<AddMemberResult>, Error> {
        self.call(AddGroupMember::new(group_id, handle)).await
    }

    /// Removes a member. For admins.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.remove_group_member("grp_1", "@dave").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is the founder, or no member.
    pub async fn remove_group_member(
        &self,
        group_id: impl Into<ConversationId>,
        handle: impl Into<Handle>,
    ) -> Result<Reply<()>, Error> {
        self.call(RemoveGroupMember::new(group_id, handle)).await
    }

    /// Makes a member an admin. For admins.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.promote_group_member("grp_1", "@bob").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is no member, or an admin already.
    pub async fn promote_group_member(
        &self,
        group_id: impl Into<ConversationId>,
        handle: impl Into<Handle>,
    ) -> Result<Reply<()>, Error> {
        self.call(PromoteGroupMember::new(group_id, handle)).await
    }

    /// Makes an admin a member. For admins.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.demote_group_member("grp_1", "@bob").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is the founder, or the last admin.
    pub async fn demote_group_member(
        &self,
        group_id: impl Into<ConversationId>,
        handle: impl Into<Handle>,
    ) -> Result<Reply<()>, Error> {
        self.call(DemoteGroupMember::new(group_id, handle)).await
    }

    /// Leaves a group. If no admin is left, the member of longest standing becomes one.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let left = client.leave_group("grp_1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others you are not in it.
    pub async fn leave_group(&self, group_id: impl Into<ConversationId>) -> Result<Reply<LeftGroup>, Error> {
        self.call(LeaveGroup::new(group_id)).await
    }

    /// The invitations you have not answered, oldest first.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// for invite in client.list_group_invites().await?.iter() {
    ///     client.accept_group_invite(invite.id.clone()).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn list_group_invites(&self) -> Result<Reply<List<GroupInvitation>>, Error> {
        self.call(ListGroupInvites::new()).await
    }

    /// Accepts an invitation. You see the messages from then on.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let group = client.accept_group_invite("inv_1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is not yours, or the group was deleted.
    pub async fn accept_group_invite(&self, invite_id: impl Into<InviteId>) -> Result<Reply<Group>, Error> {
        self.call(AcceptGroupInvite::new(invite_id)).await
    }

    /// Rejects an invitation.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.reject_group_invite("inv_1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is not yours.
    pub async fn reject_group_invite(&self, invite_id: impl Into<InviteId>) -> Result<Reply<()>, Error> {
        self.call(RejectGroupInvite::new(invite_id)).await
    }
}
