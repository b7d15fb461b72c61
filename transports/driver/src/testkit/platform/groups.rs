//! Groups, their members and invitations (contract 2.5).

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use super::reply::{Answer, bare, refusal};
use super::store::{CREATED_AT, ME, text};

#[derive(Default)]
pub(super) struct Groups {
    groups: BTreeMap<String, Group>,
    /// Invitations of `me`: the group, and who invites.
    invitations: BTreeMap<String, (String, String)>,
    made: usize,
}

struct Group {
    name: String,
    description: Option<String>,
    creator: String,
    members: Vec<Member>,
}

struct Member {
    handle: String,
    is_admin: bool,
}

/// What happened in a group, which its members are told in a message.
pub(super) struct SystemEvent {
    pub(super) group: String,
    pub(super) sender: String,
    pub(super) data: Value,
}

impl SystemEvent {
    fn new(group: &str, sender: &str, event: &str, handle: &str) -> Self {
        let data = json!({"event": event, "schema_version": 1, "agent_handle": handle, "actor_handle": sender});
        Self { group: group.to_owned(), sender: sender.to_owned(), data }
    }
}

impl Group {
    fn member(&self, handle: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.handle == handle)
    }

    fn is_admin(&self, handle: &str) -> bool {
        self.member(handle).is_some_and(|member| member.is_admin)
    }

    /// As `me` sees it.
    fn shown(&self, id: &str) -> Value {
        let role = |is_admin| if is_admin { "admin" } else { "member" };
        let member =
            |member: &Member| json!({"handle": member.handle, "role": role(member.is_admin), "joined_at": CREATED_AT});
        json!({
            "id": id, "name": self.name, "description": self.description, "created_by": self.creator,
            "created_at": CREATED_AT, "member_count": self.members.len(), "your_role": role(self.is_admin(ME)),
            "members": self.members.iter().map(member).collect::<Vec<_>>(),
        })
    }
}

impl Groups {
    /// A group of these members, the first of whom runs it.
    pub(super) fn create(&mut self, name: &str, members: &[&str]) -> String {
        self.made += 1;
        let id = format!("grp_{}", self.made);
        let member = |(index, handle): (usize, &&str)| Member { handle: bare(handle), is_admin: index == 0 };
        let members: Vec<_> = members.iter().enumerate().map(member).collect();
        let creator = members.first().map(|member| member.handle.clone()).unwrap_or_default();
        self.groups.insert(id.clone(), Group { name: name.to_owned(), description: None, creator, members });
        id
    }

    /// Whether this is a conversation that is no group, or a group that `me` is in.
    pub(super) fn admits(&self, conversation: &str) -> bool {
        !conversation.starts_with("grp_") || self.with_me(conversation).is_some()
    }

    /// Somebody takes a place in a group; `None` if there is no such group, or somebody is in it.
    pub(super) fn join(&mut self, id: &str, handle: &str) -> Option<SystemEvent> {
        let group = self.groups.get_mut(id).filter(|group| group.member(handle).is_none())?;
        group.members.push(Member { handle: handle.to_owned(), is_admin: false });
        Some(SystemEvent::new(id, handle, "member_joined", handle))
    }

    /// Somebody leaves a group.
    pub(super) fn leave(&mut self, id: &str, handle: &str) -> Option<SystemEvent> {
        let group = self.groups.get_mut(id).filter(|group| group.member(handle).is_some())?;
        group.members.retain(|member| member.handle != handle);
        Some(SystemEvent::new(id, handle, "member_left", handle))
    }

    /// Somebody invites `me`; gives the invitation's id.
    pub(super) fn invite(&mut self, id: &str, by: &str) -> String {
        self.made += 1;
        let invitation = format!("gri_{}", self.made);
        self.invitations.insert(invitation.clone(), (id.to_owned(), bare(by)));
        invitation
    }

    fn with_me(&self, id: &str) -> Option<&Group> {
        self.groups.get(id).filter(|group| group.member(ME).is_some())
    }

    /// What `me` asks for, and what the others of the group are told.
    pub(super) fn answer(&mut self, method: &Method, path: &[&str], body: &Value) -> (Answer, Option<SystemEvent>) {
        let get = *method == Method::GET;
        match path {
            [] if *method == Method::POST => return (self.create_by_me(body), None),
            ["invites"] if get => return ((200, self.invitations()), None),
            ["invites", id] if *method == Method::DELETE => {
                let known = self.invitations.remove(*id).is_some();
                let answer = (200, json!({"message": "rejected"}));
                return (if known { answer } else { refusal(404, "INVITE_NOT_FOUND") }, None);
            }
            ["invites", id, "accept"] => {
                let Some((group, by)) = self.invitations.remove(*id) else {
                    return (refusal(404, "INVITE_NOT_FOUND"), None);
                };
                let event = self.join(&group, ME).map(|event| SystemEvent { sender: by, ..event });
                return (self.shown(&group), event);
            }
            _ => {}
        }
        let [id, rest @ ..] = path else { return (refusal(404, "NOT_FOUND"), None) };
        let Some(group) = self.with_me(id) else { return (refusal(404, "GROUP_NOT_FOUND"), None) };
        let is_admin = group.is_admin(ME);
        match rest {
            [] if get => (self.shown(id), None),
            ["leave"] => {
                let event = self.leave(id, ME);
                ((200, json!({"message": "left", "promoted_handle": null})), event)
            }
            _ if !is_admin => (refusal(403, "FORBIDDEN"), None),
            [] if *method == Method::DELETE => {
                self.groups.remove(*id);
                ((200, json!({"message": "deleted", "deleted_at": CREATED_AT})), None)
            }
            [] => (self.change(id, body), None),
            // Who is invited comes when the test says so.
            ["members"] => ((201, invited(text(body, "handle"))), None),
            ["members", handle, role @ ..] => self.change_member(id, &bare(handle), role),
            _ => (refusal(404, "NOT_FOUND"), None),
        }
    }

    fn create_by_me(&mut self, body: &Value) -> Answer {
        let id = self.create(text(body, "name"), &[ME]);
        self.change(&id, body);
        let handles = body["member_handles"].as_array().map(Vec::as_slice).unwrap_or_default();
        let invited: Vec<_> = handles.iter().filter_map(Value::as_str).map(invited).collect();
        (201, json!({"group": self.shown(&id).1, "add_results": invited}))
    }

    fn change(&mut self, id: &str, body: &Value) -> Answer {
        if let Some(group) = self.groups.get_mut(id) {
            if let Some(name) = body["name"].as_str() {
                group.name = name.to_owned();
            }
            if let Some(description) = body.get("description") {
                group.description = description.as_str().map(str::to_owned);
            }
        }
        self.shown(id)
    }

    fn change_member(&mut self, id: &str, handle: &str, role: &[&str]) -> (Answer, Option<SystemEvent>) {
        let member = self.groups.get_mut(id).and_then(|group| group.members.iter_mut().find(|it| it.handle == handle));
        let Some(member) = member else { return (refusal(404, "NOT_MEMBER"), None) };
        let event = match role {
            ["promote"] => {
                member.is_admin = true;
                "admin_promoted"
            }
            ["demote"] => {
                member.is_admin = false;
                "admin_demoted"
            }
            _ => {
                self.leave(id, handle);
                "member_removed"
            }
        };
        ((200, json!({"message": event})), Some(SystemEvent::new(id, ME, event, handle)))
    }

    fn shown(&self, id: &str) -> Answer {
        self.with_me(id).map_or_else(|| refusal(404, "GROUP_NOT_FOUND"), |group| (200, group.shown(id)))
    }

    fn invitations(&self) -> Value {
        let shown = |(id, (group, by)): (&String, &(String, String))| {
            let name = self.groups.get(group).map(|group| group.name.clone());
            json!({"id": id, "group_id": group, "group_name": name, "inviter_handle": by, "created_at": CREATED_AT})
        };
        self.invitations.iter().map(shown).collect()
    }
}

fn invited(handle: &str) -> Value {
    json!({"handle": bare(handle), "outcome": "invited", "invite_id": format!("gri_{}", bare(handle))})
}
