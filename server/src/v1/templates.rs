//! Templates, for programs.

use axum::Json as Reply;
use axum::extract::State;
use whatsapp_core::Id;

use crate::console::templates::{TemplateQuery, page};
use crate::dto::template::Template;
use crate::http::extract::{Desk, Path, Query};
use crate::http::paging::List;
use crate::state::{Answer, App};

/// List all templates
#[utoipa::path(get, path = "/api/v1/templates", tag = "Templates", params(TemplateQuery),
    responses((status = 200, body = List<Template>)))]
pub(crate) async fn list_templates(
    State(app): State<App>,
    desk: Desk,
    Query(query): Query<TemplateQuery>,
) -> Answer<Reply<List<Template>>> {
    Ok(Reply(page(&app, &desk, query).await?))
}

/// Get template details
#[utoipa::path(get, path = "/api/v1/templates/{id}", tag = "Templates", params(("id" = String, Path)),
    responses((status = 200, body = Template)))]
pub(crate) async fn get_template(
    desk: Desk,
    Path(id): Path<Id<whatsapp_core::Template>>,
) -> Answer<Reply<Template>> {
    Ok(Reply(desk.templates().find(id).await?.into()))
}
