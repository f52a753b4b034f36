//! What happened: the published language. Past tense, versioned; a stored form never changes by accident.

use serde::{Deserialize, Serialize};

use crate::channel::words;
use crate::send::SendState;
use crate::{
    By, Campaign, CampaignStatus, Channel, Contact, Conversation, Group, Id, MediaObject, Message,
    Template, Tenant, Timestamp,
};

/// Something that happened in a tenant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A contact came to be.
    ContactCreated {
        /// Who.
        contact: Id<Contact>,
    },
    /// A contact changed.
    ContactUpdated {
        /// Who.
        contact: Id<Contact>,
    },
    /// A contact was deleted.
    ContactDeleted {
        /// Who.
        contact: Id<Contact>,
    },
    /// A group or its members changed.
    GroupUpdated {
        /// Which.
        group: Id<Group>,
    },
    /// A conversation's status, assignee or unread count changed.
    ConversationUpdated {
        /// Which.
        conversation: Id<Conversation>,
    },
    /// A customer wrote.
    MessageReceived {
        /// Where.
        conversation: Id<Conversation>,
        /// What.
        message: Id<Message>,
    },
    /// We wrote, or somebody left a note.
    MessageCreated {
        /// Where.
        conversation: Id<Conversation>,
        /// What.
        message: Id<Message>,
    },
    /// Outgoing messages came further. One event for a whole batch.
    MessagesAdvanced {
        /// Which, and how far.
        items: Vec<Advanced>,
    },
    /// A file of a message arrived, or could not be had.
    MediaSettled {
        /// Where.
        conversation: Id<Conversation>,
        /// Of which message.
        message: Id<Message>,
        /// Which file.
        media: Id<MediaObject>,
    },
    /// A campaign changed its status or its text.
    CampaignUpdated {
        /// Which.
        campaign: Id<Campaign>,
        /// Where it stands now.
        status: CampaignStatus,
    },
    /// A campaign's counts changed. One event for a whole batch.
    CampaignProgressed {
        /// Which.
        campaign: Id<Campaign>,
    },
    /// A channel changed.
    ChannelUpdated {
        /// Which.
        channel: Id<Channel>,
    },
    /// A template changed.
    TemplateUpdated {
        /// Which.
        template: Id<Template>,
    },
}

/// One message that came further.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Advanced {
    /// Where.
    pub conversation: Id<Conversation>,
    /// Which.
    pub message: Id<Message>,
    /// How far.
    pub state: SendState,
}

impl Event {
    /// The stored word of the kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ContactCreated { .. } => "contact_created",
            Self::ContactUpdated { .. } => "contact_updated",
            Self::ContactDeleted { .. } => "contact_deleted",
            Self::GroupUpdated { .. } => "group_updated",
            Self::ConversationUpdated { .. } => "conversation_updated",
            Self::MessageReceived { .. } => "message_received",
            Self::MessageCreated { .. } => "message_created",
            Self::MessagesAdvanced { .. } => "messages_advanced",
            Self::MediaSettled { .. } => "media_settled",
            Self::CampaignUpdated { .. } => "campaign_updated",
            Self::CampaignProgressed { .. } => "campaign_progressed",
            Self::ChannelUpdated { .. } => "channel_updated",
            Self::TemplateUpdated { .. } => "template_updated",
        }
    }
}

/// An event with its place in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Its id.
    pub id: Id<Event>,
    /// Whose.
    pub tenant: Id<Tenant>,
    /// Its place; given after the commit, without gaps.
    pub position: i64,
    /// What happened.
    pub event: Event,
    /// Who did it.
    pub by: By,
    /// When.
    pub at: Timestamp,
}

/// A webhook call as it came, kept before it was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalEntry {
    /// Its id.
    pub id: Id<Self>,
    /// SHA-256 of the bytes: a repetition falls away here.
    pub hash: [u8; 32],
    /// The bytes.
    pub body: Vec<u8>,
    /// Which app's secret verified it: `platform`, or the channel whose own app it is.
    pub verified_by: VerifiedBy,
    /// When it came.
    pub received_at: Timestamp,
    /// What became of it.
    pub outcome: JournalOutcome,
    /// Why, where there is something to say.
    pub note: Option<String>,
    /// How often it was tried.
    pub tries: i64,
    /// How often somebody had it applied again.
    pub replays: i64,
}

/// Which webhook calls of the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalFilter {
    /// Only with this outcome.
    pub outcome: Option<JournalOutcome>,
    /// Only received at this moment or later.
    pub from: Option<Timestamp>,
    /// Only received before this moment.
    pub until: Option<Timestamp>,
}

/// Whose secret verified a webhook call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerifiedBy {
    /// The platform's app.
    Platform,
    /// The app that this channel brought.
    Channel(Id<Channel>),
}

words! {
    /// What became of a webhook call.
    JournalOutcome {
        /// Waits to be applied.
        Pending = "pending",
        /// All of it was applied.
        Applied = "applied",
        /// Nothing in it was new.
        Duplicate = "duplicate",
        /// Understood as a call, but of a kind we only keep.
        Raw = "raw",
        /// For a number that is nobody's, or not the verifying app's.
        Unrouted = "unrouted",
        /// Could not be understood, or failed every time; a person must look.
        Quarantined = "quarantined",
    }
}

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Its id.
    pub id: Id<Self>,
    /// Who.
    pub by: By,
    /// What: `channel.connected`.
    pub action: String,
    /// On what.
    pub target: String,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_word_is_the_tag_of_the_stored_form() {
        let id = Id::from_uuid(uuid::Uuid::nil());
        for event in [
            Event::ContactCreated { contact: id },
            Event::MessagesAdvanced { items: Vec::new() },
            Event::CampaignUpdated {
                campaign: Id::from_uuid(uuid::Uuid::nil()),
                status: CampaignStatus::Draft,
            },
        ] {
            let stored = serde_json::to_value(&event).expect("serialises");
            assert_eq!(stored.get("kind").and_then(serde_json::Value::as_str), Some(event.kind()));
        }
    }
}
