//! Writes one message of the past with its line in the ledger: in a final state, so that nothing is ever sent
//! for it.

use whatsapp_core::send::{Attempt, Priority, SendError};
use whatsapp_core::{
    By, Channel, Contact, Content, Conversation, Direction, Id, Message, Send, SendState, Span,
    Timestamp,
};
use whatsapp_storage::TenantTx;
use whatsapp_storage::repo::Touch;

use super::SeedError;
use super::chance::Chance;

/// One message to be written.
pub(super) struct Entry {
    pub(super) direction: Direction,
    pub(super) by: By,
    pub(super) content: Content,
    /// How far it came, if it is outgoing.
    pub(super) state: SendState,
    pub(super) error: Option<SendError>,
}

/// Writes into one conversation.
pub(super) struct Writer<'a> {
    pub(super) tx: &'a mut dyn TenantTx,
    pub(super) chance: &'a Chance,
    pub(super) contact: &'a Contact,
    pub(super) conversation: Id<Conversation>,
    pub(super) channel: Id<Channel>,
}

impl Writer<'_> {
    pub(super) async fn write(&mut self, entry: Entry, at: Timestamp) -> Result<(), SeedError> {
        let id: Id<Message> = self.chance.id(at);
        let inbound = entry.direction == Direction::Inbound;
        let wamid = format!("wamid.demo{}", id.uuid().simple());
        let message = Message {
            id,
            conversation: self.conversation,
            contact: self.contact.id,
            channel: self.channel,
            direction: entry.direction,
            content: entry.content,
            by: entry.by,
            wamid: inbound.then(|| wamid.clone()),
            reply_to_wamid: None,
            created_at: at,
        };
        self.tx.messages().insert(&message).await?;
        if entry.direction == Direction::Outbound {
            let line = self.line(id, wamid, entry.state, entry.error, at);
            self.tx.sends().insert(&[line]).await?;
        }
        if entry.direction != Direction::Note {
            let touch = Touch { id: self.conversation, message: id, at, inbound };
            self.tx.conversations().touch(&touch).await?;
        }
        Ok(())
    }
    fn line(
        &self,
        id: Id<Message>,
        wamid: String,
        state: SendState,
        error: Option<SendError>,
        at: Timestamp,
    ) -> Send {
        let timeline = timeline(state, at);
        Send {
            id: id.cast(),
            channel: self.channel,
            contact: self.contact.id,
            address: self.contact.phone.as_ref().map(ToString::to_string).unwrap_or_default(),
            campaign: None,
            priority: Priority::Interactive,
            is_code: false,
            state,
            attempt: Some(Attempt::from_uuid(id.uuid())),
            attempts: 1,
            not_before: at,
            epoch: 0,
            wamid: (state != SendState::Unconfirmed).then_some(wamid),
            error,
            created_at: at,
            updated_at: timeline.last().map_or(at, |(_, moment)| *moment),
            timeline,
        }
    }
}

/// When each state on the way was reached.
fn timeline(state: SendState, at: Timestamp) -> Vec<(SendState, Timestamp)> {
    use SendState::{Accepted, Ambiguous, Delivered, Failed, Queued, Read, Sent, Unconfirmed};
    let way: &[SendState] = match state {
        Read => &[Queued, Accepted, Sent, Delivered, Read],
        Delivered => &[Queued, Accepted, Sent, Delivered],
        Sent => &[Queued, Accepted, Sent],
        Failed => &[Queued, Accepted, Failed],
        Unconfirmed => &[Queued, Ambiguous, Unconfirmed],
        _ => &[Queued],
    };
    let mut moment = at;
    way.iter()
        .map(|step| {
            let reached = (*step, moment);
            moment = moment + Span::seconds(2);
            reached
        })
        .collect()
}
