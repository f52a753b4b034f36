//! To whom a program sends: a number or a contact, over one of the tenant's numbers.

use whatsapp_core::{
    Channel, Contact, ContactSource, Conversation, ConversationStatus, Event, Id, Identity,
    NewContact, Phone,
};
use whatsapp_storage::TenantTx;

use crate::Error;
use crate::inbound::open_conversation;
use crate::work::Work;

/// To whom a program sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// A number; an unknown one becomes a contact.
    Phone(Phone),
    /// A known contact.
    Contact(Id<Contact>),
}

/// To whom and over which number a program sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// To whom.
    pub to: To,
    /// Over which number; may be left out when the tenant has one.
    pub channel: Option<Id<Channel>>,
}

/// The conversation with a destination, made if there is none.
pub(super) async fn reach(
    work: &mut Work<'_>,
    to: &Destination,
) -> Result<(Conversation, Contact, Channel), Error> {
    let channel = match to.channel {
        Some(id) => work.channels().find(id).await?.ok_or(Error::NotFound("channel"))?,
        None => only_channel(work).await?,
    };
    let contact = match &to.to {
        To::Contact(id) => work.contacts().find(*id).await?.ok_or(Error::NotFound("contact"))?,
        To::Phone(phone) => known_or_new(work, phone).await?,
    };
    let env = work.env().clone();
    let tx: &mut dyn TenantTx = &mut **work;
    let (conversation, _) =
        open_conversation(&env, tx, channel.id, contact.id, ConversationStatus::Open).await?;
    Ok((conversation, contact, channel))
}

async fn only_channel(work: &mut Work<'_>) -> Result<Channel, Error> {
    let mut channels = work.channels().list().await?;
    match channels.len() {
        1 => channels.pop().ok_or(Error::NotFound("channel")),
        0 => Err(Error::conflict("NO_CHANNEL", "connect a WhatsApp number first")),
        _ => Err(Error::invalid(
            "CHANNEL_REQUIRED",
            "channel_id",
            "you have several numbers: say which one sends",
        )),
    }
}

async fn known_or_new(work: &mut Work<'_>, phone: &Phone) -> Result<Contact, Error> {
    let identity = Identity { phone: Some(phone.clone()), bsuid: None };
    if let Some(known) = work.contacts().by_identity(&identity).await? {
        return Ok(known);
    }
    let contact =
        Contact::new(NewContact::with_phone(phone.clone()), ContactSource::Api, work.env())?;
    if work.contacts().insert(&contact).await? {
        work.emit(Event::ContactCreated { contact: contact.id });
        return Ok(contact);
    }
    work.contacts()
        .by_identity(&identity)
        .await?
        .ok_or_else(|| Error::Internal("a contact neither exists nor can be made".into()))
}
