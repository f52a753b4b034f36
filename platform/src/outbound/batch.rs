//! One transaction of a pump: what was learnt is written, what may go out is claimed, checked and begun.
//! When it has committed, and only then, the messages in [`Begun`] go out.

use std::collections::{BTreeMap, HashMap, HashSet};

use whatsapp_cloud::{MediaRef, OutgoingMessage, Recipient};
use whatsapp_core::campaign::Route;
use whatsapp_core::message::Media;
use whatsapp_core::{
    Attempt, Campaign, Channel, Contact, Content, Conversation, ConversationStatus, Env, Id,
    MediaObject, Message, Send, SendState, Span, Template, Timestamp, Window,
};
use whatsapp_storage::TenantTx;
use whatsapp_storage::repo::{ClaimRequest, Touch, Unclaim};

use super::compose::Parts;
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
    pub(super) send: Id<Send>,
    /// By which way it goes.
    pub(super) route: Route,
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
    /// Of those that go by another way than the usual one.
    routes: HashMap<Id<Send>, Route>,
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
    fn route_of(&self, send: &Send) -> Route {
        self.routes.get(&send.id).copied().unwrap_or(Route::Usual)
    }
    fn parts_of(&self, send: &Send) -> Parts<'_> {
        let campaign = self.campaign_of(send);
        let fallback = campaign.and_then(|c| c.rules.fallback_template);
        Parts {
            campaign,
            template: campaign.and_then(|c| self.templates.get(&c.template)),
            fallback: fallback.and_then(|id| self.templates.get(&id)),
            contact: self.contacts.get(&send.contact),
        }
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
    let (mut ready, mut back) = (Vec::new(), Vec::new());
    let (mut messages, mut changed) = (Vec::new(), Vec::new());
    for send in &claimed {
        match judge(&inner.env, &mut books, send, now) {
            Ok(Judged { outgoing, route, row }) => {
                match row {
                    Row::There => {}
                    Row::New(message) => messages.push(message),
                    Row::Changed(id, content) => changed.push((id, content)),
                }
                ready.push((send, outgoing, route, Attempt::from_bytes(inner.env.bytes())));
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
    for (id, content) in &changed {
        tx.messages().set_content(*id, content).await?;
    }
    if !back.is_empty() {
        let moved = tx.sends().unclaim(&back, now).await?;
        record_moves(tx, said, &moved).await?;
    }
    let firsts = ready.iter().filter(|(send, message, ..)| books.is_first(send, message, now));
    let firsts = firsts.map(|(send, ..)| (send.address.clone(), send.id)).collect();
    budget::reach(tx, channel, firsts, now).await?;
    let attempts: Vec<_> = ready.iter().map(|(send, .., attempt)| (send.id, *attempt)).collect();
    let began: HashSet<_> = tx.sends().begin(epoch, &attempts, now).await?.into_iter().collect();
    super::count(SendState::Sending, began.len());
    let begun = ready
        .into_iter()
        .filter(|(send, ..)| began.contains(&send.id))
        .map(|(send, mut message, route, attempt)| {
            message.callback_data = attempt.callback_data();
            Begun {
                send: send.id,
                route,
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
        .flat_map(|c| [Some(c.template), c.rules.fallback_template])
        .flatten()
        .chain(messages.values().filter_map(|m| policy::template_of(&m.content)))
        .collect();
    let templates = tx.templates().many(&templates.into_iter().collect::<Vec<_>>()).await?;
    let files: HashSet<_> =
        messages.values().filter_map(|m| policy::media_of(&m.content)?.media).collect();
    let files = tx.media().many(&files.into_iter().collect::<Vec<_>>()).await?;
    let conversations = tx.conversations().with_contacts(channel.id, &people).await?;
    let routes = routes(tx, &campaigns, claimed).await?;
    Ok(Books {
        contacts,
        messages,
        campaigns,
        routes,
        conversations: conversations.into_iter().map(|c| (c.contact, c)).collect(),
        new: BTreeMap::new(),
        templates: templates.into_iter().map(|t| (t.id, t)).collect(),
        files: files.into_iter().map(|f| (f.id, f)).collect(),
    })
}

/// By which way the lines go that were tried before, where their campaigns know another than the usual one.
async fn routes(
    tx: &mut dyn TenantTx,
    campaigns: &HashMap<Id<Campaign>, Campaign>,
    claimed: &[Send],
) -> Result<HashMap<Id<Send>, Route>, Error> {
    let rules = |send: &Send| {
        let rules = campaigns.get(&send.campaign?)?.rules;
        (send.attempts > 0 && rules.has_other_ways()).then_some(rules)
    };
    let tried: Vec<_> = claimed.iter().filter(|send| rules(send).is_some()).cloned().collect();
    if tried.is_empty() {
        return Ok(HashMap::new());
    }
    let before = crate::campaign::failures_before(tx, &tried).await?;
    let route = |send: &Send| {
        let failures = before.get(&send.id).into_iter().flatten();
        rules(send).map(|rules| (send.id, rules.route(failures)))
    };
    Ok(tried.iter().filter_map(route).collect())
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

/// A message that may go out.
struct Judged {
    outgoing: OutgoingMessage,
    route: Route,
    row: Row,
}

/// What is written of a message with its try.
enum Row {
    /// It stands there.
    There,
    /// It is a campaign's, and this is its first try.
    New(Message),
    /// It says something else than at the try before: the fall-back.
    Changed(Id<Message>, Content),
}

/// The message as it goes out; or why it does not.
fn judge(env: &Env, books: &mut Books, send: &Send, now: Timestamp) -> Result<Judged, Unclaim> {
    if books.campaign_of(send).is_some_and(|campaign| campaign.is_past_deadline(now)) {
        return Err(Unclaim::Skip(crate::campaign::too_late()));
    }
    let route = books.route_of(send);
    let (content, reply_to, row) = match books.messages.get(&send.message()) {
        Some(message) => {
            let changed = match route {
                Route::Usual | Route::Marketing => None,
                Route::Fallback => books.parts_of(send).fallback(&message.content)?,
            };
            let row = changed.clone().map_or(Row::There, |new| Row::Changed(message.id, new));
            let content = changed.unwrap_or_else(|| message.content.clone());
            (content, message.reply_to_wamid.clone(), row)
        }
        None => {
            let message = new_message(env, books, send, now)?;
            (message.content.clone(), None, Row::New(message))
        }
    };
    let case = Case {
        content: &content,
        contact: books.contacts.get(&send.contact),
        now,
        campaign: send.campaign.map(|_| route),
        window: books.window_of(send.contact),
        template: policy::template_of(&content).and_then(|id| books.templates.get(&id)),
    };
    if let Some(error) = policy::refusal(&case) {
        return Err(Unclaim::Skip(error));
    }
    let media = match policy::media_of(&content) {
        Some(media) => Some(file_at_meta(books, send, media, now)?),
        None => None,
    };
    let mut outgoing = OutgoingMessage::new(Recipient::from_address(&send.address), content);
    (outgoing.reply_to, outgoing.media) = (reply_to, media);
    Ok(Judged { outgoing, route, row })
}

fn file_at_meta(
    books: &Books,
    send: &Send,
    media: &Media,
    now: Timestamp,
) -> Result<MediaRef, Unclaim> {
    match policy::file(media.media.and_then(|id| books.files.get(&id)), send.channel, now) {
        FileCheck::At(id) => Ok(MediaRef::Id(id)),
        FileCheck::Wait if now - send.created_at > FILE_PATIENCE => {
            Err(Unclaim::Skip(policy::file_never_came()))
        }
        FileCheck::Wait => Err(Unclaim::Requeue(now + FILE_WAIT)),
        FileCheck::Never(error) => Err(Unclaim::Skip(error)),
    }
}

fn new_message(
    env: &Env,
    books: &mut Books,
    send: &Send,
    now: Timestamp,
) -> Result<Message, Unclaim> {
    let there = books.conversations.get(&send.contact).map(|thread| thread.id);
    let mut made = None;
    let message = books.parts_of(send).message(send, now, |contact| {
        // Only a campaign reaches people without a conversation, and its message waits for nobody: the conversation is
        // done until the person answers.
        let new = || thread(env, send.channel, contact.id, ConversationStatus::Resolved);
        there.unwrap_or_else(|| made.insert(new()).id)
    })?;
    let Some(made) = made else { return Ok(message) };
    let conversation = books.new.entry(message.contact).or_insert(made).id;
    Ok(Message { conversation, ..message })
}
