//! Messages of customers that arrived together: read and written in bulk, as if each had been applied alone. Whatever is
//! unusual (somebody else wrote the same row meanwhile) is an error here, and whoever calls applies each alone instead.

use std::collections::{BTreeMap, HashMap, HashSet};

use whatsapp_cloud::webhook::InboundMessage;
use whatsapp_core::{
    Channel, Contact, Content, Conversation, ConversationStatus, Event, Id, Identity, Message,
    Timestamp,
};
use whatsapp_storage::TenantTx;
use whatsapp_storage::repo::Touch;

use super::project::Batch;
use super::receive;
use super::verdict::Applied;
use crate::Error;
use crate::platform::Inner;
use crate::work::Said;

/// A message, and the call that brought it.
pub(super) struct Letter {
    /// The call's place in the batch.
    pub(super) call: usize,
    pub(super) received_at: Timestamp,
    pub(super) replayed: bool,
    pub(super) message: Box<InboundMessage>,
}

impl Letter {
    pub(super) const fn batch<'a>(&self, inner: &'a Inner) -> Batch<'a> {
        Batch { inner, received_at: self.received_at, replayed: self.replayed, waited: false }
    }
}

/// Applies letters to one channel, in their order; answers what each came to.
pub(super) async fn apply(
    inner: &Inner,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    channel: &Channel,
    letters: &[Letter],
) -> Result<Vec<Applied>, Error> {
    let wamids: Vec<_> = letters.iter().map(|letter| letter.message.wamid.as_str()).collect();
    let mut known: HashSet<String> =
        tx.messages().known(channel.id, &wamids).await?.into_iter().collect();
    let news: Vec<bool> =
        letters.iter().map(|letter| known.insert(letter.message.wamid.clone())).collect();
    let fresh: Vec<&Letter> =
        letters.iter().zip(&news).filter_map(|(letter, new)| new.then_some(letter)).collect();
    if !fresh.is_empty() {
        write(inner, tx, said, channel, &fresh).await?;
    }
    let told = |new: &bool| if *new { Applied::Changed } else { Applied::Duplicate };
    Ok(news.iter().map(told).collect())
}

async fn write(
    inner: &Inner,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    channel: &Channel,
    fresh: &[&Letter],
) -> Result<(), Error> {
    let writers = writers(inner, tx, said, fresh).await?;
    let mut threads = threads(tx, channel, &writers).await?;
    let (mut messages, mut touches) = (Vec::with_capacity(fresh.len()), Vec::new());
    let mut latest = None;
    for (letter, contact) in fresh.iter().zip(&writers) {
        let batch = letter.batch(inner);
        let thread = threads
            .entry(*contact)
            .or_insert_with(|| Thread::new(inner, channel.id, *contact))
            .id();
        let message =
            receive::written(&batch, tx, said, channel, (*contact, thread), &letter.message)
                .await?;
        latest = latest.max(Some(message.created_at));
        // A reaction is a sign on another message: it neither waits for an answer nor opens the window.
        if !matches!(message.content, Content::Reaction { .. }) {
            let at = message.created_at;
            touches.push(Touch { id: thread, message: message.id, at, inbound: true });
        }
        messages.push(message);
    }
    open(tx, threads).await?;
    if tx.messages().insert_many(&messages).await?.len() < messages.len() {
        return Err(meanwhile("message"));
    }
    tx.conversations().touch_many(&touches).await?;
    if let Some(at) = latest {
        tx.channels().note_inbound(channel.id, at).await?;
    }
    for Message { conversation, id, .. } in messages {
        said.emit(Event::MessageReceived { conversation, message: id });
    }
    Ok(())
}

fn meanwhile(what: &str) -> Error {
    Error::Internal(format!("somebody else wrote a {what} of this batch meanwhile"))
}

/// The people of this batch, by each of their handles.
#[derive(Default)]
struct People {
    by_phone: HashMap<String, Id<Contact>>,
    by_bsuid: HashMap<String, Id<Contact>>,
}

impl People {
    fn note(&mut self, contact: &Contact) {
        if let Some(phone) = &contact.phone {
            self.by_phone.insert(phone.to_string(), contact.id);
        }
        if let Some(bsuid) = &contact.bsuid {
            self.by_bsuid.insert(bsuid.clone(), contact.id);
        }
    }
    /// As the store finds people.
    fn find(&self, identity: &Identity) -> Option<Id<Contact>> {
        let phone = identity.phone.as_ref();
        phone
            .and_then(|phone| self.by_phone.get(phone.as_str()))
            .or_else(|| self.by_bsuid.get(identity.bsuid.as_deref()?))
            .or_else(|| self.by_phone.get(phone?.other_spelling()?.as_str()))
            .copied()
    }
}

/// Who wrote each letter; unknown people are made, what Meta told of known ones is added.
async fn writers(
    inner: &Inner,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    fresh: &[&Letter],
) -> Result<Vec<Id<Contact>>, Error> {
    let identities: Vec<_> = fresh.iter().map(|l| l.message.identity.clone()).collect();
    let known = tx.contacts().by_identities(&identities).await?;
    let (mut people, mut writers) = (People::default(), Vec::with_capacity(fresh.len()));
    let mut new: BTreeMap<Id<Contact>, Contact> = BTreeMap::new();
    let mut there: HashMap<Id<Contact>, Contact> = HashMap::new();
    for contact in known.into_iter().flatten() {
        people.note(&contact);
        there.insert(contact.id, contact);
    }
    for letter in fresh {
        let (batch, identity) = (letter.batch(inner), &letter.message.identity);
        let name = letter.message.profile_name.as_deref();
        let writer = match people.find(identity) {
            Some(id) => id,
            None => {
                let made = receive::stranger(&batch, identity, name)?;
                let id = made.id;
                new.insert(id, made);
                id
            }
        };
        if let Some(made) = new.get_mut(&writer) {
            receive::add(made, identity, name);
            people.note(made);
        } else if let Some(known) = there.remove(&writer) {
            let known = receive::complete(&batch, tx, said, known, identity, name).await?;
            people.note(&known);
            there.insert(writer, known);
        }
        writers.push(writer);
    }
    let new: Vec<_> = new.into_values().collect();
    if !new.is_empty() && tx.contacts().insert_many(&new).await?.len() < new.len() {
        return Err(meanwhile("contact"));
    }
    for contact in new {
        said.emit(Event::ContactCreated { contact: contact.id });
    }
    Ok(writers)
}

/// A thread that is there, or that is made with this batch.
enum Thread {
    There(Id<Conversation>),
    New(Box<Conversation>),
}

impl Thread {
    fn new(inner: &Inner, channel: Id<Channel>, contact: Id<Contact>) -> Self {
        let status = ConversationStatus::Open;
        Self::New(Box::new(receive::thread(&inner.env, channel, contact, status)))
    }
    const fn id(&self) -> Id<Conversation> {
        match self {
            Self::There(id) => *id,
            Self::New(thread) => thread.id,
        }
    }
}

async fn threads(
    tx: &mut dyn TenantTx,
    channel: &Channel,
    writers: &[Id<Contact>],
) -> Result<BTreeMap<Id<Contact>, Thread>, Error> {
    let people: Vec<_> = writers.iter().copied().collect::<HashSet<_>>().into_iter().collect();
    let there = tx.conversations().with_contacts(channel.id, &people).await?;
    Ok(there.into_iter().map(|thread| (thread.contact, Thread::There(thread.id))).collect())
}

async fn open(tx: &mut dyn TenantTx, threads: BTreeMap<Id<Contact>, Thread>) -> Result<(), Error> {
    let new: Vec<_> = threads
        .into_values()
        .filter_map(|thread| match thread {
            Thread::New(new) => Some(*new),
            Thread::There(_) => None,
        })
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let opened = tx.conversations().open_many(&new).await?;
    let ours = opened.iter().zip(&new).all(|(opened, new)| opened.id == new.id);
    if ours { Ok(()) } else { Err(meanwhile("conversation")) }
}
