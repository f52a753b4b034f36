//! People: finding, adding, changing, deleting. Never sends them anything.

use std::collections::{BTreeMap, HashMap};

use whatsapp_core::contact::ContactFilter;
use whatsapp_core::{
    Contact, ContactSource, Email, Event, Group, Id, Identity, NewContact, Page, PageRequest,
    Permission, Phone, text,
};
use whatsapp_storage::repo::Call;

use super::Workspace;
use crate::Error;
use crate::work::Work;

/// The tenant's people.
#[derive(Clone, Copy, Debug)]
pub struct Contacts<'w> {
    pub(super) workspace: &'w Workspace,
}

/// What changes about a contact. `None` leaves a field as it is, `Some(None)` empties it.
#[derive(Clone, Debug, Default)]
pub struct ContactPatch {
    /// See [`Contact::name`].
    pub name: Option<Option<String>>,
    /// See [`Contact::phone`].
    pub phone: Option<Option<Phone>>,
    /// See [`Contact::email`].
    pub email: Option<Option<Email>>,
    /// All tags, in place of those there are.
    pub tags: Option<Vec<String>>,
    /// All own fields, in place of those there are.
    pub fields: Option<BTreeMap<String, String>>,
    /// Whether the person wants no marketing.
    pub opted_out: Option<bool>,
}

impl Contacts<'_> {
    /// Newest first. A page of a search may have fewer rows than asked for, even none, while `next` says that there is more
    /// to look at.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `contacts.view`; when the store fails.
    pub async fn page(
        &self,
        mut filter: ContactFilter,
        page: PageRequest,
    ) -> Result<Page<Contact>, Error> {
        filter.search = filter.search.as_deref().map(text::fold);
        let mut work = self.workspace.read(Permission::ContactsView).await?;
        Ok(work.contacts().page(&filter, &page).await?)
    }
    /// One of them.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] without `contacts.view`.
    pub async fn find(&self, id: Id<Contact>) -> Result<Contact, Error> {
        let mut work = self.workspace.read(Permission::ContactsView).await?;
        known(&mut work, id).await
    }
    /// The groups of each of them, by name; who is in none is not in the map.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `contacts.view`; when the store fails.
    pub async fn groups_of(
        &self,
        ids: &[Id<Contact>],
    ) -> Result<HashMap<Id<Contact>, Vec<(Id<Group>, String)>>, Error> {
        let mut work = self.workspace.read(Permission::ContactsView).await?;
        let mut groups = HashMap::with_capacity(ids.len());
        for id in ids {
            let of = work.contacts().groups_of(*id).await?;
            if !of.is_empty() {
                groups.insert(*id, of);
            }
        }
        Ok(groups)
    }
    /// Adds a person, or completes the one with the same number or business-scoped id: what is given and not
    /// blank replaces or joins what is known. Answers the contact and whether it is new.
    ///
    /// # Errors
    /// `CONTACT_WITHOUT_HANDLE`, `CONTACT_FIELDS`; `PHONE_EXISTS` when number and business-scoped id belong
    /// to two people; [`Error::Forbidden`] without `contacts.edit`.
    pub async fn upsert(
        &self,
        new: NewContact,
        source: ContactSource,
        call: Option<&Call>,
    ) -> Result<(Contact, bool), Error> {
        let mut work = self.workspace.begin(Permission::ContactsEdit).await?;
        if let Some(made) = work.claim(call).await? {
            return Ok((known(&mut work, made.parse()?).await?, true));
        }
        let (contact, created) = upsert(&mut work, new, source).await?;
        work.made(call, contact.id).await?;
        work.commit().await?;
        Ok((contact, created))
    }
    /// Changes a person.
    ///
    /// # Errors
    /// [`Error::NotFound`]; `PHONE_EXISTS` when somebody else has the number; `CONTACT_WITHOUT_HANDLE`,
    /// `CONTACT_FIELDS`; [`Error::Forbidden`] without `contacts.edit`.
    pub async fn update(&self, id: Id<Contact>, patch: ContactPatch) -> Result<Contact, Error> {
        let mut work = self.workspace.begin(Permission::ContactsEdit).await?;
        let before = held(&mut work, id).await?;
        let mut contact = before.clone();
        apply(&mut contact, patch, work.env().now());
        if contact.phone.is_none() && contact.bsuid.is_none() && contact.email.is_none() {
            return Err(Error::invalid(
                "CONTACT_WITHOUT_HANDLE",
                "phone",
                "give a phone number or an e-mail address",
            ));
        }
        contact.check()?;
        if contact == before {
            return Ok(contact);
        }
        save(&mut work, &mut contact).await?;
        work.commit().await?;
        Ok(contact)
    }
    /// Deletes a person with the conversations.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] without `contacts.delete`.
    pub async fn delete(&self, id: Id<Contact>) -> Result<(), Error> {
        let mut work = self.workspace.begin(Permission::ContactsDelete).await?;
        if !work.contacts().delete(id).await? {
            return Err(Error::NotFound("contact"));
        }
        work.audit("contact.deleted", id.to_string()).await?;
        work.emit(Event::ContactDeleted { contact: id });
        work.commit().await
    }
}

async fn known(work: &mut Work<'_>, id: Id<Contact>) -> Result<Contact, Error> {
    work.contacts().find(id).await?.ok_or(Error::NotFound("contact"))
}

async fn held(work: &mut Work<'_>, id: Id<Contact>) -> Result<Contact, Error> {
    work.contacts().hold(id).await?.ok_or(Error::NotFound("contact"))
}

fn apply(contact: &mut Contact, patch: ContactPatch, now: whatsapp_core::Timestamp) {
    if let Some(name) = patch.name {
        contact.rename(name);
    }
    if let Some(phone) = patch.phone {
        contact.phone = phone;
    }
    if let Some(email) = patch.email {
        contact.email = email;
    }
    if let Some(tags) = patch.tags {
        contact.set_tags(tags);
    }
    if let Some(fields) = patch.fields {
        contact.fields = fields;
    }
    if let Some(out) = patch.opted_out {
        // The moment of the first objection stays.
        contact.opted_out_at = if out { contact.opted_out_at.or(Some(now)) } else { None };
    }
}

async fn upsert(
    work: &mut Work<'_>,
    new: NewContact,
    source: ContactSource,
) -> Result<(Contact, bool), Error> {
    let identity = Identity { phone: new.phone.clone(), bsuid: new.bsuid.clone() };
    let has_identity = identity.phone.is_some() || identity.bsuid.is_some();
    if has_identity && let Some(there) = work.contacts().by_identity(&identity).await? {
        return merge(work, there, new).await.map(|contact| (contact, false));
    }
    let contact = Contact::new(new.clone(), source, work.env())?;
    if work.contacts().insert(&contact).await? {
        work.emit(Event::ContactCreated { contact: contact.id });
        return Ok((contact, true));
    }
    // Somebody else added the same person since we looked.
    match work.contacts().by_identity(&identity).await? {
        Some(there) => merge(work, there, new).await.map(|contact| (contact, false)),
        None => Err(taken()),
    }
}

async fn merge(work: &mut Work<'_>, there: Contact, new: NewContact) -> Result<Contact, Error> {
    let there = held(work, there.id).await?;
    let mut contact = there.clone();
    if new.name.as_deref().is_some_and(|name| !name.trim().is_empty()) {
        contact.rename(new.name);
    }
    contact.phone = contact.phone.or(new.phone);
    contact.bsuid = contact.bsuid.or(new.bsuid);
    contact.email = new.email.or(contact.email);
    let tags = contact.tags.iter().cloned().chain(new.tags).collect();
    contact.set_tags(tags);
    contact.fields.extend(new.fields);
    contact.check()?;
    if contact == there {
        return Ok(contact);
    }
    save(work, &mut contact).await?;
    Ok(contact)
}

async fn save(work: &mut Work<'_>, contact: &mut Contact) -> Result<(), Error> {
    contact.updated_at = work.env().now();
    if !work.contacts().update(contact).await? {
        return Err(taken());
    }
    work.emit(Event::ContactUpdated { contact: contact.id });
    Ok(())
}

fn taken() -> Error {
    Error::conflict("PHONE_EXISTS", "another contact has this phone number: open that one instead")
}
