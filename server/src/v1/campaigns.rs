//! Campaigns, for programs.

use axum::Json as Reply;
use axum::extract::State;

use crate::console::campaigns::{CampaignId, CampaignQuery, create, page};
use crate::console::{Created, report};
use crate::dto::campaign::{Campaign, CampaignInput};
use crate::dto::campaign_rules::CampaignRetry;
use crate::error::ErrorBody;
use crate::http::extract::{Desk, Json, Path, Query};
use crate::http::idempotency::Intent;
use crate::http::paging::List;
use crate::state::{Answer, App};

/// List all campaigns
#[utoipa::path(get, path = "/api/v1/campaigns", tag = "Campaigns", params(CampaignQuery),
    responses((status = 200, body = List<Campaign>)))]
pub(crate) async fn list_campaigns(
    State(app): State<App>,
    desk: Desk,
    Query(query): Query<CampaignQuery>,
) -> Answer<Reply<List<Campaign>>> {
    Ok(Reply(page(&app, &desk, query).await?))
}

/// Create a campaign
///
/// It is a draft until it is started.
#[utoipa::path(post, path = "/api/v1/campaigns", tag = "Campaigns", request_body = CampaignInput,
    responses((status = 201, body = Campaign)))]
pub(crate) async fn create_campaign(
    desk: Desk,
    intent: Intent,
    Json(body): Json<CampaignInput>,
) -> Answer<Created<Campaign>> {
    create(&desk, &intent, body).await
}

/// Get campaign details
#[utoipa::path(get, path = "/api/v1/campaigns/{id}", tag = "Campaigns", params(("id" = String, Path)),
    responses((status = 200, body = Campaign)))]
pub(crate) async fn get_campaign(
    desk: Desk,
    Path(id): Path<CampaignId>,
) -> Answer<Reply<Campaign>> {
    Ok(Reply(desk.campaigns().find(id).await?.into()))
}

/// Download the proof report of a campaign
///
/// CSV (RFC 4180, UTF-8) with one line for everybody on the campaign's list, in a fixed order: `n` counts from 1
/// without a gap, no address stands twice. `attempt_id` is what the latest attempt carried to Meta as
/// `biz_opaque_callback_data`, `wamid` is Meta's id; a line has one as soon as it is known that Meta accepted.
/// `earlier_attempts` tells of the attempts before it: id, state, code and Meta's id of each. Texts
/// that a spreadsheet would take for a formula begin with an apostrophe; phone numbers are left as they are. While
/// the campaign runs, each line is told as it is when it is read. A download that breaks off is not a report.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}/report", tag = "Campaigns",
    params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub(crate) async fn get_campaign_report(desk: Desk, Path(id): Path<CampaignId>) -> Answer {
    report::download(desk, id).await
}

/// Start a campaign
///
/// A second start answers 409.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/start", tag = "Campaigns",
    params(("id" = String, Path)),
    responses((status = 200, body = Campaign), (status = 409, body = ErrorBody)))]
pub(crate) async fn start_campaign(
    desk: Desk,
    Path(id): Path<CampaignId>,
) -> Answer<Reply<Campaign>> {
    Ok(Reply(desk.campaigns().start(id).await?.into()))
}

/// Try people of a campaign again
///
/// Those who failed, all or by code, and, if named, those of whom it was never learnt whether they have it. They get new
/// attempts; a completed campaign goes on. The report keeps the earlier attempts.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/retry", tag = "Campaigns",
    params(("id" = String, Path)), request_body = CampaignRetry,
    responses((status = 200, body = Campaign), (status = 409, body = ErrorBody)))]
pub(crate) async fn retry_campaign(
    desk: Desk,
    Path(id): Path<CampaignId>,
    Json(body): Json<CampaignRetry>,
) -> Answer<Reply<Campaign>> {
    Ok(Reply(desk.campaigns().retry(id, body.read()?).await?.into()))
}
