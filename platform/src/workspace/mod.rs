//! What a tenant's people and programs can do: one file per noun. The files do not import each other; a rule
//! that two of them need is a pure function in core.

mod api_keys;
mod campaign_views;
mod campaigns;
mod channels;
mod contacts;
mod conversations;
mod destination;
mod forecast;
mod groups;
mod limits;
mod media;
mod members;
mod messages;
mod outgoing;
mod preview;
mod retry;
mod snippets;
mod templates;
mod ways;

pub use api_keys::ApiKeys;
pub use campaigns::{CampaignView, Campaigns, NewCampaign};
pub use channels::{Channels, NewChannel};
pub use contacts::{ContactPatch, Contacts};
pub use conversations::{ConversationView, Conversations};
pub use destination::{Destination, To};
pub use forecast::Forecast;
pub use groups::Groups;
pub use media::MediaFiles;
pub use members::Members;
pub use messages::{MessageView, Messages};
pub use preview::{Preview, Sample};
pub use retry::Retry;
pub use snippets::Snippets;
pub use templates::Templates;
pub use ways::RecipientView;

use whatsapp_core::Permission;
use whatsapp_storage::Mode;

use crate::work::Work;
use crate::{Actor, Error, Platform};

/// A tenant as one actor sees it.
#[derive(Clone, Debug)]
pub struct Workspace {
    platform: Platform,
    actor: Actor,
}

macro_rules! nouns {
    ($($(#[$doc:meta])* $accessor:ident: $noun:ident),+ $(,)?) => {
        impl Workspace {
            $($(#[$doc])* #[must_use] pub const fn $accessor(&self) -> $noun<'_> { $noun { workspace: self } })+
        }
    };
}
nouns! {
    /// WhatsApp numbers.
    channels: Channels,
    /// People.
    contacts: Contacts,
    /// Lists of people.
    groups: Groups,
    /// The inbox.
    conversations: Conversations,
    /// What is said.
    messages: Messages,
    /// Approved texts.
    templates: Templates,
    /// One text to many.
    campaigns: Campaigns,
    /// Quick replies.
    snippets: Snippets,
    /// The team.
    members: Members,
    /// Keys for programs.
    api_keys: ApiKeys,
    /// Files.
    media: MediaFiles,
}

impl Workspace {
    pub(crate) const fn new(platform: Platform, actor: Actor) -> Self {
        Self { platform, actor }
    }
    /// Who acts.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
    /// The platform it is part of.
    #[must_use]
    pub const fn platform(&self) -> &Platform {
        &self.platform
    }
    /// Opens a unit of work that may change things.
    pub(crate) async fn begin(&self, permission: Permission) -> Result<Work<'_>, Error> {
        Work::open(&self.platform.0, &self.actor, permission, Mode::Write).await
    }
    /// Opens a unit of work that only looks.
    pub(crate) async fn read(&self, permission: Permission) -> Result<Work<'_>, Error> {
        Work::open(&self.platform.0, &self.actor, permission, Mode::Read).await
    }
}
