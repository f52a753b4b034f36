//! Who may do what: the only table of roles and permissions, for server and console alike.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{ApiKey, Campaign, Contact, Id, User};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// One thing that may be allowed. Its word is the same in the console, the API and the store.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Permission { $($(#[$doc])* #[serde(rename = $word)] $name),+ }
        impl Permission {
            /// Every permission there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            /// The dotted word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }
        }
    };
}
permissions! {
    /// See every conversation.
    InboxViewAll = "inbox.view_all",
    /// See the conversations assigned to oneself.
    InboxViewAssigned = "inbox.view_assigned",
    /// Answer, note, change the status.
    InboxReply = "inbox.reply",
    /// Give a conversation to somebody.
    InboxAssign = "inbox.assign",
    /// See contacts.
    ContactsView = "contacts.view",
    /// Add and change contacts.
    ContactsEdit = "contacts.edit",
    /// Delete contacts.
    ContactsDelete = "contacts.delete",
    /// Make and change groups.
    GroupsManage = "groups.manage",
    /// See templates.
    TemplatesView = "templates.view",
    /// Fetch templates from Meta.
    TemplatesSync = "templates.sync",
    /// See campaigns.
    CampaignsView = "campaigns.view",
    /// Write campaigns.
    CampaignsEdit = "campaigns.edit",
    /// Start, pause, resume and cancel campaigns.
    CampaignsSend = "campaigns.send",
    /// See channels.
    ChannelsView = "channels.view",
    /// Connect and disconnect channels.
    ChannelsManage = "channels.manage",
    /// See the team.
    TeamView = "team.view",
    /// Write shared quick replies.
    QuickRepliesManage = "quick_replies.manage",
    /// Make and revoke API keys.
    ApiKeysManage = "api_keys.manage",
}

impl Permission {
    /// Reads the dotted word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|p| p.as_str() == word)
    }
}

/// What a person is in a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Owns the tenant's work: may do everything in it.
    Admin,
    /// Was invited; may do what is granted, by default answer the conversations assigned to him.
    Member,
}

impl Role {
    /// What the role may do when nothing else was granted.
    #[must_use]
    pub fn default_permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Admin => P::ALL,
            Self::Member => &[
                P::InboxViewAssigned,
                P::InboxReply,
                P::ContactsView,
                P::TemplatesView,
                P::CampaignsView,
                P::ChannelsView,
                P::TeamView,
            ],
        }
    }
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
        }
    }
    /// Reads the stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Admin, Self::Member].into_iter().find(|r| r.as_str() == word)
    }
}

/// A set of permissions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grants(BTreeSet<Permission>);

impl Grants {
    /// What a role may do by default.
    #[must_use]
    pub fn of_role(role: Role) -> Self {
        Self(role.default_permissions().iter().copied().collect())
    }
    /// Just these.
    #[must_use]
    pub fn only(permissions: impl IntoIterator<Item = Permission>) -> Self {
        Self(permissions.into_iter().collect())
    }
    /// Whether it is allowed.
    #[must_use]
    pub fn allow(&self, permission: Permission) -> bool {
        self.0.contains(&permission)
    }
    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Permission> + '_ {
        self.0.iter().copied()
    }
}

/// Who did it: for the record, not for deciding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum By {
    /// A person of the team.
    User(Id<User>),
    /// A program with a key.
    ApiKey(Id<ApiKey>),
    /// A customer.
    Contact(Id<Contact>),
    /// A campaign.
    Campaign(Id<Campaign>),
    /// The platform itself.
    System,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_is_read_back_from_its_word() {
        for p in Permission::ALL {
            assert_eq!(Permission::parse(p.as_str()), Some(*p));
        }
        assert_eq!(Permission::parse("everything"), None);
    }

    #[test]
    fn a_member_may_answer_but_not_send_campaigns() {
        let grants = Grants::of_role(Role::Member);
        assert!(grants.allow(Permission::InboxReply));
        assert!(!grants.allow(Permission::CampaignsSend));
        assert!(!grants.allow(Permission::InboxViewAll));
    }
}
