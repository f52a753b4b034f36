//! The inbox's threads.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use whatsapp_core::conversation::{AssigneeFilter, ConversationFilter};
use whatsapp_core::{Channel, ConversationStatus, Id};

use crate::dto::conversation::{
    Conversation, ConversationCounts, ConversationOpen, ConversationPatch,
};
use crate::error::{ApiError, ErrorBody};
use crate::http::extract::{Desk, Json, Path, Query};
use crate::http::paging::{List, Lister, search, word};
use crate::state::{Answer, App};

pub(crate) type ConversationId = Id<whatsapp_core::Conversation>;

/// Which conversations.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ConversationQuery {
    /// At most so many rows, 1 to 200; 50 without it.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// What the person is found by, as in the list of contacts: beginnings of words, a number's front or its last digits.
    /// Of what many have, a part of the inbox is looked at for each page: a page may have fewer rows than asked for, even
    /// none, and still a `next_cursor`.
    search: Option<String>,
    /// `open`, `pending` or `resolved`.
    status: Option<String>,
    /// `all`, `mine` or `unassigned`.
    view: Option<String>,
    #[param(value_type = Option<String>)]
    channel_id: Option<Id<Channel>>,
    /// Only with this person.
    #[param(value_type = Option<String>)]
    contact_id: Option<Id<whatsapp_core::Contact>>,
}

/// Over which number to count.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CountQuery {
    #[param(value_type = Option<String>)]
    channel_id: Option<Id<Channel>>,
}

fn filter(desk: &Desk, query: ConversationQuery) -> Answer<ConversationFilter> {
    let view = |text: &str| match (text, desk.actor().user()) {
        ("all", _) => Some(AssigneeFilter::Any),
        ("unassigned", _) => Some(AssigneeFilter::Nobody),
        ("mine", Some(user)) => Some(AssigneeFilter::User(user)),
        _ => None,
    };
    Ok(ConversationFilter {
        status: word("status", query.status.as_deref(), ConversationStatus::parse)?,
        channel: query.channel_id,
        assignee: word("view", query.view.as_deref(), view)?.unwrap_or_default(),
        contact: query.contact_id,
        search: search(query.search),
    })
}

/// A page of conversations, latest activity first.
#[utoipa::path(get, path = "/api/console/conversations", tag = "Conversations",
    params(ConversationQuery), responses((status = 200, body = List<Conversation>)))]
pub(crate) async fn list_conversations(
    State(app): State<App>,
    desk: Desk,
    Query(query): Query<ConversationQuery>,
) -> Answer<Reply<List<Conversation>>> {
    let lister = Lister::new(&app, desk.actor().tenant(), "conversations");
    let page = lister.request(query.limit, query.cursor.as_deref())?;
    let found = desk.conversations().page(filter(&desk, query)?, page).await?;
    let now = app.now();
    Ok(Reply(lister.list(found, |view| Conversation::new(&view, now))))
}

/// How many conversations there are of each kind, counted up to 1,000: so many means so many or more.
#[utoipa::path(get, path = "/api/console/conversations/counts", tag = "Conversations",
    params(CountQuery), responses((status = 200, body = ConversationCounts)))]
pub(crate) async fn count_conversations(
    desk: Desk,
    Query(query): Query<CountQuery>,
) -> Answer<Reply<ConversationCounts>> {
    Ok(Reply(desk.conversations().counts(query.channel_id).await?.into()))
}

/// One conversation.
#[utoipa::path(get, path = "/api/console/conversations/{id}", tag = "Conversations",
    params(("id" = String, Path)), responses((status = 200, body = Conversation)))]
pub(crate) async fn get_conversation(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<ConversationId>,
) -> Answer<Reply<Conversation>> {
    Ok(Reply(Conversation::new(&desk.conversations().find(id).await?, app.now())))
}

/// Begin a conversation, or find the one there is.
#[utoipa::path(post, path = "/api/console/conversations", tag = "Conversations",
    request_body = ConversationOpen,
    responses((status = 201, body = Conversation), (status = 200, body = Conversation)))]
pub(crate) async fn open_conversation(
    State(app): State<App>,
    desk: Desk,
    Json(body): Json<ConversationOpen>,
) -> Answer<(StatusCode, Reply<Conversation>)> {
    let (view, new) = desk.conversations().open(body.contact_id, body.channel_id).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Reply(Conversation::new(&view, app.now()))))
}

/// Give a conversation to somebody, or another status.
#[utoipa::path(patch, path = "/api/console/conversations/{id}", tag = "Conversations",
    params(("id" = String, Path)), request_body = ConversationPatch,
    responses((status = 200, body = Conversation), (status = 409, body = ErrorBody)))]
pub(crate) async fn update_conversation(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<ConversationId>,
    Json(body): Json<ConversationPatch>,
) -> Answer<Reply<Conversation>> {
    let parse = |text: &str| {
        let wrong = || ApiError::invalid("INVALID_BODY", "status", "use open, pending or resolved");
        ConversationStatus::parse(text).ok_or_else(wrong)
    };
    let status = body.status.as_deref().map(parse).transpose()?;
    if let Some(to) = body.assignee_id {
        desk.conversations().assign(id, body.expected_assignee_id, to).await?;
    }
    if let Some(status) = status {
        desk.conversations().set_status(id, status).await?;
    }
    Ok(Reply(Conversation::new(&desk.conversations().find(id).await?, app.now())))
}

/// Nothing is unread any more.
#[utoipa::path(post, path = "/api/console/conversations/{id}/read", tag = "Conversations",
    params(("id" = String, Path)), responses((status = 204)))]
pub(crate) async fn read_conversation(
    desk: Desk,
    Path(id): Path<ConversationId>,
) -> Answer<StatusCode> {
    desk.conversations().mark_read(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
