//! By which ways a campaign may reach somebody: whether what its rules name can be sent, and by which way each person
//! was tried. The ladder itself is core's. Never sends.

use std::collections::HashMap;

use whatsapp_core::campaign::{CampaignRules, GaveUp, Route};
use whatsapp_core::{Campaign, Id, Recipient, Send, SendError, SendState, Template};

use crate::Error;
use crate::work::Work;

/// A person of a campaign as people see him.
#[derive(Clone, Debug, PartialEq)]
pub struct RecipientView {
    /// The person, and how far the message came.
    pub recipient: Recipient,
    /// By which way the latest try went, or the next one goes if none is under way.
    pub route: Route,
    /// Why the campaign gave him up, where that is more than why the latest try failed.
    pub gave_up: Option<GaveUp>,
}

/// Checks the ways that rules name against what is sent; answers the fall-back, if they name one.
pub(super) async fn checked_ways(
    work: &mut Work<'_>,
    rules: &CampaignRules,
    usual: &Template,
) -> Result<Option<Template>, Error> {
    rules.check_ways(usual)?;
    let Some(id) = rules.fallback_template else { return Ok(None) };
    let no = |why: &str| Error::invalid("CAMPAIGN_FALLBACK", "rules.fallback_template_id", why);
    let Some(fallback) = work.templates().find(id).await? else {
        return Err(no("the fall-back was deleted: choose another template, or none"));
    };
    if !same_account(work, &fallback, usual).await? {
        return Err(no("the fall-back belongs to another account than the campaign's template"));
    }
    fallback.stands_in_for(usual)?;
    Ok(Some(fallback))
}

async fn same_account(work: &mut Work<'_>, a: &Template, b: &Template) -> Result<bool, Error> {
    if a.channel == b.channel {
        return Ok(true);
    }
    let (a, b) = (work.channels().find(a.channel).await?, work.channels().find(b.channel).await?);
    Ok(a.zip(b).is_some_and(|(a, b)| a.waba_id == b.waba_id))
}

/// People with the ways by which they were tried. Asks for earlier tries only where there can be some.
pub(super) async fn recipient_views(
    work: &mut Work<'_>,
    campaign: &Campaign,
    people: Vec<Recipient>,
) -> Result<Vec<RecipientView>, Error> {
    let rules = campaign.rules;
    let mut before: HashMap<Id<Send>, Vec<SendError>> = HashMap::new();
    if rules.tries_again() {
        let ids: Vec<_> = people.iter().map(|person| person.send).collect();
        for past in work.attempts().past(&ids).await? {
            before.entry(past.send).or_default().extend(past.error);
        }
    }
    let view = |recipient: Recipient| {
        let before = before.get(&recipient.send).map_or(&[][..], Vec::as_slice);
        let error = recipient.error.as_ref().filter(|_| recipient.state == SendState::Failed);
        RecipientView {
            route: rules.route(before),
            gave_up: error.and_then(|error| rules.gave_up(error, before)),
            recipient,
        }
    };
    Ok(people.into_iter().map(view).collect())
}
