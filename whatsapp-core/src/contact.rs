//! A person, known by phone, by Meta's business-scoped id, or both.

use std::collections::BTreeMap;

use crate::channel::words;
use crate::{Email, Env, Error, Group, Id, Phone, Timestamp};

/// A person the tenant talks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The person's id.
    pub id: Id<Self>,
    /// The name; the profile name until somebody gives a better one.
    pub name: Option<String>,
    /// The number, if known. Unique in the tenant.
    pub phone: Option<Phone>,
    /// Meta's business-scoped user id, if known: people with a username may have only this. Unique in the tenant.
    pub bsuid: Option<String>,
    /// The address, if known.
    pub email: Option<Email>,
    /// Labels, sorted, without doubles.
    pub tags: Vec<String>,
    /// The tenant's own fields.
    pub fields: BTreeMap<String, String>,
    /// Since when the person wants no marketing.
    pub opted_out_at: Option<Timestamp>,
    /// How the person came to us.
    pub source: ContactSource,
    /// Since when.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}

words! {
    /// How a contact came to be.
    ContactSource {
        /// Wrote to us.
        Message = "message",
        /// Added by a program.
        Api = "api",
        /// Added by hand.
        Manual = "manual",
        /// Part of demonstration data.
        Seed = "seed",
    }
}

/// What finds a person: the two handles by which Meta names senders.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Identity {
    /// The number.
    pub phone: Option<Phone>,
    /// The business-scoped user id.
    pub bsuid: Option<String>,
}

/// A contact to be made or, if the number is known already, changed.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct NewContact {
    /// See [`Contact::name`].
    pub name: Option<String>,
    /// See [`Contact::phone`].
    pub phone: Option<Phone>,
    /// See [`Contact::bsuid`].
    pub bsuid: Option<String>,
    /// See [`Contact::email`].
    pub email: Option<Email>,
    /// See [`Contact::tags`].
    pub tags: Vec<String>,
    /// See [`Contact::fields`].
    pub fields: BTreeMap<String, String>,
}

impl NewContact {
    /// A person with this number.
    #[must_use]
    pub fn with_phone(phone: Phone) -> Self {
        Self { phone: Some(phone), ..Self::default() }
    }
    /// Gives the name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

/// Narrows a list of contacts.
#[derive(Clone, Debug, Default)]
pub struct ContactFilter {
    /// What somebody typed: beginnings of words of name and address, a number's front or end. See
    /// [`crate::search::typed`].
    pub search: Option<String>,
    /// Only members of this group.
    pub group: Option<Id<Group>>,
    /// Only with this tag.
    pub tag: Option<String>,
}

const TEXT_MAX: usize = 256;
const FIELDS_MAX: usize = 100;

impl Contact {
    /// Makes a contact out of what was given.
    ///
    /// # Errors
    /// `CONTACT_WITHOUT_HANDLE` when there is neither phone, id nor e-mail; `CONTACT_FIELDS` when a text is
    /// longer than 256 characters or there are more than 100 fields or tags.
    pub fn new(new: NewContact, source: ContactSource, env: &Env) -> Result<Self, Error> {
        if new.phone.is_none() && new.bsuid.is_none() && new.email.is_none() {
            return Err(Error::invalid(
                "CONTACT_WITHOUT_HANDLE",
                "phone",
                "give a phone number or an e-mail address",
            ));
        }
        let now = env.now();
        let mut contact = Self {
            id: env.id(),
            name: None,
            phone: new.phone,
            bsuid: new.bsuid,
            email: new.email,
            tags: Vec::new(),
            fields: new.fields,
            opted_out_at: None,
            source,
            created_at: now,
            updated_at: now,
        };
        contact.rename(new.name);
        contact.set_tags(new.tags);
        contact.check()?;
        Ok(contact)
    }
    /// Sets the name; blank is none.
    pub fn rename(&mut self, name: Option<String>) {
        self.name = name.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
    }
    /// Sets the tags: trimmed, sorted, without doubles or blanks.
    pub fn set_tags(&mut self, tags: Vec<String>) {
        let mut tags: Vec<String> =
            tags.into_iter().map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect();
        tags.sort();
        tags.dedup();
        self.tags = tags;
    }
    /// Checks the lengths.
    ///
    /// # Errors
    /// `CONTACT_FIELDS`, naming the field.
    pub fn check(&self) -> Result<(), Error> {
        let too_long = |field: &str| {
            Error::invalid("CONTACT_FIELDS", field, format!("at most {TEXT_MAX} characters"))
        };
        let long = |t: &str| t.chars().count() > TEXT_MAX;
        if self.name.as_deref().is_some_and(long) {
            return Err(too_long("name"));
        }
        if self.tags.len() > FIELDS_MAX || self.tags.iter().any(|t| long(t)) {
            return Err(too_long("tags"));
        }
        if self.fields.len() > FIELDS_MAX
            || self.fields.iter().any(|(k, v)| long(k) || v.chars().count() > 4 * TEXT_MAX)
        {
            return Err(too_long("fields"));
        }
        Ok(())
    }
    /// How the person is shown: name, else number, else a neutral word.
    #[must_use]
    pub fn display_name(&self) -> String {
        self.name
            .clone()
            .or_else(|| self.phone.as_ref().map(Phone::to_string))
            .unwrap_or_else(|| "?".to_owned())
    }
    /// What searches find the person by: see [`crate::search::keys`].
    #[must_use]
    pub fn search_text(&self) -> String {
        let texts = [self.name.as_deref(), self.email.as_ref().map(Email::as_str)];
        crate::search::keys(texts.into_iter().flatten(), self.phone.as_ref())
    }
    /// Whether marketing may be sent to the person.
    #[must_use]
    pub const fn accepts_marketing(&self) -> bool {
        self.opted_out_at.is_none()
    }
    /// What a placeholder such as `name` or `fields.city` stands for; `None` if there is no such value.
    #[must_use]
    pub fn value(&self, placeholder: &str) -> Option<String> {
        match placeholder {
            "name" => self.name.clone(),
            "first_name" => {
                self.name.as_deref().and_then(|n| n.split_whitespace().next()).map(str::to_owned)
            }
            "phone" => self.phone.as_ref().map(Phone::to_string),
            "email" => self.email.as_ref().map(Email::to_string),
            other => other.strip_prefix("fields.").and_then(|key| self.fields.get(key)).cloned(),
        }
        .filter(|value| !value.is_empty())
    }
}

/// Serialised form of a contact's own fields.
pub type Fields = BTreeMap<String, String>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_needs_a_handle() {
        let made = Contact::new(NewContact::default(), ContactSource::Manual, &Env::system());
        assert!(matches!(made, Err(Error::Invalid { code: "CONTACT_WITHOUT_HANDLE", .. })));
    }

    #[test]
    fn tags_are_sorted_and_single() {
        let mut new = NewContact::with_phone("+5511981234567".parse().expect("valid"));
        new.tags = vec!["vip".into(), " a ".into(), "vip".into(), String::new()];
        let contact = Contact::new(new, ContactSource::Manual, &Env::system()).expect("valid");
        assert_eq!(contact.tags, ["a", "vip"]);
    }
}
