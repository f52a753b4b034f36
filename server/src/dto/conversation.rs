//! Threads of the inbox as the API shows them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use whatsapp_core as core;
use whatsapp_core::conversation::ConversationCounts as Counts;
use whatsapp_core::{Id, Timestamp};
use whatsapp_platform::workspace::{ConversationView, MessageView};

use super::{Named, time, time_of};

/// What a contact and a number say to each other.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Conversation {
    id: String,
    #[schema(example = "open")]
    status: &'static str,
    contact: ConversationContact,
    channel_id: String,
    #[schema(required = true)]
    assignee: Option<Named>,
    unread: i64,
    #[schema(required = true)]
    last_message: Option<LastMessage>,
    window: ReplyWindow,
    last_message_at: String,
    created_at: String,
}

/// The person of a conversation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ConversationContact {
    id: String,
    #[schema(required = true)]
    name: Option<String>,
    #[schema(required = true)]
    phone: Option<String>,
    tags: Vec<String>,
    opted_out: bool,
}

/// What was said last.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LastMessage {
    id: String,
    direction: &'static str,
    #[serde(rename = "type")]
    kind: String,
    preview: String,
    #[schema(required = true)]
    status: Option<&'static str>,
    at: String,
}

/// The 24 hours in which anything may be answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ReplyWindow {
    open: bool,
    #[schema(required = true)]
    expires_at: Option<String>,
}

impl Conversation {
    pub(crate) fn new(view: &ConversationView, now: Timestamp) -> Self {
        let (thread, contact) = (&view.conversation, &view.contact);
        let window = thread.window();
        Self {
            id: thread.id.to_string(),
            status: thread.status.as_str(),
            contact: ConversationContact {
                id: contact.id.to_string(),
                name: contact.name.clone(),
                phone: contact.phone.clone().map(String::from),
                tags: contact.tags.clone(),
                opted_out: !contact.accepts_marketing(),
            },
            channel_id: thread.channel.to_string(),
            assignee: view.assignee.as_ref().map(|(id, name)| Named::new(*id, name)),
            unread: thread.unread,
            last_message: view.last.as_ref().map(LastMessage::from),
            window: ReplyWindow {
                open: window.is_open(now),
                expires_at: time_of(window.expires_at()),
            },
            last_message_at: time(thread.last_message_at),
            created_at: time(thread.created_at),
        }
    }
}

impl From<&MessageView> for LastMessage {
    fn from(view: &MessageView) -> Self {
        let message = &view.message;
        Self {
            id: message.id.to_string(),
            direction: message.direction.as_str(),
            kind: message.content.kind().to_owned(),
            preview: message.content.preview(),
            status: view.send.as_ref().map(|send| send.state.as_str()),
            at: time(message.created_at),
        }
    }
}

/// How many conversations there are of each kind, counted up to 1,000: so many means so many or more.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConversationCounts {
    open: i64,
    pending: i64,
    resolved: i64,
    mine: i64,
    unassigned: i64,
    unread: i64,
}

impl From<Counts> for ConversationCounts {
    fn from(c: Counts) -> Self {
        Self {
            open: c.open,
            pending: c.pending,
            resolved: c.resolved,
            mine: c.mine,
            unassigned: c.unassigned,
            unread: c.unread,
        }
    }
}

/// With whom to begin, and over which number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConversationOpen {
    #[schema(value_type = String)]
    pub(crate) contact_id: Id<core::Contact>,
    #[schema(value_type = String)]
    pub(crate) channel_id: Id<core::Channel>,
}

/// What is to change in a conversation.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ConversationPatch {
    /// `open`, `pending` or `resolved`.
    pub(crate) status: Option<String>,
    /// Who shall have it; `null` is nobody.
    #[serde(deserialize_with = "super::some")]
    #[schema(value_type = Option<String>)]
    pub(crate) assignee_id: Option<Option<Id<core::User>>>,
    /// Who has it as far as you know; when that is not so any more, nothing changes and the answer is 409.
    #[serde(deserialize_with = "super::some")]
    #[schema(value_type = Option<String>)]
    pub(crate) expected_assignee_id: Option<Option<Id<core::User>>>,
}
