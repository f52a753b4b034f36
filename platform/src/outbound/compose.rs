//! What a campaign says to one person: its template, or its fall-back, with the person's values. Pure; never judges
//! whether it may go out.

use whatsapp_core::message::TemplateContent;
use whatsapp_core::{
    By, Campaign, Contact, Content, Conversation, Direction, Id, Message, Send, SendError,
    Template, Timestamp, Variables,
};
use whatsapp_storage::repo::Unclaim;

use super::policy;

/// What a campaign's message is made of, each as far as it is still there.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) campaign: Option<&'a Campaign>,
    pub(super) template: Option<&'a Template>,
    pub(super) fallback: Option<&'a Template>,
    pub(super) contact: Option<&'a Contact>,
}

impl<'a> Parts<'a> {
    fn campaign(&self) -> Result<&'a Campaign, Unclaim> {
        self.campaign.ok_or_else(|| gone("campaign"))
    }
    fn template(&self) -> Result<&'a Template, Unclaim> {
        self.template.ok_or_else(|| gone("template"))
    }
    fn contact(&self) -> Result<&'a Contact, Unclaim> {
        self.contact.ok_or_else(|| gone("contact"))
    }
    /// The message of the first try, for the thread that `conversation` finds or makes for the contact.
    pub(super) fn message(
        &self,
        send: &Send,
        now: Timestamp,
        conversation: impl FnOnce(&Contact) -> Id<Conversation>,
    ) -> Result<Message, Unclaim> {
        let (campaign, template) = (self.campaign()?, self.template()?);
        let contact = self.contact()?;
        let filled = fill(template, &campaign.variables, contact)?;
        Ok(Message {
            id: send.message(),
            conversation: conversation(contact),
            contact: contact.id,
            channel: send.channel,
            direction: Direction::Outbound,
            content: Content::Template(filled),
            by: By::Campaign(campaign.id),
            wamid: None,
            reply_to_wamid: None,
            created_at: now,
        })
    }
    /// What the fall-back says; `None` where the message says it already. Whether it can stand in is asked at each try:
    /// Meta may have paused it, or made it marketing.
    pub(super) fn fallback(&self, said: &Content) -> Result<Option<Content>, Unclaim> {
        let (campaign, usual) = (self.campaign()?, self.template()?);
        let fallback = self.fallback.ok_or_else(|| gone("fallback"))?;
        let unfit = |error| Unclaim::Skip(policy::unfilled(&error));
        fallback.stands_in_for(usual).map_err(unfit)?;
        if policy::template_of(said) == Some(fallback.id) {
            return Ok(None);
        }
        let values = campaign.variables.for_template(fallback);
        Ok(Some(Content::Template(fill(fallback, &values, self.contact()?)?)))
    }
}

fn fill(
    template: &Template,
    values: &Variables,
    contact: &Contact,
) -> Result<TemplateContent, Unclaim> {
    let filled = template.fill(values, Some(contact));
    filled.map_err(|error| Unclaim::Skip(policy::unfilled(&error)))
}

fn gone(what: &str) -> Unclaim {
    let message = format!("The {what} was deleted before the message went out.");
    Unclaim::Skip(SendError { code: format!("{}_DELETED", what.to_uppercase()), message })
}
