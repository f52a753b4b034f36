//! Events of the log as the console reads them, with everything it needs to show them. What a batch says twice
//! of the same thing is said once, in its latest state.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};
use whatsapp_core::event::Recorded;
use whatsapp_core::{
    Campaign as CoreCampaign, Conversation as CoreConversation, Event, Id, Permission, Tenant,
};
use whatsapp_platform::workspace::{ConversationView, MessageView};
use whatsapp_platform::{Error, Workspace};

use super::audience::Sight;
use crate::dto::campaign::Campaign;
use crate::dto::conversation::Conversation;
use crate::dto::message::{Message, MessageError, timeline};
use crate::dto::time;
use crate::state::App;

type MessageId = Id<whatsapp_core::Message>;

/// One event for consoles, and who may hear it.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) sight: Sight,
    pub(super) event: Value,
}

/// Renders a tenant's events in their order. Without `owners` nobody listens who sees only conversations of his
/// own, so whose they are need not be read for every tick.
///
/// # Errors
/// When the store fails.
pub(super) async fn all(
    app: &App,
    tenant: Id<Tenant>,
    events: &[Recorded],
    owners: bool,
) -> Result<Vec<Rendered>, Error> {
    let desk = app.platform.system_workspace(tenant);
    let known = Known::load(&desk, events, owners).await?;
    let mut writer = Writer { app, known, last: last_mentions(events), out: Vec::new(), at: None };
    for (index, recorded) in events.iter().enumerate() {
        writer.at = Some((recorded.position, time(recorded.at)));
        writer.event(&recorded.event, index);
    }
    Ok(writer.out)
}

/// Where in the batch each thing is spoken of for the last time: only there its latest state is said.
fn last_mentions(events: &[Recorded]) -> HashMap<Mention, usize> {
    let mut last = HashMap::new();
    for (index, recorded) in events.iter().enumerate() {
        match &recorded.event {
            Event::MessagesAdvanced { items } => {
                last.extend(items.iter().map(|item| (Mention::Message(item.message), index)));
            }
            Event::ConversationUpdated { conversation } => {
                last.insert(Mention::Conversation(*conversation), index);
            }
            Event::CampaignUpdated { campaign, .. } | Event::CampaignProgressed { campaign } => {
                last.insert(Mention::Campaign(*campaign), index);
            }
            _ => {}
        }
    }
    last
}

#[derive(PartialEq, Eq, Hash)]
enum Mention {
    Message(MessageId),
    Conversation(Id<CoreConversation>),
    Campaign(Id<CoreCampaign>),
}

/// What the events speak of, read once.
struct Known {
    conversations: HashMap<Id<CoreConversation>, ConversationView>,
    messages: HashMap<MessageId, MessageView>,
    campaigns: HashMap<Id<CoreCampaign>, Value>,
}

impl Known {
    async fn load(desk: &Workspace, events: &[Recorded], owners: bool) -> Result<Self, Error> {
        let (mut conversations, mut messages, mut campaigns) =
            (HashSet::new(), HashSet::new(), HashSet::new());
        for recorded in events {
            match &recorded.event {
                Event::ConversationUpdated { conversation } => {
                    conversations.insert(*conversation);
                }
                Event::MessageReceived { conversation, message }
                | Event::MessageCreated { conversation, message }
                | Event::MediaSettled { conversation, message, .. } => {
                    conversations.insert(*conversation);
                    messages.insert(*message);
                }
                Event::MessagesAdvanced { items } => {
                    if owners {
                        conversations.extend(items.iter().map(|item| item.conversation));
                    }
                    messages.extend(items.iter().map(|item| item.message));
                }
                Event::CampaignUpdated { campaign, .. }
                | Event::CampaignProgressed { campaign } => {
                    campaigns.insert(*campaign);
                }
                _ => {}
            }
        }
        let ids: Vec<MessageId> = messages.into_iter().collect();
        let views = if ids.is_empty() { Vec::new() } else { desk.messages().views(&ids).await? };
        Ok(Self {
            conversations: read_conversations(desk, conversations).await?,
            messages: views.into_iter().map(|view| (view.message.id, view)).collect(),
            campaigns: read_campaigns(desk, campaigns).await?,
        })
    }
}

/// Reads each; what is gone by now is left out.
async fn read_conversations(
    desk: &Workspace,
    ids: HashSet<Id<CoreConversation>>,
) -> Result<HashMap<Id<CoreConversation>, ConversationView>, Error> {
    let mut all = HashMap::new();
    for id in ids {
        match desk.conversations().find(id).await {
            Ok(view) => drop(all.insert(id, view)),
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

/// Reads each; what is gone by now is left out.
async fn read_campaigns(
    desk: &Workspace,
    ids: HashSet<Id<CoreCampaign>>,
) -> Result<HashMap<Id<CoreCampaign>, Value>, Error> {
    let mut all = HashMap::new();
    for id in ids {
        match desk.campaigns().find(id).await {
            Ok(view) => {
                let value = serde_json::to_value(Campaign::from(view));
                all.insert(id, value.map_err(|error| Error::Internal(error.to_string()))?);
            }
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

struct Writer<'a> {
    app: &'a App,
    known: Known,
    last: HashMap<Mention, usize>,
    out: Vec<Rendered>,
    at: Option<(i64, String)>,
}

impl Writer<'_> {
    fn say(&mut self, kind: &str, sight: Sight, data: Value) {
        let (position, at) = self.at.clone().unwrap_or_default();
        let event = json!({ "position": position, "kind": kind, "at": at, "data": data });
        self.out.push(Rendered { sight, event });
    }
    fn is_last(&self, mention: &Mention, index: usize) -> bool {
        self.last.get(mention).is_none_or(|last| *last == index)
    }
    fn event(&mut self, event: &Event, index: usize) {
        match event {
            Event::MessageReceived { conversation, message }
            | Event::MessageCreated { conversation, message } => {
                self.created(*conversation, *message);
            }
            Event::MessagesAdvanced { items } => {
                for item in items {
                    if self.is_last(&Mention::Message(item.message), index) {
                        self.advanced(item.conversation, item.message);
                    }
                }
            }
            Event::MediaSettled { conversation, message, .. } => {
                self.settled(*conversation, *message)
            }
            Event::ConversationUpdated { conversation } => {
                if self.is_last(&Mention::Conversation(*conversation), index) {
                    self.conversation(*conversation);
                }
            }
            Event::CampaignUpdated { campaign, .. } | Event::CampaignProgressed { campaign } => {
                if self.is_last(&Mention::Campaign(*campaign), index) {
                    self.campaign(*campaign);
                }
            }
            other => self.by_id(other),
        }
    }
    /// Events that only say which thing to load again.
    fn by_id(&mut self, event: &Event) {
        let (kind, permission, data) = match event {
            Event::ContactCreated { contact }
            | Event::ContactUpdated { contact }
            | Event::ContactDeleted { contact } => {
                ("contact.updated", Permission::ContactsView, json!({ "contact_id": contact }))
            }
            Event::GroupUpdated { group } => {
                ("group.updated", Permission::ContactsView, json!({ "group_id": group }))
            }
            Event::ChannelUpdated { channel } => {
                ("channel.updated", Permission::ChannelsView, json!({ "channel_id": channel }))
            }
            Event::TemplateUpdated { template } => {
                ("template.updated", Permission::TemplatesView, json!({ "template_id": template }))
            }
            _ => return,
        };
        self.say(kind, Sight::Holders(permission), data);
    }
    fn thread(&self, id: Id<CoreConversation>) -> Option<(Sight, Value)> {
        let view = self.known.conversations.get(&id)?;
        let sight = Sight::Conversation(view.conversation.assignee);
        let value = serde_json::to_value(Conversation::new(view, self.app.now())).ok()?;
        Some((sight, value))
    }
    fn message(&self, id: MessageId) -> Option<Value> {
        self.known.messages.get(&id).and_then(|view| serde_json::to_value(Message::from(view)).ok())
    }
    fn created(&mut self, conversation: Id<CoreConversation>, message: MessageId) {
        if let (Some((sight, thread)), Some(message)) =
            (self.thread(conversation), self.message(message))
        {
            self.say(
                "message.created",
                sight,
                json!({ "conversation": thread, "message": message }),
            );
        }
    }
    fn settled(&mut self, conversation: Id<CoreConversation>, message: MessageId) {
        if let (Some((sight, _)), Some(whole)) = (self.thread(conversation), self.message(message))
        {
            let data =
                json!({ "conversation_id": conversation, "message_id": message, "message": whole });
            self.say("message.updated", sight, data);
        }
    }
    fn advanced(&mut self, conversation: Id<CoreConversation>, message: MessageId) {
        let thread = self.known.conversations.get(&conversation);
        let assignee = thread.and_then(|view| view.conversation.assignee);
        let Some(view) = self.known.messages.get(&message) else { return };
        let send = view.send.as_ref();
        let data = json!({
            "conversation_id": conversation,
            "message_id": message,
            "status": send.map(|send| send.state.as_str()),
            "error": send.and_then(|send| send.error.as_ref()).map(MessageError::from),
            "timeline": timeline(view),
        });
        self.say("message.updated", Sight::Conversation(assignee), data);
    }
    fn conversation(&mut self, id: Id<CoreConversation>) {
        if let Some((sight, thread)) = self.thread(id) {
            self.say("conversation.updated", sight, json!({ "conversation": thread }));
        }
    }
    fn campaign(&mut self, id: Id<CoreCampaign>) {
        if let Some(campaign) = self.known.campaigns.get(&id).cloned() {
            let sight = Sight::Holders(Permission::CampaignsView);
            self.say("campaign.updated", sight, json!({ "campaign": campaign }));
        }
    }
}
