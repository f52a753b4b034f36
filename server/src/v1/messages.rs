//! Sending and reading, for programs.

use axum::Json as Reply;
use axum::extract::State;
use whatsapp_core::{Channel, Id};
use whatsapp_platform::workspace::{Destination, To};

use crate::console::conversations::ConversationId;
use crate::console::messages::page;
use crate::console::{Created, created};
use crate::dto::message::Message;
use crate::dto::outgoing::SendRequest;
use crate::dto::template::SendTemplateRequest;
use crate::error::{ApiError, ErrorBody};
use crate::http::extract::{Desk, Json, Path, Query};
use crate::http::idempotency::Intent;
use crate::http::paging::{List, Paging};
use crate::state::{Answer, App};

/// Reads to whom: a contact's id, else a number. A number without its plus sign is taken as Meta writes it.
fn destination(to: &str, channel: Option<Id<Channel>>) -> Answer<Destination> {
    if to.starts_with("con_") {
        let id = to
            .parse()
            .map_err(|_| ApiError::invalid("INVALID_ID", "to", "this is no contact's id"))?;
        return Ok(Destination { to: To::Contact(id), channel });
    }
    let digits = !to.is_empty() && to.bytes().all(|b| b.is_ascii_digit());
    let written = if digits && !to.starts_with('0') { format!("+{to}") } else { to.to_owned() };
    let phone = written.parse::<whatsapp_core::Phone>();
    let phone =
        phone.map_err(|error| ApiError::invalid("INVALID_PHONE", "to", error.to_string()))?;
    Ok(Destination { to: To::Phone(phone), channel })
}

/// Send a message
///
/// Only while the person's last message is younger than 24 hours; else `WINDOW_CLOSED`, and a template is due.
#[utoipa::path(post, path = "/api/v1/messages/send", tag = "Messages", request_body = SendRequest,
    responses((status = 201, body = Message), (status = 409, body = ErrorBody)))]
pub(crate) async fn send_message(
    desk: Desk,
    intent: Intent,
    Json(mut body): Json<SendRequest>,
) -> Answer<Created<Message>> {
    let content = body.parts().content()?;
    let to = destination(&body.to, body.channel_id)?;
    let view = desk.messages().send_to(to, content, intent.call()).await?;
    Ok(created(Message::from(&view)))
}

/// Send a template message
#[utoipa::path(post, path = "/api/v1/messages/send-template", tag = "Messages",
    request_body = SendTemplateRequest,
    responses((status = 201, body = Message), (status = 409, body = ErrorBody)))]
pub(crate) async fn send_template(
    desk: Desk,
    intent: Intent,
    Json(body): Json<SendTemplateRequest>,
) -> Answer<Created<Message>> {
    let to = destination(&body.to, body.channel_id)?;
    let (language, variables) = (body.language.as_deref(), body.variables.into());
    let messages = desk.messages();
    let view =
        messages.send_template_to(to, &body.template, language, variables, intent.call()).await?;
    Ok(created(Message::from(&view)))
}

/// Get conversation messages
///
/// Newest first; `next_cursor` leads to older ones.
#[utoipa::path(get, path = "/api/v1/messages/{conversation_id}", tag = "Messages",
    params(("conversation_id" = String, Path), Paging),
    responses((status = 200, body = List<Message>)))]
pub(crate) async fn list_messages(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<ConversationId>,
    Query(query): Query<Paging>,
) -> Answer<Reply<List<Message>>> {
    Ok(Reply(page(&app, &desk, id, &query).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_may_be_written_as_meta_writes_it() {
        for text in ["+5511981234567", "5511981234567", "+55 11 98123-4567"] {
            let Destination { to, .. } = destination(text, None).expect(text);
            assert_eq!(to, To::Phone("+5511981234567".parse().expect("valid")), "{text}");
        }
        for text in ["", "011981234567", "ana", "con_1"] {
            let error = destination(text, None).expect_err(text);
            assert_eq!(error.details[0].field, "to");
        }
    }
}
