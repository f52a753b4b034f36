//! Lists of people, made by hand. Never changes the people themselves.

use whatsapp_core::{Contact, Event, Group, Id, Page, PageRequest, Permission, text};

use super::Workspace;
use crate::Error;
use crate::work::Work;

/// A call may name so many people.
const PEOPLE_MAX: usize = 10_000;

/// The tenant's groups.
#[derive(Clone, Copy, Debug)]
pub struct Groups<'w> {
    pub(super) workspace: &'w Workspace,
}

impl Groups<'_> {
    /// Newest first; `search` is part of the name.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `contacts.view`; when the store fails.
    pub async fn page(
        &self,
        search: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<Group>, Error> {
        let search = search.map(text::fold);
        let mut work = self.workspace.read(Permission::ContactsView).await?;
        Ok(work.groups().page(search.as_deref(), &page).await?)
    }
    /// One of them.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] without `contacts.view`.
    pub async fn find(&self, id: Id<Group>) -> Result<Group, Error> {
        let mut work = self.workspace.read(Permission::ContactsView).await?;
        known(&mut work, id).await
    }
    /// Makes an empty one.
    ///
    /// # Errors
    /// `GROUP_EXISTS` when the name is taken, `GROUP_FIELDS` naming the field; [`Error::Forbidden`] without
    /// `groups.manage`.
    pub async fn create(&self, name: &str, description: &str) -> Result<Group, Error> {
        let mut work = self.workspace.begin(Permission::GroupsManage).await?;
        let group = Group {
            id: work.env().id(),
            name: name.trim().to_owned(),
            description: description.trim().to_owned(),
            member_count: 0,
            created_at: work.env().now(),
        };
        check(&group)?;
        if !work.groups().insert(&group).await? {
            return Err(taken());
        }
        work.emit(Event::GroupUpdated { group: group.id });
        work.commit().await?;
        Ok(group)
    }
    /// Changes name and description; `None` leaves them.
    ///
    /// # Errors
    /// [`Error::NotFound`]; as [`Groups::create`].
    pub async fn update(
        &self,
        id: Id<Group>,
        name: Option<&str>,
        description: Option<&str>,
    ) -> Result<Group, Error> {
        let mut work = self.workspace.begin(Permission::GroupsManage).await?;
        let mut group = known(&mut work, id).await?;
        if let Some(name) = name {
            group.name = name.trim().to_owned();
        }
        if let Some(description) = description {
            group.description = description.trim().to_owned();
        }
        check(&group)?;
        if !work.groups().update(&group).await? {
            return Err(taken());
        }
        work.emit(Event::GroupUpdated { group: id });
        work.commit().await?;
        Ok(group)
    }
    /// Removes it; its people stay contacts.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] without `groups.manage`.
    pub async fn delete(&self, id: Id<Group>) -> Result<(), Error> {
        let mut work = self.workspace.begin(Permission::GroupsManage).await?;
        if !work.groups().delete(id).await? {
            return Err(Error::NotFound("group"));
        }
        work.audit("group.deleted", id.to_string()).await?;
        work.emit(Event::GroupUpdated { group: id });
        work.commit().await
    }
    /// Adds people; answers how many were not in it before. Ids that are nobody's are passed over.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such group; `TOO_MANY` beyond 10,000 ids; [`Error::Forbidden`]
    /// without `groups.manage`.
    pub async fn add_members(&self, id: Id<Group>, people: &[Id<Contact>]) -> Result<u64, Error> {
        let mut work = self.membership(id, people).await?;
        let added = work.groups().add_members(id, people).await?;
        Self::settle(work, id, added).await
    }
    /// Takes people out; answers how many were in it.
    ///
    /// # Errors
    /// As [`Groups::add_members`].
    pub async fn remove_members(
        &self,
        id: Id<Group>,
        people: &[Id<Contact>],
    ) -> Result<u64, Error> {
        let mut work = self.membership(id, people).await?;
        let removed = work.groups().remove_members(id, people).await?;
        Self::settle(work, id, removed).await
    }

    async fn membership(&self, id: Id<Group>, people: &[Id<Contact>]) -> Result<Work<'_>, Error> {
        let mut work = self.workspace.begin(Permission::GroupsManage).await?;
        if people.len() > PEOPLE_MAX {
            return Err(Error::invalid(
                "TOO_MANY",
                "contact_ids",
                "name at most 10,000 contacts in one call",
            ));
        }
        known(&mut work, id).await?;
        Ok(work)
    }
    async fn settle(mut work: Work<'_>, id: Id<Group>, changed: u64) -> Result<u64, Error> {
        if changed > 0 {
            work.emit(Event::GroupUpdated { group: id });
            work.commit().await?;
        }
        Ok(changed)
    }
}

async fn known(work: &mut Work<'_>, id: Id<Group>) -> Result<Group, Error> {
    work.groups().find(id).await?.ok_or(Error::NotFound("group"))
}

fn check(group: &Group) -> Result<(), Error> {
    if !(1..=100).contains(&group.name.chars().count()) {
        return Err(Error::invalid("GROUP_FIELDS", "name", "write 1 to 100 characters"));
    }
    if group.description.chars().count() > 500 {
        return Err(Error::invalid("GROUP_FIELDS", "description", "write at most 500 characters"));
    }
    Ok(())
}

fn taken() -> Error {
    Error::conflict("GROUP_EXISTS", "a group has this name already: choose another name")
}
