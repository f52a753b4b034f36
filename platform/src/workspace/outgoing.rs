//! Sending by hand and by program: an intent in the ledger. The pump sends it; the answer is in the inbox
//! before Meta has it.

use whatsapp_core::send::Priority;
use whatsapp_core::template::Category;
use whatsapp_core::{
    Channel, Contact, Content, Conversation, Direction, Event, Id, Message, Permission, Send,
    SendState, Template, Timestamp, Variables,
};
use whatsapp_storage::repo::{Call, Touch};

use super::destination::{Destination, reach};
use super::messages::MessageView;
use super::{Messages, limits};
use crate::campaign::address_of;
use crate::outbound::count;
use crate::work::Work;
use crate::{Actor, Error};

impl Messages<'_> {
    /// Sends a message in a conversation.
    ///
    /// # Errors
    /// `WINDOW_CLOSED` when the contact last wrote more than 24 hours ago; `MESSAGE_INVALID` with the field;
    /// `CHANNEL_DISCONNECTED`; `CONVERSATION_NOT_FOUND`.
    pub async fn send(
        &self,
        conversation: Id<Conversation>,
        content: Content,
        reply_to: Option<Id<Message>>,
        call: Option<&Call>,
    ) -> Result<MessageView, Error> {
        self.say(Place::Conversation(conversation), What::Content { content, reply_to }, call).await
    }

    /// Sends an approved template in a conversation, whether the window is open or not.
    ///
    /// # Errors
    /// `TEMPLATE_NOT_APPROVED`, `TEMPLATE_VARIABLES` with the field, `TEMPLATE_NOT_FOUND`, `CONVERSATION_NOT_FOUND`.
    pub async fn send_template(
        &self,
        conversation: Id<Conversation>,
        template: Id<Template>,
        variables: Variables,
        call: Option<&Call>,
    ) -> Result<MessageView, Error> {
        self.say(Place::Conversation(conversation), What::Template { template, variables }, call)
            .await
    }

    /// Sends a message to a number or contact: what programs do.
    ///
    /// # Errors
    /// As [`Messages::send`]; `CHANNEL_REQUIRED` when the tenant has several numbers and none is named.
    pub async fn send_to(
        &self,
        to: Destination,
        content: Content,
        call: Option<&Call>,
    ) -> Result<MessageView, Error> {
        self.say(Place::Destination(to), What::Content { content, reply_to: None }, call).await
    }

    /// Sends an approved template to a number or contact. `template` is its name or our id; `language` chooses
    /// among several.
    ///
    /// # Errors
    /// As [`Messages::send_template`]; `TEMPLATE_LANGUAGE` when the name has several languages and none is named.
    pub async fn send_template_to(
        &self,
        to: Destination,
        template: &str,
        language: Option<&str>,
        variables: Variables,
        call: Option<&Call>,
    ) -> Result<MessageView, Error> {
        self.say(Place::Destination(to), What::Named { template, language, variables }, call).await
    }

    /// Sends again, as a new message, what failed or was never confirmed. Only a person can do this.
    ///
    /// # Errors
    /// `NOT_RESENDABLE` for any other state; else as [`Messages::send`].
    pub async fn resend(
        &self,
        message: Id<Message>,
        call: Option<&Call>,
    ) -> Result<MessageView, Error> {
        self.say(Place::OfMessage(message), What::Again(message), call).await
    }

    /// The one way: once for each call, where and what are looked up, then it stands in the ledger.
    async fn say(
        &self,
        place: Place,
        what: What<'_>,
        call: Option<&Call>,
    ) -> Result<MessageView, Error> {
        let mut work = self.workspace.begin(Permission::InboxReply).await?;
        if let Some(before) = work.claim(call).await? {
            drop(work);
            return self.written(before.parse()?).await;
        }
        let actor = &self.workspace.actor;
        let priority = place.priority();
        let (conversation, contact, channel) = place.find(&mut work, actor).await?;
        let (content, reply_to) = what.content(&mut work, &channel, &contact).await?;
        let intent = Intent { conversation, contact, channel, content, reply_to, priority };
        let id = queue(&mut work, actor, intent).await?;
        work.made(call, id).await?;
        work.commit().await?;
        self.written(id).await
    }
}

/// Where something is to be sent.
enum Place {
    /// In a conversation that the actor sees.
    Conversation(Id<Conversation>),
    /// In the conversation of a message that did not get through.
    OfMessage(Id<Message>),
    /// To a number or contact.
    Destination(Destination),
}

impl Place {
    /// Somebody waits for an agent's word; a program's may wait for that.
    const fn priority(&self) -> Priority {
        match self {
            Self::Conversation(_) | Self::OfMessage(_) => Priority::Interactive,
            Self::Destination(_) => Priority::Transactional,
        }
    }
    async fn find(
        self,
        work: &mut Work<'_>,
        actor: &Actor,
    ) -> Result<(Conversation, Contact, Channel), Error> {
        match self {
            Self::Conversation(id) => seen(work, actor, id).await,
            Self::OfMessage(id) => {
                let old = work.messages().find(id).await?.ok_or(Error::NotFound("message"))?;
                check_resendable(work, id).await?;
                seen(work, actor, old.conversation).await
            }
            Self::Destination(to) => reach(work, &to).await,
        }
    }
}

/// What is to be sent.
enum What<'a> {
    /// This, perhaps as an answer to a message.
    Content { content: Content, reply_to: Option<Id<Message>> },
    /// A template, filled.
    Template { template: Id<Template>, variables: Variables },
    /// A template by its name or our id, filled.
    Named { template: &'a str, language: Option<&'a str>, variables: Variables },
    /// What a message said.
    Again(Id<Message>),
}

impl What<'_> {
    async fn content(
        self,
        work: &mut Work<'_>,
        channel: &Channel,
        contact: &Contact,
    ) -> Result<(Content, Option<Id<Message>>), Error> {
        let content = match self {
            Self::Content { content, reply_to } => return Ok((content, reply_to)),
            Self::Template { template, variables } => {
                let template = work.templates().find(template).await?;
                let template = template.ok_or(Error::NotFound("template"))?;
                filled(&template, channel, &variables, contact)?
            }
            Self::Named { template, language, variables } => {
                let template = named_template(work, channel, template, language).await?;
                filled(&template, channel, &variables, contact)?
            }
            Self::Again(id) => {
                work.messages().find(id).await?.ok_or(Error::NotFound("message"))?.content
            }
        };
        Ok((content, None))
    }
}

async fn check_resendable(work: &mut Work<'_>, id: Id<Message>) -> Result<(), Error> {
    let line = work.sends().many(&[id.cast()]).await?.pop().ok_or(Error::NotFound("message"))?;
    if line.state.is_resendable() {
        return Ok(());
    }
    let why = format!("a message that is {} cannot be sent again", line.state.as_str());
    Err(Error::conflict("NOT_RESENDABLE", why))
}

struct Intent {
    conversation: Conversation,
    contact: Contact,
    channel: Channel,
    content: Content,
    reply_to: Option<Id<Message>>,
    priority: Priority,
}

/// A conversation the actor may see, with its contact and channel.
async fn seen(
    work: &mut Work<'_>,
    actor: &Actor,
    id: Id<Conversation>,
) -> Result<(Conversation, Contact, Channel), Error> {
    let conversation =
        work.conversations().find(id).await?.ok_or(Error::NotFound("conversation"))?;
    let all = actor.grants().allow(Permission::InboxViewAll);
    if !all && (actor.user().is_none() || conversation.assignee != actor.user()) {
        return Err(Error::NotFound("conversation"));
    }
    let contact =
        work.contacts().find(conversation.contact).await?.ok_or(Error::NotFound("contact"))?;
    let channel =
        work.channels().find(conversation.channel).await?.ok_or(Error::NotFound("channel"))?;
    Ok((conversation, contact, channel))
}

async fn named_template(
    work: &mut Work<'_>,
    channel: &Channel,
    template: &str,
    language: Option<&str>,
) -> Result<Template, Error> {
    let normal = language.map(|l| l.replace('-', "_"));
    if let Ok(id) = template.parse::<Id<Template>>() {
        let found = work.templates().find(id).await?;
        let found = found.filter(|t| normal.as_ref().is_none_or(|l| t.language == *l));
        return found.ok_or(Error::NotFound("template"));
    }
    let mut found = work.templates().by_name(Some(channel.id), template).await?;
    found.retain(|t| normal.as_ref().is_none_or(|l| t.language == *l));
    match found.len() {
        0 => Err(Error::NotFound("template")),
        1 => found.pop().ok_or(Error::NotFound("template")),
        _ => Err(Error::invalid(
            "TEMPLATE_LANGUAGE",
            "language",
            "this template has several languages: say which one",
        )),
    }
}

fn filled(
    template: &Template,
    channel: &Channel,
    variables: &Variables,
    contact: &Contact,
) -> Result<Content, Error> {
    if template.channel != channel.id {
        return Err(Error::NotFound("template"));
    }
    template.may_send()?;
    Ok(Content::Template(template.fill(variables, Some(contact))?))
}

/// Writes message and ledger line; the pump does the rest.
async fn queue(work: &mut Work<'_>, actor: &Actor, intent: Intent) -> Result<Id<Message>, Error> {
    let now = work.env().now();
    intent.channel.may_send()?;
    if intent.content.needs_open_window() && !intent.conversation.window().is_open(now) {
        return Err(Error::conflict(
            "WINDOW_CLOSED",
            "this person last wrote more than 24 hours ago: send an approved template",
        ));
    }
    let mut content = intent.content;
    limits::check(work, &mut content, &intent.channel).await?;
    let address = address_of(&intent.contact).ok_or_else(|| {
        Error::conflict("CONTACT_UNREACHABLE", "this contact has no phone number")
    })?;
    let reply_to_wamid = match intent.reply_to {
        Some(id) => answered(work, &intent.conversation, id).await?,
        None => None,
    };
    let is_code = carries_code(work, &content).await?;
    let message = Message {
        id: work.env().id(),
        conversation: intent.conversation.id,
        contact: intent.contact.id,
        channel: intent.channel.id,
        direction: Direction::Outbound,
        content,
        by: actor.by().clone(),
        wamid: None,
        reply_to_wamid,
        created_at: now,
    };
    let send = Send {
        id: message.id.cast(),
        channel: intent.channel.id,
        contact: intent.contact.id,
        address,
        campaign: None,
        priority: intent.priority,
        is_code,
        state: SendState::Queued,
        attempt: None,
        attempts: 0,
        // It waits for nothing, whatever the clocks of other nodes say.
        not_before: Timestamp::ZERO,
        epoch: 0,
        wamid: None,
        error: None,
        created_at: now,
        updated_at: now,
        timeline: vec![(SendState::Queued, now)],
    };
    work.messages().insert(&message).await?;
    work.sends().insert(&[send]).await?;
    count(SendState::Queued, 1);
    work.conversations()
        .touch(&Touch { id: intent.conversation.id, message: message.id, at: now, inbound: false })
        .await?;
    work.emit(Event::MessageCreated { conversation: intent.conversation.id, message: message.id });
    Ok(message.id)
}

/// Whether it is a one-time code: a template of the category authentication.
async fn carries_code(work: &mut Work<'_>, content: &Content) -> Result<bool, Error> {
    let Content::Template(filled) = content else { return Ok(false) };
    let template = work.templates().find(filled.template).await?;
    Ok(template.is_some_and(|template| template.category == Category::Authentication))
}

/// Meta's id of the message that is answered.
async fn answered(
    work: &mut Work<'_>,
    conversation: &Conversation,
    id: Id<Message>,
) -> Result<Option<String>, Error> {
    let message = work.messages().find(id).await?.filter(|m| m.conversation == conversation.id);
    let message = message.ok_or_else(|| {
        Error::invalid("REPLY_TO", "reply_to", "there is no such message in this conversation")
    })?;
    if message.wamid.is_some() {
        return Ok(message.wamid);
    }
    Ok(work.sends().many(&[id.cast()]).await?.pop().and_then(|send| send.wamid))
}
