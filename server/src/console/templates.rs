//! Templates that Meta knows.

use axum::Json as Reply;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use whatsapp_core::{Channel, Id, TemplateStatus};
use whatsapp_storage::repo::TemplateFilter;

use crate::dto::template::{Template, TemplateSync, TemplateSynced};
use crate::error::ErrorBody;
use crate::http::extract::{Desk, Json, Path, Query};
use crate::http::paging::{List, Lister, search, word};
use crate::state::{Answer, App};

/// Which templates.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TemplateQuery {
    /// At most so many rows, 1 to 200; 50 without it.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Part of the name.
    search: Option<String>,
    #[param(value_type = Option<String>)]
    channel_id: Option<Id<Channel>>,
    /// `approved`, `pending`, `rejected` …
    status: Option<String>,
}

/// A page of templates, for both APIs.
pub(crate) async fn page(app: &App, desk: &Desk, query: TemplateQuery) -> Answer<List<Template>> {
    let lister = Lister::new(app, desk.actor().tenant(), "templates");
    let page = lister.request(query.limit, query.cursor.as_deref())?;
    let filter = TemplateFilter {
        channel: query.channel_id,
        status: word("status", query.status.as_deref(), TemplateStatus::parse)?,
        search: search(query.search),
    };
    let found = desk.templates().page(filter, page).await?;
    Ok(lister.list(found, Template::from))
}

/// A page of templates.
#[utoipa::path(get, path = "/api/console/templates", tag = "Templates", params(TemplateQuery),
    responses((status = 200, body = List<Template>)))]
pub(crate) async fn list_templates(
    State(app): State<App>,
    desk: Desk,
    Query(query): Query<TemplateQuery>,
) -> Answer<Reply<List<Template>>> {
    Ok(Reply(page(&app, &desk, query).await?))
}

/// One template.
#[utoipa::path(get, path = "/api/console/templates/{id}", tag = "Templates",
    params(("id" = String, Path)), responses((status = 200, body = Template)))]
pub(crate) async fn get_template(
    desk: Desk,
    Path(id): Path<Id<whatsapp_core::Template>>,
) -> Answer<Reply<Template>> {
    Ok(Reply(desk.templates().find(id).await?.into()))
}

/// Fetch a channel's templates from Meta.
#[utoipa::path(post, path = "/api/console/templates/sync", tag = "Templates",
    request_body = TemplateSync,
    responses((status = 200, body = TemplateSynced), (status = 422, body = ErrorBody)))]
pub(crate) async fn sync_templates(
    desk: Desk,
    Json(body): Json<TemplateSync>,
) -> Answer<Reply<TemplateSynced>> {
    Ok(Reply(TemplateSynced { synced: desk.templates().sync(body.channel_id).await? }))
}
