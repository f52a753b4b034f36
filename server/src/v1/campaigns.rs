//! Campaigns, for programs.

use axum::Json as Reply;
use axum::extract::State;

use crate::console::Created;
use crate::console::campaigns::{CampaignId, CampaignQuery, create, page};
use crate::dto::campaign::{Campaign, CampaignInput};
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
