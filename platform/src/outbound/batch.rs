//! One transaction of a pump: what was learnt is written, what may go out is claimed, checked and begun.
//! When it has committed, and only then, the messages in [`Begun`] go out.

use std::collections::{BTreeMap, HashMap, HashSet};

use whatsapp_cloud::{MediaRef, OutgoingMessage, Recipient};
use whatsapp_core::{
    Attempt, By, Campaign, Channel, Contact, Content, Conversation, ConversationStatus, Direction,
    Env, Id, MediaObject, Message, Send, SendState, Span, Template, Timestamp, Window,
};
use whatsapp_storage::TenantTx;
use whatsapp_storage::repo::{ClaimRequest, Touch, Unclaim};

use super::policy::{self, Case, FileCheck};
use super::{budget, record_moves};
use crate::Error;
use crate::inbound::thread;
use crate::jobs::Task;
use crate::platform::Inner;
use crate::work::Said;

/// How long a message waits for its file before it is looked at again.
const FILE_WAIT: Span = Span::millis(300);
/// A message whose file is not at Meta after so long is left out.
const FILE_PATIENCE: Span = Span::hours(1);

/// A message whose attempt is committed.
pub(super) struct Begun {
    pub(super) campaign: Option<Id<Campaign>>,
    pub(super) contact: Id<Contact>,
    pub(super) address: String,
    pub(super) attempt: Attempt,
    /// How many tries there were before this one.
    pub(super) tries: i64,
    pub(super) message: OutgoingMessage,
}

/// What is needed to judge the claimed lines, read once for the batch.
struct Books {
    contacts: HashMap<Id<Contact>, Contact>,
    messages: HashMap<Id<Message>, Message>,
    campaigns: HashMap<Id<Campaign>, Campaign>,
    templates: HashMap<Id<Template>, Template>,
    files: HashMap<whatsapp_core::Id<MediaObject>, MediaObject>,
    /// The threads that are there, and those that are made when a message goes into them.
    conversations: HashMap<Id<Contact>, Conversation>,
    new: BTreeMap<Id<Contact>, Conversation>,
}

impl Books {
    fn campaign_of(&self, send: &Send) -> Option<&Campaign> {
        self.campaigns.get(&send.campaign?)
    }
    fn window_of(&self, contact: Id<Contact>) -> Window {
        let conversation = self.conversations.get(&contact);
        conversation.map_or_else(|| Window::after(None), Conversation::window)
    }
    /// Whether this is written to somebody who did not write in the last day: these Meta counts.
    fn is_first(&self, send: &Send, message: &OutgoingMessage, now: Timestamp) -> bool {
        matches!(message.content, Content::Template(_))
            && !self.window_of(send.contact).is_open(now)
    }
    fn file_of(&self, send: &Send) -> Option<Id<MediaObject>> {
        policy::media_of(&self.messages.get(&send.message())?.content)?.media
    }
}

/// Claims and begins up to `limit` messages of a channel; answers how many were claimed, and what was begun.
pub(super) async fn begin(
    inner: &Inner,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    channel: &Channel,
    (request, epoch): (&ClaimRequest, i64),
) -> Result<(usize, Vec<Begun>), Error> {
    let now = inner.env.now();
    let claimed = tx.sends().claim(request).await?;
    if claimed.is_empty() {
        return Ok((0, Vec::new()));
    }
    let mut books = read(tx, channel, &claimed).await?;
    let (mut ready, mut back, mut messages) = (Vec::new(), Vec::new(), Vec::new());
    for send in &claimed {
        match judge(&inner.env, &mut books, send, now) {
            Ok((message, outgoing)) => {
                messages.extend(message);
                ready.push((send, outgoing, Attempt::from_bytes(inner.env.bytes())));
            }
            Err(unclaim) => {
                if let (Unclaim::Requeue(_), Some(media)) = (&unclaim, books.file_of(send)) {
                    // The job that brought it may have failed, or served another number since.
                    let task = Task::UploadMedia { channel: channel.id, media };
                    said.schedule(task.job(&inner.env, now));
                }
                back.push((send.id, unclaim));
            }
        }
    }
    if !messages.is_empty() {
        write(tx, std::mem::take(&mut books.new), messages).await?;
    }
    if !back.is_empty() {
        let moved = tx.sends().unclaim(&back, now).await?;
        record_moves(tx, said, &moved).await?;
    }
    let firsts = ready.iter().filter(|(send, message, _)| books.is_first(send, message, now));
    let firsts = firsts.map(|(send, ..)| (send.address.clone(), send.id)).collect();
    budget::reach(tx, channel, firsts, now).await?;
    let attempts: Vec<_> = ready.iter().map(|(send, _, attempt)| (send.id, *attempt)).collect();
    let began: HashSet<_> = tx.sends().begin(epoch, &attempts, now).await?.into_iter().collect();
    super::count(SendState::Sending, began.len());
    let begun = ready
        .into_iter()
        .filter(|(send, ..)| began.contains(&send.id))
        .map(|(send, mut message, attempt)| {
            message.callback_data = attempt.callback_data();
            Begun {
                campaign: send.campaign,
                contact: send.contact,
                address: send.address.clone(),
                attempt,
                tries: send.attempts,
                message,
            }
        })
        .collect();
    Ok((claimed.len(), begun))
}

async fn read(tx: &mut dyn TenantTx, channel: &Channel, claimed: &[Send]) -> Result<Books, Error> {
    let unique =
        |ids: Vec<_>| -> Vec<_> { ids.into_iter().collect::<HashSet<_>>().into_iter().collect() };
    let people = unique(claimed.iter().map(|s| s.contact).collect());
    let contacts: HashMap<_, _> =
        tx.contacts().many(&people).await?.into_iter().map(|c| (c.id, c)).collect();
    // A campaign's message is written when its first try begins.
    let written = claimed.iter().filter(|s| s.campaign.is_none() || s.attempts > 0);
    let ids: Vec<_> = written.map(Send::message).collect();
    let messages: HashMap<_, _> =
        tx.messages().many(&ids).await?.into_iter().map(|m| (m.id, m)).collect();
    let mut campaigns = HashMap::new();
    for id in claimed.iter().filter_map(|s| s.campaign).collect::<HashSet<_>>() {
        if let Some(campaign) = tx.campaigns().find(id).await? {
            campaigns.insert(id, campaign);
        }
    }
    let templates: HashSet<_> = campaigns
        .values()
        .map(|c| c.template)
        .chain(messages.values().filter_map(template_of))
        .collect();
    let templates = tx.templates().many(&templates.into_iter().collect::<Vec<_>>()).await?;
    let files: HashSet<_> =
        messages.values().filter_map(|m| policy::media_of(&m.content)?.media).collect();
    let files = tx.media().many(&files.into_iter().collect::<Vec<_>>()).await?;
    let conversations = tx.conversations().with_contacts(channel.id, &people).await?;
    Ok(Books {
        contacts,
        messages,
        campaigns,
        conversations: conversations.into_iter().map(|c| (c.contact, c)).collect(),
        new: BTreeMap::new(),
        templates: templates.into_iter().map(|t| (t.id, t)).collect(),
        files: files.into_iter().map(|f| (f.id, f)).collect(),
    })
}

/// Writes new messages into their threads. A thread that nobody else made meanwhile is written once, with its message.
async fn write(
    tx: &mut dyn TenantTx,
    mut new: BTreeMap<Id<Contact>, Conversation>,
    mut messages: Vec<Message>,
) -> Result<(), Error> {
    let mut touches = Vec::new();
    for message in &messages {
        match new.get_mut(&message.contact) {
            Some(thread) => {
                thread.last_message = thread.last_message.max(Some(message.id));
                thread.last_message_at = message.created_at;
            }
            None => touches.push(touch(message)),
        }
    }
    let new: Vec<_> = new.into_values().filter(|thread| thread.last_message.is_some()).collect();
    if !new.is_empty() {
        let opened = tx.conversations().open_many(&new).await?;
        let elsewhere: HashMap<_, _> = new
            .iter()
            .zip(&opened)
            .filter(|(ours, theirs)| ours.id != theirs.id)
            .map(|(ours, theirs)| (ours.id, theirs.id))
            .collect();
        for message in &mut messages {
            if let Some(id) = elsewhere.get(&message.conversation) {
                message.conversation = *id;
                touches.push(touch(message));
            }
        }
    }
    tx.messages().insert_many(&messages).await?;
    if !touches.is_empty() {
        tx.conversations().touch_many(&touches).await?;
    }
    Ok(())
}

const fn touch(message: &Message) -> Touch {
    Touch { id: message.conversation, message: message.id, at: message.created_at, inbound: false }
}

fn template_of(message: &Message) -> Option<Id<Template>> {
    match &message.content {
        Content::Template(content) => Some(content.template),
        _ => None,
    }
}

/// The message as it goes out, with the row to be written for it if there is none yet; or why it does not.
fn judge(
    env: &Env,
    books: &mut Books,
    send: &Send,
    now: Timestamp,
) -> Result<(Option<Message>, OutgoingMessage), Unclaim> {
    if books.campaign_of(send).is_some_and(|campaign| campaign.is_past_deadline(now)) {
        return Err(Unclaim::Skip(crate::campaign::too_late()));
    }
    let (message, new) = match books.messages.get(&send.message()) {
        Some(message) => (message.clone(), false),
        None => (campaign_message(env, books, send, now)?, true),
    };
    let contact = books.contacts.get(&send.contact);
    let case = Case {
        content: &message.content,
        contact,
        now,
        campaign: send.campaign.is_some(),
        window: books.window_of(send.contact),
        template: template_of(&message).and_then(|id| books.templates.get(&id)),
    };
    if let Some(error) = policy::refusal(&case) {
        return Err(Unclaim::Skip(error));
    }
    let mut outgoing =
        OutgoingMessage::new(Recipient::from_address(&send.address), message.content.clone());
    outgoing.reply_to.clone_from(&message.reply_to_wamid);
    if let Some(media) = policy::media_of(&message.content) {
        match policy::file(media.media.and_then(|id| books.files.get(&id)), send.channel, now) {
            FileCheck::At(id) => outgoing.media = Some(MediaRef::Id(id)),
            FileCheck::Wait if now - send.created_at > FILE_PATIENCE => {
                return Err(Unclaim::Skip(policy::file_never_came()));
            }
            FileCheck::Wait => return Err(Unclaim::Requeue(now + FILE_WAIT)),
            FileCheck::Never(error) => return Err(Unclaim::Skip(error)),
        }
    }
    Ok((new.then_some(message), outgoing))
}

fn campaign_message(
    env: &Env,
    books: &mut Books,
    send: &Send,
    now: Timestamp,
) -> Result<Message, Unclaim> {
    let gone = |what: &str| {
        let message = format!("The {what} was deleted before the message went out.");
        Unclaim::Skip(whatsapp_core::SendError {
            code: format!("{}_DELETED", what.to_uppercase()),
            message,
        })
    };
    let campaign =
        send.campaign.and_then(|id| books.campaigns.get(&id)).ok_or_else(|| gone("campaign"))?;
    let template = books.templates.get(&campaign.template).ok_or_else(|| gone("template"))?;
    let contact = books.contacts.get(&send.contact).ok_or_else(|| gone("contact"))?;
    let filled = template
        .fill(&campaign.variables, Some(contact))
        .map_err(|e| Unclaim::Skip(policy::unfilled(&e)))?;
    let there = books.conversations.get(&contact.id);
    // Only a campaign reaches people without a conversation, and its message waits for nobody: the conversation is
    // done until the person answers.
    let conversation = match there {
        Some(thread) => thread.id,
        None => {
            let new = || thread(env, send.channel, contact.id, ConversationStatus::Resolved);
            books.new.entry(contact.id).or_insert_with(new).id
        }
    };
    Ok(Message {
        id: send.message(),
        conversation,
        contact: contact.id,
        channel: send.channel,
        direction: Direction::Outbound,
        content: Content::Template(filled),
        by: By::Campaign(campaign.id),
        wamid: None,
        reply_to_wamid: None,
        created_at: now,
    })
}
