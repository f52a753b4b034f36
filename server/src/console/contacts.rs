//! People.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use whatsapp_core::contact::ContactFilter;
use whatsapp_core::{ContactSource, Group, Id, Page};

use crate::dto::contact::{Contact, ContactInput, ContactUpdate};
use crate::error::ErrorBody;
use crate::http::extract::{Desk, Json, Path, Query};
use crate::http::idempotency::Intent;
use crate::http::paging::{List, Lister, search};
use crate::state::{Answer, App};

pub(crate) type ContactId = Id<whatsapp_core::Contact>;

/// Which people.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ContactQuery {
    /// At most so many rows, 1 to 200; 50 without it.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Beginnings of words of name and address, in any order, without case and accents; a number's front, with or without +
    /// and 00, or its last three digits or more. The middle of a word finds nobody. Of what many have, a part of the list is
    /// looked at for each page: a page may have fewer rows than asked for, even none, and still a `next_cursor`.
    search: Option<String>,
    /// Only members of this group.
    #[param(value_type = Option<String>)]
    group_id: Option<Id<Group>>,
    /// Only with this tag.
    tag: Option<String>,
}

/// People with their groups.
pub(crate) async fn with_groups(
    desk: &Desk,
    page: Page<whatsapp_core::Contact>,
) -> Answer<Page<Contact>> {
    let ids: Vec<_> = page.items.iter().map(|contact| contact.id).collect();
    let mut groups = desk.contacts().groups_of(&ids).await?;
    Ok(page.map(|contact| {
        let of = groups.remove(&contact.id).unwrap_or_default();
        Contact::new(contact, of)
    }))
}

/// One person with his groups.
pub(crate) async fn whole(desk: &Desk, contact: whatsapp_core::Contact) -> Answer<Contact> {
    let groups = desk.contacts().groups_of(&[contact.id]).await?.remove(&contact.id);
    Ok(Contact::new(contact, groups.unwrap_or_default()))
}

/// A page of people, for both APIs.
pub(crate) async fn page(
    app: &App,
    desk: &Desk,
    list: &str,
    query: ContactQuery,
) -> Answer<List<Contact>> {
    let lister = Lister::new(app, desk.actor().tenant(), list);
    let page = lister.request(query.limit, query.cursor.as_deref())?;
    let filter =
        ContactFilter { search: search(query.search), group: query.group_id, tag: query.tag };
    let found = with_groups(desk, desk.contacts().page(filter, page).await?).await?;
    Ok(lister.list(found, |contact| contact))
}

/// A page of people.
#[utoipa::path(get, path = "/api/console/contacts", tag = "Contacts", params(ContactQuery),
    responses((status = 200, body = List<Contact>)))]
pub(crate) async fn list_contacts(
    State(app): State<App>,
    desk: Desk,
    Query(query): Query<ContactQuery>,
) -> Answer<Reply<List<Contact>>> {
    Ok(Reply(page(&app, &desk, "contacts", query).await?))
}

/// One person.
#[utoipa::path(get, path = "/api/console/contacts/{id}", tag = "Contacts",
    params(("id" = String, Path)), responses((status = 200, body = Contact)))]
pub(crate) async fn get_contact(desk: Desk, Path(id): Path<ContactId>) -> Answer<Reply<Contact>> {
    let contact = desk.contacts().find(id).await?;
    Ok(Reply(whole(&desk, contact).await?))
}

/// Add a person, or change the one with the same number.
#[utoipa::path(post, path = "/api/console/contacts", tag = "Contacts", request_body = ContactInput,
    responses((status = 201, body = Contact), (status = 200, body = Contact)))]
pub(crate) async fn create_contact(
    desk: Desk,
    intent: Intent,
    Json(body): Json<ContactInput>,
) -> Answer<(StatusCode, Reply<Contact>)> {
    let (contact, new) =
        desk.contacts().upsert(body.into(), ContactSource::Manual, intent.call()).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Reply(whole(&desk, contact).await?)))
}

/// Change a person.
#[utoipa::path(put, path = "/api/console/contacts/{id}", tag = "Contacts",
    params(("id" = String, Path)), request_body = ContactUpdate,
    responses((status = 200, body = Contact), (status = 409, body = ErrorBody)))]
pub(crate) async fn update_contact(
    desk: Desk,
    Path(id): Path<ContactId>,
    Json(body): Json<ContactUpdate>,
) -> Answer<Reply<Contact>> {
    let contact = desk.contacts().update(id, body.into()).await?;
    Ok(Reply(whole(&desk, contact).await?))
}

/// Delete a person.
#[utoipa::path(delete, path = "/api/console/contacts/{id}", tag = "Contacts",
    params(("id" = String, Path)), responses((status = 204)))]
pub(crate) async fn delete_contact(desk: Desk, Path(id): Path<ContactId>) -> Answer<StatusCode> {
    desk.contacts().delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
