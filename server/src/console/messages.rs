//! What is said in a conversation.

use axum::Json as Reply;
use axum::extract::State;
use whatsapp_core::Id;

use super::conversations::ConversationId;
use super::{Created, created};
use crate::dto::message::{Message, NoteInput};
use crate::dto::outgoing::SendMessageRequest;
use crate::dto::template::TemplateMessageRequest;
use crate::error::ErrorBody;
use crate::http::extract::{Desk, Json, Path, Query};
use crate::http::idempotency::Intent;
use crate::http::paging::{List, Lister, Paging};
use crate::state::{Answer, App};

/// A page of a conversation's messages, for both APIs. A cursor belongs to its conversation.
pub(crate) async fn page(
    app: &App,
    desk: &Desk,
    id: ConversationId,
    query: &Paging,
) -> Answer<List<Message>> {
    let list = format!("messages of {id}");
    let lister = Lister::new(app, desk.actor().tenant(), &list);
    let page = lister.request(query.limit, query.cursor.as_deref())?;
    let found = desk.messages().timeline(id, page).await?;
    Ok(lister.list(found, |view| Message::from(&view)))
}

/// A conversation's messages, newest first; `next_cursor` leads to older ones.
#[utoipa::path(get, path = "/api/console/conversations/{id}/messages", tag = "Messages",
    params(("id" = String, Path), Paging), responses((status = 200, body = List<Message>)))]
pub(crate) async fn list_messages(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<ConversationId>,
    Query(query): Query<Paging>,
) -> Answer<Reply<List<Message>>> {
    Ok(Reply(page(&app, &desk, id, &query).await?))
}

/// Answer in a conversation.
#[utoipa::path(post, path = "/api/console/conversations/{id}/messages", tag = "Messages",
    params(("id" = String, Path)), request_body = SendMessageRequest,
    responses((status = 201, body = Message), (status = 409, body = ErrorBody)))]
pub(crate) async fn send_message(
    desk: Desk,
    Path(id): Path<ConversationId>,
    intent: Intent,
    Json(mut body): Json<SendMessageRequest>,
) -> Answer<Created<Message>> {
    let content = body.parts().content()?;
    let view = desk.messages().send(id, content, body.reply_to, intent.call()).await?;
    Ok(created(Message::from(&view)))
}

/// Send a template in a conversation.
#[utoipa::path(post, path = "/api/console/conversations/{id}/template", tag = "Messages",
    params(("id" = String, Path)), request_body = TemplateMessageRequest,
    responses((status = 201, body = Message), (status = 409, body = ErrorBody)))]
pub(crate) async fn send_template(
    desk: Desk,
    Path(id): Path<ConversationId>,
    intent: Intent,
    Json(body): Json<TemplateMessageRequest>,
) -> Answer<Created<Message>> {
    let messages = desk.messages();
    let view =
        messages.send_template(id, body.template_id, body.variables.into(), intent.call()).await?;
    Ok(created(Message::from(&view)))
}

/// Write a note for the team.
#[utoipa::path(post, path = "/api/console/conversations/{id}/notes", tag = "Messages",
    params(("id" = String, Path)), request_body = NoteInput,
    responses((status = 201, body = Message)))]
pub(crate) async fn write_note(
    desk: Desk,
    Path(id): Path<ConversationId>,
    intent: Intent,
    Json(body): Json<NoteInput>,
) -> Answer<Created<Message>> {
    let view = desk.messages().note(id, &body.text, intent.call()).await?;
    Ok(created(Message::from(&view)))
}

/// Send again what failed or was never confirmed.
#[utoipa::path(post, path = "/api/console/messages/{id}/resend", tag = "Messages",
    params(("id" = String, Path)),
    responses((status = 201, body = Message), (status = 409, body = ErrorBody)))]
pub(crate) async fn resend_message(
    desk: Desk,
    Path(id): Path<Id<whatsapp_core::Message>>,
    intent: Intent,
) -> Answer<Created<Message>> {
    let view = desk.messages().resend(id, intent.call()).await?;
    Ok(created(Message::from(&view)))
}
