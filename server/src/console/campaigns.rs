//! Campaigns.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use whatsapp_core::{CampaignStatus, Id, SendState};

use super::{Created, created, report};
use crate::dto::campaign::{
    Campaign, CampaignFailure, CampaignInput, CampaignPreview, CampaignPreviewRequest, Recipient,
};
use crate::dto::campaign_rules::CampaignRetry;
use crate::error::{ApiError, ErrorBody};
use crate::http::extract::{Desk, Json, Path, Query};
use crate::http::idempotency::Intent;
use crate::http::paging::{List, Lister, search, word};
use crate::state::{Answer, App};

pub(crate) type CampaignId = Id<whatsapp_core::Campaign>;

/// Which campaigns.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CampaignQuery {
    /// At most so many rows, 1 to 200; 50 without it.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Part of the name.
    search: Option<String>,
    /// `draft`, `sending`, `completed` …
    status: Option<String>,
}

/// Which people of a campaign.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RecipientQuery {
    /// At most so many rows, 1 to 200; 50 without it.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Part of a name or number.
    search: Option<String>,
    /// `queued`, `sent`, `failed` …
    state: Option<String>,
}

/// A page of campaigns, for both APIs.
pub(crate) async fn page(app: &App, desk: &Desk, query: CampaignQuery) -> Answer<List<Campaign>> {
    let lister = Lister::new(app, desk.actor().tenant(), "campaigns");
    let page = lister.request(query.limit, query.cursor.as_deref())?;
    let status = word("status", query.status.as_deref(), CampaignStatus::parse)?;
    let found = desk.campaigns().page(status, search(query.search).as_deref(), page).await?;
    Ok(lister.list(found, Campaign::from))
}

/// A new draft, for both APIs.
pub(crate) async fn create(
    desk: &Desk,
    intent: &Intent,
    body: CampaignInput,
) -> Answer<Created<Campaign>> {
    same_channel(desk, &body).await?;
    Ok(created(desk.campaigns().create(body.into(), intent.call()).await?.into()))
}

/// A template belongs to one number; a campaign that names another one is a mistake.
async fn same_channel(desk: &Desk, body: &CampaignInput) -> Answer<()> {
    let Some(channel) = body.channel_id else { return Ok(()) };
    let known = desk.channels().find(channel).await?;
    match body.template(desk).await? {
        template if template.channel == known.id => Ok(()),
        _ => Err(ApiError::invalid(
            "CAMPAIGN_CHANNEL",
            "channel_id",
            "the template belongs to another channel",
        )),
    }
}

/// A page of campaigns, newest first.
#[utoipa::path(get, path = "/api/console/campaigns", tag = "Campaigns", params(CampaignQuery),
    responses((status = 200, body = List<Campaign>)))]
pub(crate) async fn list_campaigns(
    State(app): State<App>,
    desk: Desk,
    Query(query): Query<CampaignQuery>,
) -> Answer<Reply<List<Campaign>>> {
    Ok(Reply(page(&app, &desk, query).await?))
}

/// Write a campaign.
#[utoipa::path(post, path = "/api/console/campaigns", tag = "Campaigns", request_body = CampaignInput,
    responses((status = 201, body = Campaign)))]
pub(crate) async fn create_campaign(
    desk: Desk,
    intent: Intent,
    Json(body): Json<CampaignInput>,
) -> Answer<Created<Campaign>> {
    create(&desk, &intent, body).await
}

/// One campaign with its counts.
#[utoipa::path(get, path = "/api/console/campaigns/{id}", tag = "Campaigns",
    params(("id" = String, Path)), responses((status = 200, body = Campaign)))]
pub(crate) async fn get_campaign(
    desk: Desk,
    Path(id): Path<CampaignId>,
) -> Answer<Reply<Campaign>> {
    Ok(Reply(desk.campaigns().find(id).await?.into()))
}

/// Write a draft anew.
#[utoipa::path(patch, path = "/api/console/campaigns/{id}", tag = "Campaigns",
    params(("id" = String, Path)), request_body = CampaignInput,
    responses((status = 200, body = Campaign), (status = 409, body = ErrorBody)))]
pub(crate) async fn update_campaign(
    desk: Desk,
    Path(id): Path<CampaignId>,
    Json(body): Json<CampaignInput>,
) -> Answer<Reply<Campaign>> {
    same_channel(&desk, &body).await?;
    Ok(Reply(desk.campaigns().update(id, body.into()).await?.into()))
}

/// Delete a draft.
#[utoipa::path(delete, path = "/api/console/campaigns/{id}", tag = "Campaigns",
    params(("id" = String, Path)),
    responses((status = 204), (status = 409, body = ErrorBody)))]
pub(crate) async fn delete_campaign(desk: Desk, Path(id): Path<CampaignId>) -> Answer<StatusCode> {
    desk.campaigns().delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Start it.
#[utoipa::path(post, path = "/api/console/campaigns/{id}/start", tag = "Campaigns",
    params(("id" = String, Path)),
    responses((status = 200, body = Campaign), (status = 409, body = ErrorBody)))]
pub(crate) async fn start_campaign(
    desk: Desk,
    Path(id): Path<CampaignId>,
) -> Answer<Reply<Campaign>> {
    Ok(Reply(desk.campaigns().start(id).await?.into()))
}

/// Stop it for now.
#[utoipa::path(post, path = "/api/console/campaigns/{id}/pause", tag = "Campaigns",
    params(("id" = String, Path)),
    responses((status = 200, body = Campaign), (status = 409, body = ErrorBody)))]
pub(crate) async fn pause_campaign(
    desk: Desk,
    Path(id): Path<CampaignId>,
) -> Answer<Reply<Campaign>> {
    Ok(Reply(desk.campaigns().pause(id).await?.into()))
}

/// Let it go on.
#[utoipa::path(post, path = "/api/console/campaigns/{id}/resume", tag = "Campaigns",
    params(("id" = String, Path)),
    responses((status = 200, body = Campaign), (status = 409, body = ErrorBody)))]
pub(crate) async fn resume_campaign(
    desk: Desk,
    Path(id): Path<CampaignId>,
) -> Answer<Reply<Campaign>> {
    Ok(Reply(desk.campaigns().resume(id).await?.into()))
}

/// End it; whoever waits is left out.
#[utoipa::path(post, path = "/api/console/campaigns/{id}/cancel", tag = "Campaigns",
    params(("id" = String, Path)),
    responses((status = 200, body = Campaign), (status = 409, body = ErrorBody)))]
pub(crate) async fn cancel_campaign(
    desk: Desk,
    Path(id): Path<CampaignId>,
) -> Answer<Reply<Campaign>> {
    Ok(Reply(desk.campaigns().cancel(id).await?.into()))
}

/// What a campaign would do.
#[utoipa::path(post, path = "/api/console/campaigns/preview", tag = "Campaigns",
    request_body = CampaignPreviewRequest, responses((status = 200, body = CampaignPreview)))]
pub(crate) async fn preview_campaign(
    desk: Desk,
    Json(body): Json<CampaignPreviewRequest>,
) -> Answer<Reply<CampaignPreview>> {
    let (audience, variables) = (body.audience.into(), body.variables.into());
    Ok(Reply(desk.campaigns().preview(body.template_id, &audience, &variables).await?.into()))
}

/// The people of a campaign and how far each message is.
#[utoipa::path(get, path = "/api/console/campaigns/{id}/recipients", tag = "Campaigns",
    params(("id" = String, Path), RecipientQuery),
    responses((status = 200, body = List<Recipient>)))]
pub(crate) async fn list_recipients(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<CampaignId>,
    Query(query): Query<RecipientQuery>,
) -> Answer<Reply<List<Recipient>>> {
    let list = format!("recipients of {id}");
    let lister = Lister::new(&app, desk.actor().tenant(), &list);
    let page = lister.request(query.limit, query.cursor.as_deref())?;
    let state = word("state", query.state.as_deref(), SendState::parse)?;
    let search = search(query.search);
    let found = desk.campaigns().recipients(id, state, search.as_deref(), page).await?;
    Ok(Reply(lister.list(found, Recipient::from)))
}

/// The proof report of a campaign: a line for everybody, with attempts, Meta's id, state and moments.
#[utoipa::path(get, path = "/api/console/campaigns/{id}/report", tag = "Campaigns",
    params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub(crate) async fn get_campaign_report(desk: Desk, Path(id): Path<CampaignId>) -> Answer {
    report::download(desk, id).await
}

/// Why messages of a campaign failed, and how many each.
#[utoipa::path(get, path = "/api/console/campaigns/{id}/failures", tag = "Campaigns",
    params(("id" = String, Path)), responses((status = 200, body = List<CampaignFailure>)))]
pub(crate) async fn list_failures(
    desk: Desk,
    Path(id): Path<CampaignId>,
) -> Answer<Reply<List<CampaignFailure>>> {
    let tallies = desk.campaigns().failures(id).await?;
    Ok(Reply(List::whole(tallies.into_iter().map(CampaignFailure::from).collect())))
}

/// Try people again whom it did not reach.
#[utoipa::path(post, path = "/api/console/campaigns/{id}/retry", tag = "Campaigns",
    params(("id" = String, Path)), request_body = CampaignRetry,
    responses((status = 200, body = Campaign), (status = 409, body = ErrorBody)))]
pub(crate) async fn retry_campaign(
    desk: Desk,
    Path(id): Path<CampaignId>,
    Json(body): Json<CampaignRetry>,
) -> Answer<Reply<Campaign>> {
    Ok(Reply(desk.campaigns().retry(id, body.read()?).await?.into()))
}
