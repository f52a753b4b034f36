//! A number that is also on the WhatsApp Business app: what its owner writes on the phone stands in the inbox as
//! outgoing, and the people of the phone's address book are known by name. Opens no window and asks for no answer.
//!
//! Meta's page: <https://developers.facebook.com/docs/whatsapp/embedded-signup/custom-flows/onboarding-business-app-users>.

use whatsapp_cloud::webhook::{ContactSync, Echo, SyncAction};
use whatsapp_core::{By, Channel, Content, ConversationStatus, Direction, Event, Message};
use whatsapp_storage::TenantTx;
use whatsapp_storage::repo::Touch;

use super::project::Batch;
use super::receive::{contact, fetch_job, moment, open_conversation, pending_file};
use super::verdict::Applied;
use crate::Error;
use crate::work::Said;

/// The owner wrote on the phone. It has no line in our ledger: we did not send it.
pub(super) async fn echo(
    batch: &Batch<'_>,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    channel: &Channel,
    echo: &Echo,
) -> Result<Applied, Error> {
    if tx.messages().by_wamid(channel.id, &echo.wamid).await?.is_some() {
        return Ok(Applied::Duplicate);
    }
    let person = contact(batch, tx, said, &echo.to, echo.profile.name.as_deref()).await?;
    // Whom the owner writes to from the phone does not wait for us: a new thread begins resolved.
    let env = &batch.inner.env;
    let (thread, _) =
        open_conversation(env, tx, channel.id, person.id, ConversationStatus::Resolved).await?;
    let mut content = echo.content.clone();
    let mut file = None;
    if let (Some(sent), Content::Media(media)) = (&echo.media, &mut content) {
        file = Some(pending_file(batch, tx, channel, sent, media).await?);
    }
    let at = moment(echo.at, batch.received_at);
    let message = Message {
        id: env.id(),
        conversation: thread.id,
        contact: person.id,
        channel: channel.id,
        direction: Direction::Outbound,
        content,
        by: By::System,
        wamid: Some(echo.wamid.clone()),
        reply_to_wamid: echo.reply_to.clone(),
        created_at: at,
    };
    if !tx.messages().insert(&message).await? {
        return Ok(Applied::Duplicate);
    }
    if let Some(media) = file {
        said.schedule(fetch_job(batch, &message, media));
    }
    if !matches!(message.content, Content::Reaction { .. }) {
        let touch = Touch { id: thread.id, message: message.id, at, inbound: false };
        tx.conversations().touch(&touch).await?;
    }
    said.emit(Event::MessageCreated { conversation: thread.id, message: message.id });
    Ok(Applied::Changed)
}

/// Somebody stands in the phone's address book. A name that our own people gave stays; who is taken out of the
/// book stays a contact of ours.
pub(super) async fn address_book(
    batch: &Batch<'_>,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    sync: &ContactSync,
) -> Result<Applied, Error> {
    let known = sync.identity.phone.is_some() || sync.identity.bsuid.is_some();
    if !known || sync.action != SyncAction::Add {
        return Ok(Applied::Raw);
    }
    let name = sync.full_name.as_deref().or(sync.first_name.as_deref());
    contact(batch, tx, said, &sync.identity, name).await?;
    Ok(Applied::Changed)
}
