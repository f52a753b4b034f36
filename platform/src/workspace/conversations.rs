//! The inbox: who sees which conversation, who answers it, how it stands. Never sends anything itself; a
//! read mark goes to Meta by a job.

use std::collections::HashMap;

use whatsapp_core::conversation::{AssigneeFilter, ConversationCounts, ConversationFilter};
use whatsapp_core::{
    Channel, Contact, Conversation, ConversationStatus, Direction, Event, Id, Page, PageRequest,
    Permission, User, text,
};
use whatsapp_storage::TenantTx;

use super::Workspace;
use super::messages::{MessageView, lines};
use crate::inbound::open_conversation;
use crate::jobs::Task;
use crate::work::Work;
use crate::{Actor, Error};

/// So far back the message is looked for that a read mark names.
const READ_LOOK: u32 = 50;

/// The tenant's conversations.
#[derive(Clone, Copy, Debug)]
pub struct Conversations<'w> {
    pub(super) workspace: &'w Workspace,
}

/// A conversation with everything that is shown with it.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationView {
    /// The conversation.
    pub conversation: Conversation,
    /// With whom.
    pub contact: Contact,
    /// Who answers, and that person's name.
    pub assignee: Option<(Id<User>, String)>,
    /// The last message, as lists show it: its place in the ledger, but no names, files and reactions.
    pub last: Option<MessageView>,
}

/// The permission by which this actor looks into the inbox.
pub(super) fn sight(actor: &Actor) -> Permission {
    if actor.grants().allow(Permission::InboxViewAll) {
        Permission::InboxViewAll
    } else {
        Permission::InboxViewAssigned
    }
}

/// The conversation, if there is one and this actor sees it: who may see only his own does not learn that
/// there are others.
pub(crate) async fn visible(
    work: &mut Work<'_>,
    actor: &Actor,
    id: Id<Conversation>,
) -> Result<Conversation, Error> {
    let found = work.conversations().find(id).await?;
    found.filter(|c| sees(actor, c)).ok_or(Error::NotFound("conversation"))
}

fn sees(actor: &Actor, conversation: &Conversation) -> bool {
    let own = conversation.assignee.is_some() && conversation.assignee == actor.user();
    actor.grants().allow(Permission::InboxViewAll)
        || (own && actor.grants().allow(Permission::InboxViewAssigned))
}

impl Conversations<'_> {
    /// Latest activity first. Who may see only his own gets only those, whatever the filter says. A page of a search may
    /// have fewer rows than asked for, even none, while `next` says that there is more to look at.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who sees no conversation at all; when the store fails.
    pub async fn page(
        &self,
        mut filter: ConversationFilter,
        page: PageRequest,
    ) -> Result<Page<ConversationView>, Error> {
        let actor = self.workspace.actor();
        let mut work = self.workspace.read(sight(actor)).await?;
        filter.search = filter.search.as_deref().map(text::fold);
        if !actor.grants().allow(Permission::InboxViewAll) {
            let own = actor.user().map(AssigneeFilter::User);
            let narrowed = match (filter.assignee, own) {
                (AssigneeFilter::Any, Some(own)) => Some(own),
                (asked, Some(own)) if asked == own => Some(own),
                _ => None,
            };
            let Some(narrowed) = narrowed else {
                return Ok(Page { items: Vec::new(), next: None });
            };
            filter.assignee = narrowed;
        }
        let page = work.conversations().page(&filter, &page).await?;
        Ok(Page { items: views(&mut *work, page.items).await?, next: page.next })
    }
    /// One of them.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or not for this actor; [`Error::Forbidden`] for who sees no
    /// conversation at all.
    pub async fn find(&self, id: Id<Conversation>) -> Result<ConversationView, Error> {
        let actor = self.workspace.actor();
        let mut work = self.workspace.read(sight(actor)).await?;
        let conversation = visible(&mut work, actor, id).await?;
        one(&mut *work, conversation).await
    }
    /// How many there are of each kind, of those that this actor sees.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who sees no conversation at all; when the store fails.
    pub async fn counts(&self, channel: Option<Id<Channel>>) -> Result<ConversationCounts, Error> {
        let actor = self.workspace.actor();
        let only_mine = !actor.grants().allow(Permission::InboxViewAll);
        let mut work = self.workspace.read(sight(actor)).await?;
        Ok(work.conversations().counts(channel, actor.user(), only_mine).await?)
    }
    /// The conversation between a contact and a channel, made if there is none; answers whether it is new.
    /// Who may see only his own is given the new one.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such contact or channel, or the conversation is somebody
    /// else's; [`Error::Forbidden`] without `inbox.reply`.
    pub async fn open(
        &self,
        contact: Id<Contact>,
        channel: Id<Channel>,
    ) -> Result<(ConversationView, bool), Error> {
        let actor = self.workspace.actor();
        let mut work = self.workspace.begin(Permission::InboxReply).await?;
        work.contacts().find(contact).await?.ok_or(Error::NotFound("contact"))?;
        work.channels().find(channel).await?.ok_or(Error::NotFound("channel"))?;
        let env = work.env().clone();
        let (found, new) =
            open_conversation(&env, &mut *work, channel, contact, ConversationStatus::Open).await?;
        let id = found.id;
        if new {
            if !sees(actor, &found) {
                work.conversations().assign(id, None, actor.user()).await?;
            }
            work.emit(Event::ConversationUpdated { conversation: id });
        }
        let conversation = visible(&mut work, actor, id).await?;
        let view = one(&mut *work, conversation).await?;
        work.commit().await?;
        Ok((view, new))
    }
    /// Says how it stands.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or not for this actor; [`Error::Forbidden`] without
    /// `inbox.reply`.
    pub async fn set_status(
        &self,
        id: Id<Conversation>,
        status: ConversationStatus,
    ) -> Result<ConversationView, Error> {
        let actor = self.workspace.actor();
        let mut work = self.workspace.begin(Permission::InboxReply).await?;
        let before = visible(&mut work, actor, id).await?;
        if before.status != status {
            work.conversations().set_status(id, status).await?;
            work.emit(Event::ConversationUpdated { conversation: id });
        }
        self.changed(work, id).await
    }
    /// Gives it to somebody, or to nobody. With `expected`, only if that is still who has it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or not for this actor; `ASSIGNEE_UNKNOWN` when the person is
    /// not in the team; `ASSIGNED_ELSEWHERE` when somebody else was faster; [`Error::Forbidden`] without
    /// `inbox.assign`.
    pub async fn assign(
        &self,
        id: Id<Conversation>,
        expected: Option<Option<Id<User>>>,
        to: Option<Id<User>>,
    ) -> Result<ConversationView, Error> {
        let actor = self.workspace.actor();
        let mut work = self.workspace.begin(Permission::InboxAssign).await?;
        let before = visible(&mut work, actor, id).await?;
        if let Some(user) = to
            && work.members().find(user).await?.is_none()
        {
            return Err(Error::invalid(
                "ASSIGNEE_UNKNOWN",
                "assignee_id",
                "this person is not in the team: choose somebody who is",
            ));
        }
        let elsewhere = || {
            Error::conflict(
                "ASSIGNED_ELSEWHERE",
                "somebody else changed who answers this conversation: reload it, then choose again",
            )
        };
        if expected.is_some_and(|expected| expected != before.assignee) {
            return Err(elsewhere());
        }
        if before.assignee != to {
            if !work.conversations().assign(id, expected, to).await? {
                return Err(elsewhere());
            }
            work.emit(Event::ConversationUpdated { conversation: id });
        }
        self.changed(work, id).await
    }
    /// Nothing is unread any more; the customer is told so by a job.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or not for this actor; [`Error::Forbidden`] without
    /// `inbox.reply`.
    pub async fn mark_read(&self, id: Id<Conversation>) -> Result<(), Error> {
        let mut work = self.workspace.begin(Permission::InboxReply).await?;
        let conversation = visible(&mut work, self.workspace.actor(), id).await?;
        if !work.conversations().mark_read(id).await? {
            return Ok(());
        }
        let recent = work.messages().timeline(id, &PageRequest::first(READ_LOOK)).await?.items;
        let latest = recent.into_iter().filter(|m| m.direction == Direction::Inbound);
        // A read mark for one message marks all before it.
        if let Some(wamid) = latest.filter_map(|m| m.wamid).next() {
            let task = Task::MarkRead { channel: conversation.channel, wamid };
            let now = work.env().now();
            let job = task.job(work.env(), now);
            work.schedule(job);
        }
        work.emit(Event::ConversationUpdated { conversation: id });
        work.commit().await
    }

    /// What an actor sees after his change. Giving a conversation away may end one's sight of it; the answer
    /// still shows how it was given.
    async fn changed(
        &self,
        mut work: Work<'_>,
        id: Id<Conversation>,
    ) -> Result<ConversationView, Error> {
        let found = work.conversations().find(id).await?;
        let view = one(&mut *work, found.ok_or(Error::NotFound("conversation"))?).await?;
        work.commit().await?;
        Ok(view)
    }
}

async fn one(tx: &mut dyn TenantTx, conversation: Conversation) -> Result<ConversationView, Error> {
    let missing = || Error::Internal("a conversation has no contact".into());
    views(tx, vec![conversation]).await?.pop().ok_or_else(missing)
}

/// Conversations as they are shown, in the order given, with as many questions for a page as for one.
pub(crate) async fn views(
    tx: &mut dyn TenantTx,
    conversations: Vec<Conversation>,
) -> Result<Vec<ConversationView>, Error> {
    if conversations.is_empty() {
        return Ok(Vec::new());
    }
    let people: Vec<_> = conversations.iter().map(|c| c.contact).collect();
    let contacts: HashMap<_, _> =
        tx.contacts().many(&people).await?.into_iter().map(|c| (c.id, c)).collect();
    let lasts: Vec<_> = conversations.iter().filter_map(|c| c.last_message).collect();
    let messages = tx.messages().many(&lasts).await?;
    let mut messages: HashMap<_, _> =
        lines(tx, messages).await?.into_iter().map(|v| (v.message.id, v)).collect();
    let mut names = HashMap::new();
    if conversations.iter().any(|c| c.assignee.is_some()) {
        names.extend(tx.members().list().await?.into_iter().map(|m| (m.user, m.name)));
    }
    let mut views = Vec::with_capacity(conversations.len());
    for conversation in conversations {
        // One contact has one conversation on each channel, so it may be wanted again.
        let Some(contact) = contacts.get(&conversation.contact) else { continue };
        let assignee =
            conversation.assignee.map(|id| (id, names.get(&id).cloned().unwrap_or_default()));
        let last = conversation.last_message.and_then(|id| messages.remove(&id));
        views.push(ConversationView { contact: contact.clone(), assignee, last, conversation });
    }
    Ok(views)
}
