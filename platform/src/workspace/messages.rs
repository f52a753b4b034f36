//! What is said: reading it, as people read it, and leaving notes. Sending stands in `outgoing`.

use std::collections::HashMap;

use whatsapp_core::{
    By, Content, Conversation, Direction, Event, Id, MediaObject, Message, Page, PageRequest,
    Permission, Send, SendState,
};
use whatsapp_storage::TenantTx;
use whatsapp_storage::repo::{Call, Touch};

use super::Workspace;
use super::conversations::{sight, visible};
use crate::Error;
use crate::work::Work;

/// The longest note.
const NOTE_MAX: usize = 4_096;

/// What is said in the tenant's conversations.
#[derive(Clone, Copy, Debug)]
pub struct Messages<'w> {
    pub(super) workspace: &'w Workspace,
}

/// A message with everything that is shown with it.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageView {
    /// The message.
    pub message: Message,
    /// Its line in the ledger, if it goes out.
    pub send: Option<Send>,
    /// Who wrote it; `None` for one who is gone, and for the platform itself.
    pub author_name: Option<String>,
    /// The message it answers, and that one's first line.
    pub reply_to: Option<(Id<Message>, String)>,
    /// The emoji on it: the latest of each side, those taken back left out.
    pub reactions: Vec<Message>,
    /// Its file.
    pub media: Option<MediaObject>,
}

impl MessageView {
    /// How far it came; `None` for incoming ones and notes.
    #[must_use]
    pub fn state(&self) -> Option<SendState> {
        self.send.as_ref().map(|send| send.state)
    }
    fn bare(message: Message) -> Self {
        Self {
            message,
            send: None,
            author_name: None,
            reply_to: None,
            reactions: Vec::new(),
            media: None,
        }
    }
    /// Meta's id: of an outgoing one the ledger knows it.
    fn wamid(&self) -> Option<&str> {
        let sent = self.send.as_ref().and_then(|send| send.wamid.as_deref());
        self.message.wamid.as_deref().or(sent)
    }
}

impl Messages<'_> {
    /// Newest first. Reactions stand at the messages they are on.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such conversation, or not for this actor; [`Error::Forbidden`]
    /// for who sees no conversation at all.
    pub async fn timeline(
        &self,
        conversation: Id<Conversation>,
        page: PageRequest,
    ) -> Result<Page<MessageView>, Error> {
        let mut work = self.look().await?;
        visible(&mut work, self.workspace.actor(), conversation).await?;
        let page = work.messages().timeline(conversation, &page).await?;
        Ok(Page { items: views(&mut *work, page.items).await?, next: page.next })
    }
    /// One of them.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or not for this actor; [`Error::Forbidden`] for who sees no
    /// conversation at all.
    pub async fn find(&self, id: Id<Message>) -> Result<MessageView, Error> {
        let mut work = self.look().await?;
        let message = work.messages().find(id).await?.ok_or(Error::NotFound("message"))?;
        let seen = visible(&mut work, self.workspace.actor(), message.conversation).await;
        seen.map_err(|error| match error {
            Error::NotFound(_) => Error::NotFound("message"),
            other => other,
        })?;
        one(&mut *work, message).await
    }
    /// Those of them that exist and that this actor sees, in the order asked for.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who sees no conversation at all; when the store fails.
    pub async fn views(&self, ids: &[Id<Message>]) -> Result<Vec<MessageView>, Error> {
        let mut work = self.look().await?;
        let mut found = work.messages().many(ids).await?;
        if !self.workspace.actor().grants().allow(Permission::InboxViewAll) {
            let mut seen: HashMap<Id<Conversation>, bool> = HashMap::new();
            for message in &found {
                let place = message.conversation;
                if seen.contains_key(&place) {
                    continue;
                }
                let answer = visible(&mut work, self.workspace.actor(), place).await;
                let sees = match answer {
                    Ok(_) => true,
                    Err(Error::NotFound(_)) => false,
                    Err(other) => return Err(other),
                };
                seen.insert(place, sees);
            }
            found.retain(|message| seen.get(&message.conversation) == Some(&true));
        }
        let place: HashMap<_, _> = ids.iter().enumerate().map(|(n, id)| (*id, n)).collect();
        found.sort_by_key(|message| place.get(&message.id).copied());
        views(&mut *work, found).await
    }
    /// Leaves a note that only the team sees.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such conversation, or not for this actor; `NOTE_TEXT` when the
    /// text is blank or longer than 4,096 characters; [`Error::Forbidden`] without `inbox.reply`.
    pub async fn note(
        &self,
        conversation: Id<Conversation>,
        text: &str,
        call: Option<&Call>,
    ) -> Result<MessageView, Error> {
        let actor = self.workspace.actor();
        let mut work = self.workspace.begin(Permission::InboxReply).await?;
        let place = visible(&mut work, actor, conversation).await?;
        if let Some(made) = work.claim(call).await? {
            let found = work.messages().find(made.parse()?).await?;
            return one(&mut *work, found.ok_or(Error::NotFound("message"))?).await;
        }
        if text.trim().is_empty() || text.chars().count() > NOTE_MAX {
            return Err(Error::invalid("NOTE_TEXT", "text", "write 1 to 4,096 characters"));
        }
        let now = work.env().now();
        let message = Message {
            id: work.env().id(),
            conversation,
            contact: place.contact,
            channel: place.channel,
            direction: Direction::Note,
            content: Content::text(text),
            by: actor.by().clone(),
            wamid: None,
            reply_to_wamid: None,
            created_at: now,
        };
        work.messages().insert(&message).await?;
        let touch = Touch { id: conversation, message: message.id, at: now, inbound: false };
        work.conversations().touch(&touch).await?;
        work.made(call, message.id).await?;
        work.emit(Event::MessageCreated { conversation, message: message.id });
        let view = one(&mut *work, message).await?;
        work.commit().await?;
        Ok(view)
    }

    /// What this actor wrote just now. A program that may only send sees nothing else of the inbox.
    pub(super) async fn written(&self, id: Id<Message>) -> Result<MessageView, Error> {
        let mut work = self.workspace.read(Permission::InboxReply).await?;
        let message = work.messages().find(id).await?.ok_or(Error::NotFound("message"))?;
        one(&mut *work, message).await
    }
    async fn look(&self) -> Result<Work<'_>, Error> {
        self.workspace.read(sight(self.workspace.actor())).await
    }
}

/// One message as it is shown.
pub(crate) async fn one(tx: &mut dyn TenantTx, message: Message) -> Result<MessageView, Error> {
    let missing = || Error::Internal("a message has no view".into());
    views(tx, vec![message]).await?.pop().ok_or_else(missing)
}

/// Messages as they are shown, in the order given. The number of questions to the store does not grow with
/// the number of messages, but for answers to messages that are not among them.
pub(crate) async fn views(
    tx: &mut dyn TenantTx,
    messages: Vec<Message>,
) -> Result<Vec<MessageView>, Error> {
    let mut views = lines(tx, messages).await?;
    name_authors(tx, &mut views).await?;
    find_files(tx, &mut views).await?;
    find_answered(tx, &mut views).await?;
    find_reactions(tx, &mut views).await?;
    Ok(views)
}

/// Messages as lists show them: with their place in the ledger, without names, files, answers and reactions.
pub(crate) async fn lines(
    tx: &mut dyn TenantTx,
    messages: Vec<Message>,
) -> Result<Vec<MessageView>, Error> {
    let outgoing: Vec<Id<Send>> = messages
        .iter()
        .filter(|message| message.direction == Direction::Outbound)
        .map(|message| message.id.cast())
        .collect();
    let sends = if outgoing.is_empty() { Vec::new() } else { tx.sends().many(&outgoing).await? };
    let mut sends: HashMap<_, _> = sends.into_iter().map(|send| (send.message(), send)).collect();
    let views = messages.into_iter().map(|message| {
        let send = sends.remove(&message.id);
        MessageView { send, ..MessageView::bare(message) }
    });
    Ok(views.collect())
}

async fn name_authors(tx: &mut dyn TenantTx, views: &mut [MessageView]) -> Result<(), Error> {
    let by = |wanted: fn(&By) -> bool| views.iter().any(|view| wanted(&view.message.by));
    let mut names: HashMap<String, String> = HashMap::new();
    if by(|by| matches!(by, By::User(_))) {
        let team = tx.members().list().await?;
        names.extend(team.into_iter().map(|member| (member.user.to_string(), member.name)));
    }
    if by(|by| matches!(by, By::ApiKey(_))) {
        let keys = tx.api_keys().list().await?;
        names.extend(keys.into_iter().map(|key| (key.id.to_string(), key.name)));
    }
    let mut people = Vec::new();
    let mut campaigns = Vec::new();
    for view in views.iter() {
        match view.message.by {
            By::Contact(id) if !people.contains(&id) => people.push(id),
            By::Campaign(id) if !campaigns.contains(&id) => campaigns.push(id),
            _ => {}
        }
    }
    if !people.is_empty() {
        let contacts = tx.contacts().many(&people).await?;
        names.extend(contacts.into_iter().map(|c| (c.id.to_string(), c.display_name())));
    }
    for id in campaigns {
        if let Some(campaign) = tx.campaigns().find(id).await? {
            names.insert(id.to_string(), campaign.name);
        }
    }
    for view in views {
        view.author_name = match view.message.by {
            By::User(id) => names.get(&id.to_string()).cloned(),
            By::ApiKey(id) => names.get(&id.to_string()).cloned(),
            By::Contact(id) => names.get(&id.to_string()).cloned(),
            By::Campaign(id) => names.get(&id.to_string()).cloned(),
            By::System => None,
        };
    }
    Ok(())
}

async fn find_files(tx: &mut dyn TenantTx, views: &mut [MessageView]) -> Result<(), Error> {
    let file = |view: &MessageView| match &view.message.content {
        Content::Media(media) => media.media,
        _ => None,
    };
    let ids: Vec<_> = views.iter().filter_map(file).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let files: HashMap<_, _> =
        tx.media().many(&ids).await?.into_iter().map(|f| (f.id, f)).collect();
    for view in views {
        view.media = file(view).and_then(|id| files.get(&id)).cloned();
    }
    Ok(())
}

async fn find_answered(tx: &mut dyn TenantTx, views: &mut [MessageView]) -> Result<(), Error> {
    let mut known = HashMap::new();
    for view in views.iter() {
        if let Some(wamid) = view.wamid() {
            let line = (view.message.id, view.message.content.preview());
            known.insert((view.message.channel, wamid.to_owned()), Some(line));
        }
    }
    for view in views {
        let Some(wamid) = view.message.reply_to_wamid.clone() else { continue };
        let key = (view.message.channel, wamid);
        if !known.contains_key(&key) {
            let found = tx.messages().by_wamid(key.0, &key.1).await?;
            known.insert(key.clone(), found.map(|m| (m.id, m.content.preview())));
        }
        view.reply_to = known.get(&key).cloned().flatten();
    }
    Ok(())
}

async fn find_reactions(tx: &mut dyn TenantTx, views: &mut [MessageView]) -> Result<(), Error> {
    let mut places: HashMap<Id<Conversation>, Vec<String>> = HashMap::new();
    for view in views.iter() {
        if let Some(wamid) = view.wamid() {
            places.entry(view.message.conversation).or_default().push(wamid.to_owned());
        }
    }
    // The latest of each side wins: a second emoji replaces the first, an empty one takes it back.
    let mut latest: HashMap<(Id<Conversation>, String), [Option<Message>; 2]> = HashMap::new();
    for (conversation, wamids) in places {
        for reaction in tx.messages().reactions(conversation, &wamids).await? {
            if let Content::Reaction { wamid, .. } = &reaction.content {
                let key = (conversation, wamid.clone());
                let [theirs, ours] = latest.entry(key).or_default();
                let side = if reaction.direction == Direction::Inbound { theirs } else { ours };
                *side = Some(reaction);
            }
        }
    }
    let stands =
        |m: &Message| matches!(&m.content, Content::Reaction { emoji, .. } if !emoji.is_empty());
    for view in views {
        let Some(wamid) = view.wamid().map(str::to_owned) else { continue };
        if let Some(sides) = latest.remove(&(view.message.conversation, wamid)) {
            view.reactions = sides.into_iter().flatten().filter(stands).collect();
        }
    }
    Ok(())
}
