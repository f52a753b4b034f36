//! Makes the list of people, some thousand in each short transaction, each person once. A crash repeats one
//! step, and the repetition adds nobody.

use whatsapp_core::send::{Priority, SendError};
use whatsapp_core::template::Category;
use whatsapp_core::{
    By, Campaign, CampaignStatus, Contact, ContactSource, Counts, Event, Id, Identity, NewContact,
    Phone, Send, SendState, Template, Tenant, Timestamp,
};
use whatsapp_storage::repo::NewRecipient;
use whatsapp_storage::{Mode, TenantTx};

use crate::Error;
use crate::jobs::{Done, Task};
use crate::outbound;
use crate::platform::Inner;
use crate::work::Said;

/// So many people in one transaction.
const STEP: u32 = 2_000;

/// Where messages to a person go: the number, else the business-scoped id.
pub(crate) fn address_of(contact: &Contact) -> Option<String> {
    contact.phone.as_ref().map(Phone::to_string).or_else(|| contact.bsuid.clone())
}

/// Whether the person must not get this template.
pub(crate) fn marketing_refused(template: &Template, contact: &Contact) -> bool {
    template.category == Category::Marketing && !contact.accepts_marketing()
}

pub(crate) async fn expand(
    inner: &Inner,
    tenant: Id<Tenant>,
    campaign: Id<Campaign>,
    after: Option<Id<Contact>>,
) -> Result<Done, Error> {
    let mut tx = inner.store.tenant(tenant, Mode::Write).await?;
    let Some(mut campaign) = tx.campaigns().find(campaign).await? else { return Ok(Done::Done) };
    // Paused or cancelled meanwhile: resuming schedules this step again. The update holds the campaign until
    // this step has committed, so that nobody cancels it in between.
    let seen = campaign.revision;
    if campaign.status != CampaignStatus::Preparing
        || !tx.campaigns().update(&campaign, seen).await?
    {
        return Ok(Done::Done);
    }
    let mut said = Said::default();
    let Some(template) = tx.templates().find(campaign.template).await? else {
        let seen = campaign.revision;
        campaign.fail("The template was deleted.".into(), inner.env.now())?;
        tx.campaigns().update(&campaign, seen).await?;
        said.emit(Event::CampaignUpdated { campaign: campaign.id, status: campaign.status });
        return finish(inner, tx, said, Done::Done).await;
    };
    if after.is_none() {
        let typed = typed_numbers(inner, &mut *tx, &mut said, &campaign.audience.phones).await?;
        add(inner, &mut *tx, &campaign, &template, &typed).await?;
    }
    let people = tx.contacts().audience(&campaign.audience, after, STEP).await?;
    add(inner, &mut *tx, &campaign, &template, &people).await?;
    let last = people
        .last()
        .map(|c| c.id)
        .filter(|_| u32::try_from(people.len()).unwrap_or(u32::MAX) >= STEP);
    let done = match last {
        Some(last) => Done::Next(Task::ExpandCampaign { campaign: campaign.id, after: Some(last) }),
        None => {
            let seen = campaign.revision;
            campaign.prepared(inner.env.now())?;
            tx.campaigns().update(&campaign, seen).await?;
            said.emit(Event::CampaignUpdated { campaign: campaign.id, status: campaign.status });
            Done::Done
        }
    };
    finish(inner, tx, said, done).await
}

async fn finish(
    inner: &Inner,
    mut tx: Box<dyn TenantTx>,
    mut said: Said,
    done: Done,
) -> Result<Done, Error> {
    said.write(&mut *tx, &By::System, &inner.env).await?;
    tx.commit().await?;
    inner.wake.all();
    Ok(done)
}

/// The contacts of numbers that somebody typed; unknown ones are made.
async fn typed_numbers(
    inner: &Inner,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    phones: &[Phone],
) -> Result<Vec<Contact>, Error> {
    let mut people = Vec::with_capacity(phones.len());
    for phone in phones {
        let identity = Identity { phone: Some(phone.clone()), bsuid: None };
        let contact = match tx.contacts().by_identity(&identity).await? {
            Some(known) => known,
            None => {
                let contact = Contact::new(
                    NewContact::with_phone(phone.clone()),
                    ContactSource::Manual,
                    &inner.env,
                )?;
                if tx.contacts().insert(&contact).await? {
                    said.emit(Event::ContactCreated { contact: contact.id });
                    contact
                } else {
                    // Made by somebody else this moment.
                    let made = tx.contacts().by_identity(&identity).await?;
                    made.ok_or_else(|| {
                        Error::Internal("a contact neither exists nor can be made".into())
                    })?
                }
            }
        };
        people.push(contact);
    }
    Ok(people)
}

/// Adds people with their ledger lines, and counts them, all in the caller's transaction.
async fn add(
    inner: &Inner,
    tx: &mut dyn TenantTx,
    campaign: &Campaign,
    template: &Template,
    people: &[Contact],
) -> Result<(), Error> {
    let reachable: Vec<_> =
        people.iter().filter_map(|contact| Some((contact, address_of(contact)?))).collect();
    let wanted: Vec<_> = reachable
        .iter()
        .map(|(contact, address)| NewRecipient {
            contact: contact.id,
            address: address.clone(),
            send: inner.env.id(),
        })
        .collect();
    let added: std::collections::HashSet<_> =
        tx.recipients().add(campaign.id, &wanted).await?.into_iter().collect();
    let now = inner.env.now();
    let mut counts = Counts::default();
    let mut lines = Vec::with_capacity(added.len());
    for ((contact, address), recipient) in
        reachable.into_iter().zip(&wanted).filter(|(_, r)| added.contains(&r.send))
    {
        let refused = marketing_refused(template, contact);
        let state = if refused { SendState::Skipped } else { SendState::Queued };
        counts.total += 1;
        counts.enter(state);
        lines.push(Send {
            id: recipient.send,
            channel: campaign.channel,
            contact: contact.id,
            address,
            campaign: Some(campaign.id),
            priority: Priority::Campaign,
            is_code: template.category == Category::Authentication,
            state,
            attempt: None,
            attempts: 0,
            // It waits for nothing, whatever the clocks of other nodes say.
            not_before: Timestamp::ZERO,
            epoch: 0,
            wamid: None,
            error: refused.then(|| SendError {
                code: "OPTED_OUT".into(),
                message: "This person wants no marketing.".into(),
            }),
            created_at: now,
            updated_at: now,
            timeline: vec![(state, now)],
        });
    }
    if !lines.is_empty() {
        tx.sends().insert(&lines).await?;
        let queued = lines.iter().filter(|line| line.state == SendState::Queued).count();
        outbound::count(SendState::Queued, queued);
        outbound::count(SendState::Skipped, lines.len() - queued);
        tx.campaigns().add_counts(campaign.id, &counts).await?;
    }
    Ok(())
}
