//! Conversations of every kind: open and closed windows, every status, assigned and not, read and unread, with
//! notes, files, places, templates, reactions and messages that failed.

use whatsapp_core::message::Media;
use whatsapp_core::send::SendError;
use whatsapp_core::{
    By, Channel, Contact, Content, Conversation, ConversationStatus, Direction, Id, MediaObject,
    SendState, Span, Template, Timestamp, User, Variables,
};
use whatsapp_storage::TenantTx;

use super::SeedError;
use super::chance::Chance;
use super::history::{Entry, Writer};
use super::texts::{Line, TALKS};

/// Who and what the talks are made of.
pub(super) struct Cast {
    pub(super) now: Timestamp,
    pub(super) channel: Id<Channel>,
    pub(super) team: Vec<Id<User>>,
    pub(super) templates: Vec<Template>,
    pub(super) files: Files,
}

/// Files that were stored before.
pub(super) struct Files {
    pub(super) pictures: Vec<MediaObject>,
    pub(super) document: MediaObject,
}

pub(super) async fn all(
    tx: &mut dyn TenantTx,
    count: usize,
    chance: &Chance,
    folk: &[Contact],
    cast: &Cast,
) -> Result<(), SeedError> {
    for index in 0..count {
        // Far apart in the list, and never the same person twice.
        let Some(contact) = folk.len().checked_sub(1 + index * 3).and_then(|at| folk.get(at))
        else {
            break;
        };
        talk(tx, index, chance, contact, cast).await?;
    }
    Ok(())
}

/// A third of the talks has an open window; the rest ended days or weeks ago.
fn ended(index: usize, chance: &Chance, now: Timestamp) -> Timestamp {
    let ago = match index.rem_euclid(3) {
        0 => chance.minutes(3, 20 * 60),
        1 => chance.minutes(26 * 60, 9 * 24 * 60),
        _ => chance.minutes(10 * 24 * 60, 60 * 24 * 60),
    };
    now - ago
}

async fn talk(
    tx: &mut dyn TenantTx,
    index: usize,
    chance: &Chance,
    contact: &Contact,
    cast: &Cast,
) -> Result<(), SeedError> {
    let lines: &[Line] = TALKS.get(index.rem_euclid(TALKS.len())).copied().unwrap_or_default();
    let entries = entries(index, lines, contact, cast);
    let end = ended(index, chance, cast.now);
    let gap = chance.minutes(1, 12);
    let first = end
        - Span::micros(gap.as_micros().saturating_mul(i64::try_from(entries.len()).unwrap_or(1)));
    let conversation = Conversation {
        id: chance.id(first),
        contact: contact.id,
        channel: cast.channel,
        status: ConversationStatus::Open,
        assignee: None,
        unread: 0,
        last_message: None,
        last_message_at: first,
        last_inbound_at: None,
        created_at: first,
    };
    let (conversation, _) = tx.conversations().open_with(&conversation).await?;
    let waits = entries.last().is_some_and(|entry| entry.direction == Direction::Inbound);
    let mut writer = Writer {
        tx: &mut *tx,
        chance,
        contact,
        conversation: conversation.id,
        channel: cast.channel,
    };
    let mut at = first;
    for entry in entries {
        at = at + gap;
        writer.write(entry, at).await?;
    }
    settle(tx, index, conversation.id, waits, cast).await
}

/// Status, owner and what is unread, so that each mix occurs.
async fn settle(
    tx: &mut dyn TenantTx,
    index: usize,
    id: Id<Conversation>,
    waits: bool,
    cast: &Cast,
) -> Result<(), SeedError> {
    let unread = waits && index.rem_euclid(2) == 0;
    if !unread {
        tx.conversations().mark_read(id).await?;
    }
    let status = match index.rem_euclid(10) {
        4 | 8 => ConversationStatus::Resolved,
        6 => ConversationStatus::Pending,
        _ => ConversationStatus::Open,
    };
    if status != ConversationStatus::Open {
        tx.conversations().set_status(id, status).await?;
    }
    let owner = cast.team.get(index.rem_euclid(cast.team.len() + 1)).copied();
    if owner.is_some() {
        tx.conversations().assign(id, None, owner).await?;
    }
    Ok(())
}

fn entries(index: usize, lines: &[Line], contact: &Contact, cast: &Cast) -> Vec<Entry> {
    let agent = By::User(
        cast.team
            .get(index.rem_euclid(cast.team.len().max(1)))
            .copied()
            .unwrap_or(Id::from_uuid(uuid::Uuid::nil())),
    );
    let agent = if cast.team.is_empty() { By::System } else { agent };
    let mut entries = Vec::new();
    if index.rem_euclid(6) == 5 {
        entries.extend(template(index, contact, cast));
    }
    for (who, text) in lines {
        let (direction, by) = match who {
            '<' => (Direction::Inbound, By::Contact(contact.id)),
            '#' => (Direction::Note, agent.clone()),
            _ => (Direction::Outbound, agent.clone()),
        };
        entries.push(Entry {
            direction,
            by,
            content: Content::text(*text),
            state: SendState::Read,
            error: None,
        });
    }
    if let Some(extra) = extra(index, contact, &agent, cast) {
        let place = entries.len().min(1 + index.rem_euclid(3));
        entries.insert(place, extra);
    }
    entries.extend(trouble(index, &agent));
    entries
}

fn inbound(contact: &Contact, content: Content) -> Entry {
    let (direction, by) = (Direction::Inbound, By::Contact(contact.id));
    Entry { direction, by, content, state: SendState::Read, error: None }
}

fn file(object: &MediaObject, caption: Option<&str>) -> Content {
    Content::Media(Media {
        kind: object.kind,
        media: Some(object.id),
        link: None,
        caption: caption.map(str::to_owned),
        filename: object.filename.clone(),
        voice: false,
    })
}

fn template(index: usize, contact: &Contact, cast: &Cast) -> Option<Entry> {
    let template = cast.templates.get(index.checked_rem(cast.templates.len())?)?;
    let keys = template.variables();
    let values = keys.into_iter().map(|v| (v.key, v.sample.unwrap_or_else(|| "10%".into())));
    let filled = template.fill(&Variables::from_pairs(values), Some(contact)).ok()?;
    let content = Content::Template(filled);
    Some(Entry {
        direction: Direction::Outbound,
        by: By::System,
        content,
        state: SendState::Delivered,
        error: None,
    })
}

/// Something that is no text, in some of the talks.
fn extra(index: usize, contact: &Contact, agent: &By, cast: &Cast) -> Option<Entry> {
    match index.rem_euclid(8) {
        1 => {
            let picture = cast.files.pictures.get(index.checked_rem(cast.files.pictures.len())?)?;
            Some(inbound(contact, file(picture, Some("This is how it arrived"))))
        }
        3 => Some(Entry {
            direction: Direction::Outbound,
            by: agent.clone(),
            content: file(&cast.files.document, None),
            state: SendState::Delivered,
            error: None,
        }),
        4 => Some(inbound(
            contact,
            Content::Location {
                latitude: -23.561,
                longitude: -46.656,
                name: Some("The corner café".into()),
                address: Some("Avenida Paulista 1578".into()),
            },
        )),
        6 => Some(inbound(
            contact,
            Content::Unsupported { reason: "This kind of message cannot be shown here".into() },
        )),
        _ => None,
    }
}

/// What went wrong at the end of some talks.
fn trouble(index: usize, agent: &By) -> Option<Entry> {
    let (text, state, error) = match index.rem_euclid(10) {
        7 => (
            "Your order is ready to be picked up.",
            SendState::Failed,
            Some(("META_131026", "This number cannot receive messages on WhatsApp.")),
        ),
        2 => ("We will write to you tomorrow.", SendState::Sent, None),
        9 => (
            "Shall we keep it for you?",
            SendState::Unconfirmed,
            Some(("UNCONFIRMED", "WhatsApp never told whether this message arrived.")),
        ),
        _ => return None,
    };
    let error =
        error.map(|(code, message)| SendError { code: code.into(), message: message.into() });
    Some(Entry {
        direction: Direction::Outbound,
        by: agent.clone(),
        content: Content::text(text),
        state,
        error,
    })
}
