//! Who hears what. Two people who may see the same things are one audience and share one rendering.

use whatsapp_core::{Id, Permission, Tenant, User};
use whatsapp_platform::Principal;

/// What an event shows, so who may hear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// A conversation, and whose it is.
    Conversation(Option<Id<User>>),
    /// Whoever holds this permission.
    Holders(Permission),
}

/// All who may see the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Audience {
    pub(super) tenant: Id<Tenant>,
    inbox: Inbox,
    contacts: bool,
    campaigns: bool,
    channels: bool,
    templates: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Inbox {
    All,
    Own(Id<User>),
    Nothing,
}

impl Audience {
    /// The audience of a signed-in person; `None` without a tenant.
    pub(super) fn of(principal: &Principal) -> Option<Self> {
        let (tenant, member) = (principal.tenant.as_ref()?, principal.member.as_ref()?);
        let may = |permission| member.grants.allow(permission);
        let inbox = if may(Permission::InboxViewAll) {
            Inbox::All
        } else if may(Permission::InboxViewAssigned) {
            Inbox::Own(principal.user.id)
        } else {
            Inbox::Nothing
        };
        Some(Self {
            tenant: tenant.id,
            inbox,
            contacts: may(Permission::ContactsView),
            campaigns: may(Permission::CampaignsView),
            channels: may(Permission::ChannelsView),
            templates: may(Permission::TemplatesView),
        })
    }
    /// Whether this audience may hear it.
    pub(super) fn sees(&self, sight: Sight) -> bool {
        match sight {
            Sight::Conversation(assignee) => match self.inbox {
                Inbox::All => true,
                Inbox::Own(user) => assignee == Some(user),
                Inbox::Nothing => false,
            },
            Sight::Holders(Permission::ContactsView) => self.contacts,
            Sight::Holders(Permission::CampaignsView) => self.campaigns,
            Sight::Holders(Permission::ChannelsView) => self.channels,
            Sight::Holders(Permission::TemplatesView) => self.templates,
            Sight::Holders(_) => false,
        }
    }
    /// Whether they see only conversations of their own.
    pub(super) const fn is_own(&self) -> bool {
        matches!(self.inbox, Inbox::Own(_))
    }
}
