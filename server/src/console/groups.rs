//! Lists of people.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use whatsapp_core::Id;

use super::{Created, created};
use crate::dto::contact::{Added, Group, GroupInput, GroupMembers, GroupPatch, Removed};
use crate::error::ErrorBody;
use crate::http::extract::{Desk, Json, Path, Query};
use crate::http::paging::{List, Lister, Paging, search};
use crate::state::{Answer, App};

type GroupId = Id<whatsapp_core::Group>;

/// A page of groups.
#[utoipa::path(get, path = "/api/console/groups", tag = "Groups", params(Paging),
    responses((status = 200, body = List<Group>)))]
pub(crate) async fn list_groups(
    State(app): State<App>,
    desk: Desk,
    Query(query): Query<Paging>,
) -> Answer<Reply<List<Group>>> {
    let lister = Lister::new(&app, desk.actor().tenant(), "groups");
    let page = lister.request(query.limit, query.cursor.as_deref())?;
    let found = desk.groups().page(search(query.search).as_deref(), page).await?;
    Ok(Reply(lister.list(found, Group::from)))
}

/// One group.
#[utoipa::path(get, path = "/api/console/groups/{id}", tag = "Groups",
    params(("id" = String, Path)), responses((status = 200, body = Group)))]
pub(crate) async fn get_group(desk: Desk, Path(id): Path<GroupId>) -> Answer<Reply<Group>> {
    Ok(Reply(desk.groups().find(id).await?.into()))
}

/// Make a group.
#[utoipa::path(post, path = "/api/console/groups", tag = "Groups", request_body = GroupInput,
    responses((status = 201, body = Group), (status = 409, body = ErrorBody)))]
pub(crate) async fn create_group(
    desk: Desk,
    Json(body): Json<GroupInput>,
) -> Answer<Created<Group>> {
    Ok(created(desk.groups().create(&body.name, &body.description).await?.into()))
}

/// Change a group.
#[utoipa::path(patch, path = "/api/console/groups/{id}", tag = "Groups",
    params(("id" = String, Path)), request_body = GroupPatch,
    responses((status = 200, body = Group), (status = 409, body = ErrorBody)))]
pub(crate) async fn update_group(
    desk: Desk,
    Path(id): Path<GroupId>,
    Json(body): Json<GroupPatch>,
) -> Answer<Reply<Group>> {
    let groups = desk.groups();
    let group = groups.update(id, body.name.as_deref(), body.description.as_deref()).await?;
    Ok(Reply(group.into()))
}

/// Delete a group; its people stay.
#[utoipa::path(delete, path = "/api/console/groups/{id}", tag = "Groups",
    params(("id" = String, Path)), responses((status = 204)))]
pub(crate) async fn delete_group(desk: Desk, Path(id): Path<GroupId>) -> Answer<StatusCode> {
    desk.groups().delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put people into a group.
#[utoipa::path(post, path = "/api/console/groups/{id}/members", tag = "Groups",
    params(("id" = String, Path)), request_body = GroupMembers,
    responses((status = 200, body = Added)))]
pub(crate) async fn add_group_members(
    desk: Desk,
    Path(id): Path<GroupId>,
    Json(body): Json<GroupMembers>,
) -> Answer<Reply<Added>> {
    Ok(Reply(Added { added: desk.groups().add_members(id, &body.contact_ids).await? }))
}

/// Take people out of a group.
#[utoipa::path(delete, path = "/api/console/groups/{id}/members", tag = "Groups",
    params(("id" = String, Path)), request_body = GroupMembers,
    responses((status = 200, body = Removed)))]
pub(crate) async fn remove_group_members(
    desk: Desk,
    Path(id): Path<GroupId>,
    Json(body): Json<GroupMembers>,
) -> Answer<Reply<Removed>> {
    Ok(Reply(Removed { removed: desk.groups().remove_members(id, &body.contact_ids).await? }))
}
