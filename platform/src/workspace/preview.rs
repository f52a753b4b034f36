//! Looking ahead: what a campaign would come to, counted honestly, before anything is sent.

use std::collections::HashSet;

use whatsapp_core::{Audience, Contact, Id, Identity, Permission, Phone, Template, Variables};

use super::Campaigns;
use super::forecast::{Forecast, forecast};
use crate::Error;
use crate::campaign::{address_of, marketing_refused};

/// What a campaign would come to, if it started now.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// People of the audience, each part counted.
    pub selected: i64,
    /// Of these, named more than once.
    pub duplicates: i64,
    /// Of these, want no marketing.
    pub opted_out: i64,
    /// Of these, have no number.
    pub unreachable: i64,
    /// Of these, have no value for a variable without fallback.
    pub missing_values: i64,
    /// People who would get it.
    pub total: i64,
    /// Some of them, with their finished text.
    pub samples: Vec<Sample>,
    /// When it would have reached everybody.
    pub forecast: Forecast,
}

/// One person's finished text.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Who.
    pub name: String,
    /// The number.
    pub phone: Option<Phone>,
    /// The text.
    pub text: String,
}

const SAMPLES: usize = 5;
const STEP: u32 = 2_000;

impl Campaigns<'_> {
    /// Counts honestly what a campaign would come to, and shows some finished texts.
    ///
    /// # Errors
    /// `TEMPLATE_NOT_FOUND`; `TEMPLATE_VARIABLES` for a key that is no variable.
    pub async fn preview(
        &self,
        template: Id<Template>,
        audience: &Audience,
        variables: &Variables,
    ) -> Result<Preview, Error> {
        let mut work = self.workspace.read(Permission::CampaignsView).await?;
        let template = work.templates().find(template).await?.ok_or(Error::NotFound("template"))?;
        let mut preview = Preview::default();
        let mut seen = HashSet::new();
        for phone in &audience.phones {
            let identity = Identity { phone: Some(phone.clone()), bsuid: None };
            match work.contacts().by_identity(&identity).await? {
                Some(contact) => preview.count(&template, variables, &contact, &mut seen),
                None => preview.count_unknown(&template, variables, phone, &mut seen),
            }
        }
        let mut after = None;
        loop {
            let people = work.contacts().audience(audience, after, STEP).await?;
            for contact in &people {
                preview.count(&template, variables, contact, &mut seen);
            }
            match people.last() {
                Some(last) if u32::try_from(people.len()).unwrap_or(0) >= STEP => {
                    after = Some(last.id)
                }
                _ => break,
            }
        }
        let inner = &self.workspace.platform().0;
        let (pacing, now) = (&inner.settings.pacing, inner.env.now());
        preview.forecast =
            forecast(&mut *work, pacing, template.channel, preview.total, now).await?;
        Ok(preview)
    }
}

impl Preview {
    fn count(
        &mut self,
        template: &Template,
        variables: &Variables,
        contact: &Contact,
        seen: &mut HashSet<String>,
    ) {
        self.selected += 1;
        let Some(address) = address_of(contact) else {
            self.unreachable += 1;
            return;
        };
        if !seen.insert(address) {
            self.duplicates += 1;
        } else if marketing_refused(template, contact) {
            self.opted_out += 1;
        } else {
            self.fill(
                template,
                variables,
                Some(contact),
                contact.display_name(),
                contact.phone.clone(),
            );
        }
    }
    fn count_unknown(
        &mut self,
        template: &Template,
        variables: &Variables,
        phone: &Phone,
        seen: &mut HashSet<String>,
    ) {
        self.selected += 1;
        if seen.insert(phone.to_string()) {
            self.fill(template, variables, None, phone.to_string(), Some(phone.clone()));
        } else {
            self.duplicates += 1;
        }
    }
    fn fill(
        &mut self,
        template: &Template,
        variables: &Variables,
        contact: Option<&Contact>,
        name: String,
        phone: Option<Phone>,
    ) {
        match template.fill(variables, contact) {
            Ok(filled) => {
                self.total += 1;
                if self.samples.len() < SAMPLES {
                    self.samples.push(Sample { name, phone, text: filled.body });
                }
            }
            Err(_) => self.missing_values += 1, // counted, and shown as such: the person is left out with this reason
        }
    }
}
