//! People, for programs.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use whatsapp_core::ContactSource;

use crate::console::contacts::{ContactId, ContactQuery, page, whole};
use crate::dto::contact::{Contact, ContactInput, ContactUpdate};
use crate::error::ErrorBody;
use crate::http::extract::{Desk, Json, Path, Query};
use crate::http::idempotency::Intent;
use crate::http::paging::List;
use crate::state::{Answer, App};

/// List all contacts
#[utoipa::path(get, path = "/api/v1/contacts", tag = "Contacts", params(ContactQuery),
    responses((status = 200, body = List<Contact>)))]
pub(crate) async fn list_contacts(
    State(app): State<App>,
    desk: Desk,
    Query(query): Query<ContactQuery>,
) -> Answer<Reply<List<Contact>>> {
    Ok(Reply(page(&app, &desk, "contacts", query).await?))
}

/// Get contact by ID
#[utoipa::path(get, path = "/api/v1/contacts/{id}", tag = "Contacts", params(("id" = String, Path)),
    responses((status = 200, body = Contact)))]
pub(crate) async fn get_contact(desk: Desk, Path(id): Path<ContactId>) -> Answer<Reply<Contact>> {
    let contact = desk.contacts().find(id).await?;
    Ok(Reply(whole(&desk, contact).await?))
}

/// Create a new contact
///
/// A contact with the same number is changed instead, and the answer is 200.
#[utoipa::path(post, path = "/api/v1/contacts", tag = "Contacts", request_body = ContactInput,
    responses((status = 201, body = Contact), (status = 200, body = Contact)))]
pub(crate) async fn create_contact(
    desk: Desk,
    intent: Intent,
    Json(body): Json<ContactInput>,
) -> Answer<(StatusCode, Reply<Contact>)> {
    let (contact, new) =
        desk.contacts().upsert(body.into(), ContactSource::Api, intent.call()).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Reply(whole(&desk, contact).await?)))
}

/// Update a contact
#[utoipa::path(put, path = "/api/v1/contacts/{id}", tag = "Contacts", params(("id" = String, Path)),
    request_body = ContactUpdate,
    responses((status = 200, body = Contact), (status = 409, body = ErrorBody)))]
pub(crate) async fn update_contact(
    desk: Desk,
    Path(id): Path<ContactId>,
    Json(body): Json<ContactUpdate>,
) -> Answer<Reply<Contact>> {
    let contact = desk.contacts().update(id, body.into()).await?;
    Ok(Reply(whole(&desk, contact).await?))
}

/// Delete a contact
#[utoipa::path(delete, path = "/api/v1/contacts/{id}", tag = "Contacts", params(("id" = String, Path)),
    responses((status = 204)))]
pub(crate) async fn delete_contact(desk: Desk, Path(id): Path<ContactId>) -> Answer<StatusCode> {
    desk.contacts().delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
