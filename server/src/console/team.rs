//! The team, its quick replies, and keys for programs.

use axum::Json as Reply;
use axum::http::StatusCode;
use whatsapp_core::{Id, Snippet};

use super::{Created, created};
use crate::dto::team::{
    ApiKey, ApiKeyCreated, ApiKeyInput, Member, QuickReply, QuickReplyInput, QuickReplyPatch,
};
use crate::error::ErrorBody;
use crate::http::extract::{Desk, Json, Path};
use crate::http::paging::List;
use crate::state::Answer;

/// The team.
#[utoipa::path(get, path = "/api/console/members", tag = "Team",
    responses((status = 200, body = List<Member>)))]
pub(crate) async fn list_members(desk: Desk) -> Answer<Reply<List<Member>>> {
    let members = desk.members().list().await?;
    Ok(Reply(List::whole(members.into_iter().map(Member::from).collect())))
}

/// All quick replies.
#[utoipa::path(get, path = "/api/console/quick-replies", tag = "Quick replies",
    responses((status = 200, body = List<QuickReply>)))]
pub(crate) async fn list_quick_replies(desk: Desk) -> Answer<Reply<List<QuickReply>>> {
    let snippets = desk.snippets().list().await?;
    Ok(Reply(List::whole(snippets.into_iter().map(QuickReply::from).collect())))
}

/// Write a quick reply.
#[utoipa::path(post, path = "/api/console/quick-replies", tag = "Quick replies",
    request_body = QuickReplyInput,
    responses((status = 201, body = QuickReply), (status = 409, body = ErrorBody)))]
pub(crate) async fn create_quick_reply(
    desk: Desk,
    Json(body): Json<QuickReplyInput>,
) -> Answer<Created<QuickReply>> {
    Ok(created(desk.snippets().create(&body.shortcut, &body.title, &body.text).await?.into()))
}

/// Change a quick reply.
#[utoipa::path(patch, path = "/api/console/quick-replies/{id}", tag = "Quick replies",
    params(("id" = String, Path)), request_body = QuickReplyPatch,
    responses((status = 200, body = QuickReply), (status = 409, body = ErrorBody)))]
pub(crate) async fn update_quick_reply(
    desk: Desk,
    Path(id): Path<Id<Snippet>>,
    Json(body): Json<QuickReplyPatch>,
) -> Answer<Reply<QuickReply>> {
    let (shortcut, title, text) =
        (body.shortcut.as_deref(), body.title.as_deref(), body.text.as_deref());
    Ok(Reply(desk.snippets().update(id, shortcut, title, text).await?.into()))
}

/// Delete a quick reply.
#[utoipa::path(delete, path = "/api/console/quick-replies/{id}", tag = "Quick replies",
    params(("id" = String, Path)), responses((status = 204)))]
pub(crate) async fn delete_quick_reply(
    desk: Desk,
    Path(id): Path<Id<Snippet>>,
) -> Answer<StatusCode> {
    desk.snippets().delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All keys, without their secrets.
#[utoipa::path(get, path = "/api/console/api-keys", tag = "API keys",
    responses((status = 200, body = List<ApiKey>)))]
pub(crate) async fn list_api_keys(desk: Desk) -> Answer<Reply<List<ApiKey>>> {
    let keys = desk.api_keys().list().await?;
    let live = keys.into_iter().filter(|key| key.revoked_at.is_none());
    Ok(Reply(List::whole(live.map(ApiKey::from).collect())))
}

/// Make a key. The secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/api/console/api-keys", tag = "API keys", request_body = ApiKeyInput,
    responses((status = 201, body = ApiKeyCreated)))]
pub(crate) async fn create_api_key(
    desk: Desk,
    Json(body): Json<ApiKeyInput>,
) -> Answer<Created<ApiKeyCreated>> {
    let (key, secret) = desk.api_keys().create(&body.name, &body.scopes, body.expires_at).await?;
    Ok(created(ApiKeyCreated { key: key.into(), secret: secret.expose().to_owned() }))
}

/// Revoke a key at once.
#[utoipa::path(delete, path = "/api/console/api-keys/{id}", tag = "API keys",
    params(("id" = String, Path)), responses((status = 204)))]
pub(crate) async fn revoke_api_key(
    desk: Desk,
    Path(id): Path<Id<whatsapp_core::ApiKey>>,
) -> Answer<StatusCode> {
    desk.api_keys().revoke(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
