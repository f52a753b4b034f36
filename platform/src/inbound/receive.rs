//! A customer wrote, or said what he wants. One transaction each; a second delivery of the same changes nothing.

use whatsapp_cloud::webhook::{IdentityChange, InboundMedia, InboundMessage, UserPreference};
use whatsapp_core::message::Media;
use whatsapp_core::{
    By, Channel, Contact, ContactSource, Content, Conversation, ConversationStatus, Direction,
    Event, Id, Identity, JobSpec, MediaObject, MediaState, Message, NewContact, Span, Timestamp,
};
use whatsapp_storage::TenantTx;
use whatsapp_storage::repo::Touch;

use super::project::Batch;
use super::verdict::Applied;
use crate::Error;
use crate::jobs::Task;
use crate::work::Said;

pub(super) async fn message(
    batch: &Batch<'_>,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    channel: &Channel,
    inbound: &InboundMessage,
) -> Result<Applied, Error> {
    if tx.messages().by_wamid(channel.id, &inbound.wamid).await?.is_some() {
        return Ok(Applied::Duplicate);
    }
    let contact =
        contact(batch, tx, said, &inbound.identity, inbound.profile_name.as_deref()).await?;
    let (conversation, _) =
        open_conversation(&batch.inner.env, tx, channel.id, contact.id, ConversationStatus::Open)
            .await?;
    let message = written(batch, tx, said, channel, (contact.id, conversation.id), inbound).await?;
    if !tx.messages().insert(&message).await? {
        return Ok(Applied::Duplicate);
    }
    let at = message.created_at;
    // A reaction is a sign on another message: it neither waits for an answer nor opens the window.
    if !matches!(message.content, Content::Reaction { .. }) {
        tx.conversations()
            .touch(&Touch { id: conversation.id, message: message.id, at, inbound: true })
            .await?;
    }
    tx.channels().note_inbound(channel.id, at).await?;
    said.emit(Event::MessageReceived { conversation: conversation.id, message: message.id });
    Ok(Applied::Changed)
}

/// The message as it is kept; its file is noted and fetched later.
pub(super) async fn written(
    batch: &Batch<'_>,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    channel: &Channel,
    (contact, conversation): (Id<Contact>, Id<Conversation>),
    inbound: &InboundMessage,
) -> Result<Message, Error> {
    let mut content = inbound.content.clone();
    let mut file = None;
    if let (Some(sent), Content::Media(media)) = (&inbound.media, &mut content) {
        file = Some(pending_file(batch, tx, channel, sent, media).await?);
    }
    let message = Message {
        id: batch.inner.env.id(),
        conversation,
        contact,
        channel: channel.id,
        direction: Direction::Inbound,
        content,
        by: By::Contact(contact),
        wamid: Some(inbound.wamid.clone()),
        reply_to_wamid: inbound.reply_to.clone(),
        created_at: moment(inbound.at, batch.received_at),
    };
    if let Some(media) = file {
        said.schedule(fetch_job(batch, &message, media));
    }
    Ok(message)
}

/// The job that fetches a message's file from Meta.
pub(super) fn fetch_job(batch: &Batch<'_>, message: &Message, media: Id<MediaObject>) -> JobSpec {
    let task = Task::FetchMedia {
        channel: message.channel,
        conversation: message.conversation,
        message: message.id,
        media,
    };
    task.job(&batch.inner.env, batch.inner.env.now())
}

/// Meta counts in whole seconds. The message was written somewhere in that second, and not after it was
/// received: so an answer given in the same second still stands below it, and messages of different seconds
/// keep Meta's order in whatever order they arrive.
pub(super) fn moment(at: Timestamp, received_at: Timestamp) -> Timestamp {
    received_at.min(at + Span::micros(999_999)).max(at)
}

pub(super) async fn contact(
    batch: &Batch<'_>,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    identity: &Identity,
    profile_name: Option<&str>,
) -> Result<Contact, Error> {
    if let Some(known) = tx.contacts().by_identity(identity).await? {
        return complete(batch, tx, said, known, identity, profile_name).await;
    }
    let contact = stranger(batch, identity, profile_name)?;
    if tx.contacts().insert(&contact).await? {
        said.emit(Event::ContactCreated { contact: contact.id });
        return Ok(contact);
    }
    // Somebody else made the same contact in the meantime.
    tx.contacts()
        .by_identity(identity)
        .await?
        .ok_or_else(|| Error::Internal("a contact neither exists nor can be made".into()))
}

/// Somebody of whom nothing was known.
pub(super) fn stranger(
    batch: &Batch<'_>,
    identity: &Identity,
    profile_name: Option<&str>,
) -> Result<Contact, Error> {
    let mut new = NewContact::default();
    new.name = profile_name.map(|n| n.chars().take(256).collect());
    new.phone.clone_from(&identity.phone);
    new.bsuid.clone_from(&identity.bsuid);
    Ok(Contact::new(new, ContactSource::Message, &batch.inner.env)?)
}

/// Adds what Meta told of a person: a missing handle, a missing name. A name that somebody gave stays.
pub(super) fn add(known: &mut Contact, identity: &Identity, profile_name: Option<&str>) {
    if known.phone.is_none() {
        known.phone.clone_from(&identity.phone);
    }
    if known.bsuid.is_none() {
        known.bsuid.clone_from(&identity.bsuid);
    }
    if known.name.is_none() {
        known.rename(profile_name.map(|n| n.chars().take(256).collect()));
    }
}

/// Writes what Meta told of a known person.
pub(super) async fn complete(
    batch: &Batch<'_>,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    found: Contact,
    identity: &Identity,
    profile_name: Option<&str>,
) -> Result<Contact, Error> {
    let mut known = found.clone();
    add(&mut known, identity, profile_name);
    if known == found {
        return Ok(found);
    }
    // What others change of it at the same time, a wish for no marketing above all, is not undone.
    let Some(before) = tx.contacts().hold(found.id).await? else { return Ok(found) };
    let mut known = before.clone();
    add(&mut known, identity, profile_name);
    known.updated_at = batch.inner.env.now();
    if tx.contacts().update(&known).await? {
        said.emit(Event::ContactUpdated { contact: known.id });
        return Ok(known);
    }
    // The handle belongs to another contact already; a person must merge the two.
    tracing::warn!(contact = %before.id, "two contacts share the handles of one sender");
    Ok(before)
}

/// The thread with a contact over a channel, made with this status if there is none.
pub(crate) async fn open_conversation(
    env: &whatsapp_core::Env,
    tx: &mut dyn TenantTx,
    channel: Id<Channel>,
    contact: Id<Contact>,
    status: ConversationStatus,
) -> Result<(Conversation, bool), Error> {
    Ok(tx.conversations().open_with(&thread(env, channel, contact, status)).await?)
}

/// A new thread in which nothing was said yet.
pub(crate) fn thread(
    env: &whatsapp_core::Env,
    channel: Id<Channel>,
    contact: Id<Contact>,
    status: ConversationStatus,
) -> Conversation {
    let now = env.now();
    Conversation {
        id: env.id(),
        contact,
        channel,
        status,
        assignee: None,
        unread: 0,
        last_message: None,
        last_message_at: now,
        last_inbound_at: None,
        created_at: now,
    }
}

pub(super) async fn pending_file(
    batch: &Batch<'_>,
    tx: &mut dyn TenantTx,
    channel: &Channel,
    file: &InboundMedia,
    media: &mut Media,
) -> Result<Id<MediaObject>, Error> {
    let object = MediaObject {
        id: batch.inner.env.id(),
        kind: file.kind,
        mime: file.mime.clone(),
        size: 0,
        filename: file.filename.clone(),
        state: MediaState::Pending,
        error: None,
        channel: Some(channel.id),
        provider_id: Some(file.provider_id.clone()),
        provider_expires_at: None,
        created_at: batch.inner.env.now(),
    };
    tx.media().insert(&object).await?;
    media.media = Some(object.id);
    Ok(object.id)
}

pub(super) async fn preference(
    batch: &Batch<'_>,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    preference: &UserPreference,
) -> Result<Applied, Error> {
    let Some(contact) = tx.contacts().by_identity(&preference.identity).await? else {
        return Ok(Applied::Raw);
    };
    set_marketing(batch.inner, tx, said, contact, !preference.stop, preference.at).await
}

/// Notes that a person wants, or does not want, marketing.
pub(super) async fn set_marketing(
    inner: &crate::platform::Inner,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    contact: Contact,
    wanted: bool,
    at: Timestamp,
) -> Result<Applied, Error> {
    let Some(mut contact) = tx.contacts().hold(contact.id).await? else {
        return Ok(Applied::Raw);
    };
    // An older wish that arrives late does not undo a newer one.
    if contact.accepts_marketing() == wanted || contact.opted_out_at.is_some_and(|since| at < since)
    {
        return Ok(Applied::Duplicate);
    }
    contact.opted_out_at = (!wanted).then_some(at);
    contact.updated_at = inner.env.now();
    tx.contacts().update(&contact).await?;
    said.emit(Event::ContactUpdated { contact: contact.id });
    Ok(Applied::Changed)
}

/// Notes that Meta told us of a person who wants no marketing.
pub(crate) async fn opt_out(
    inner: &crate::platform::Inner,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    contact: Id<Contact>,
) -> Result<(), Error> {
    if let Some(contact) = tx.contacts().find(contact).await? {
        set_marketing(inner, tx, said, contact, false, inner.env.now()).await?;
    }
    Ok(())
}

pub(super) async fn identity(
    batch: &Batch<'_>,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    change: &IdentityChange,
) -> Result<Applied, Error> {
    let Some(found) = tx.contacts().by_identity(&change.before).await? else {
        return Ok(Applied::Raw);
    };
    let Some(mut contact) = tx.contacts().hold(found.id).await? else {
        return Ok(Applied::Raw);
    };
    let before = contact.clone();
    if change.after.phone.is_some() {
        contact.phone.clone_from(&change.after.phone);
    }
    if change.after.bsuid.is_some() {
        contact.bsuid.clone_from(&change.after.bsuid);
    }
    if contact == before {
        return Ok(Applied::Duplicate);
    }
    contact.updated_at = batch.inner.env.now();
    if !tx.contacts().update(&contact).await? {
        return Ok(Applied::Raw);
    }
    said.emit(Event::ContactUpdated { contact: contact.id });
    Ok(Applied::Changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_stands_within_its_second_and_never_after_its_arrival() {
        let at = Timestamp::from_seconds(100);
        for (received, expected) in
            [(100_300_000, 100_300_000), (105_000_000, 100_999_999), (99_000_000, 100_000_000)]
        {
            assert_eq!(moment(at, Timestamp::from_micros(received)).micros(), expected);
        }
    }
}
