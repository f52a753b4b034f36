//! WhatsApp numbers.

use axum::Json as Reply;
use axum::http::StatusCode;
use whatsapp_core::{Id, Permission};

use super::{Created, created};
use crate::dto::channel::{
    Channel, ChannelCheck, ChannelCheckRequest, ChannelConnectRequest, ChannelPatch, WebhookAddress,
};
use crate::error::ErrorBody;
use crate::http::extract::{Desk, Json, Path};
use crate::http::paging::List;
use crate::state::Answer;

type ChannelId = Id<whatsapp_core::Channel>;

fn shown(desk: &Desk, channel: whatsapp_core::Channel) -> Channel {
    let manages = desk.actor().grants().allow(Permission::ChannelsManage);
    Channel::new(channel, manages.then(|| WebhookAddress::of(desk.platform())).flatten())
}

/// All numbers.
#[utoipa::path(get, path = "/api/console/channels", tag = "Channels",
    responses((status = 200, body = List<Channel>)))]
pub(crate) async fn list_channels(desk: Desk) -> Answer<Reply<List<Channel>>> {
    let channels = desk.channels().list().await?;
    Ok(Reply(List::whole(channels.into_iter().map(|channel| shown(&desk, channel)).collect())))
}

/// One number.
#[utoipa::path(get, path = "/api/console/channels/{id}", tag = "Channels",
    params(("id" = String, Path)), responses((status = 200, body = Channel)))]
pub(crate) async fn get_channel(desk: Desk, Path(id): Path<ChannelId>) -> Answer<Reply<Channel>> {
    let channel = desk.channels().find(id).await?;
    Ok(Reply(shown(&desk, channel)))
}

/// Ask Meta about a number without keeping anything.
#[utoipa::path(post, path = "/api/console/channels/check", tag = "Channels",
    request_body = ChannelCheckRequest,
    responses((status = 200, body = ChannelCheck), (status = 422, body = ErrorBody)))]
pub(crate) async fn check_channel(
    desk: Desk,
    Json(body): Json<ChannelCheckRequest>,
) -> Answer<Reply<ChannelCheck>> {
    Ok(Reply(desk.channels().check(&body.into()).await?.into()))
}

/// Connect a number; on any error nothing is kept.
#[utoipa::path(post, path = "/api/console/channels", tag = "Channels",
    request_body = ChannelConnectRequest,
    responses((status = 201, body = Channel), (status = 409, body = ErrorBody),
        (status = 422, body = ErrorBody)))]
pub(crate) async fn connect_channel(
    desk: Desk,
    Json(body): Json<ChannelConnectRequest>,
) -> Answer<Created<Channel>> {
    let channel = desk.channels().connect(body.into()).await?;
    Ok(created(shown(&desk, channel)))
}

/// Call a number something else.
#[utoipa::path(patch, path = "/api/console/channels/{id}", tag = "Channels",
    params(("id" = String, Path)), request_body = ChannelPatch,
    responses((status = 200, body = Channel)))]
pub(crate) async fn rename_channel(
    desk: Desk,
    Path(id): Path<ChannelId>,
    Json(body): Json<ChannelPatch>,
) -> Answer<Reply<Channel>> {
    let channel = desk.channels().rename(id, &body.name).await?;
    Ok(Reply(shown(&desk, channel)))
}

/// Stop sending and receiving over a number; its conversations stay.
#[utoipa::path(delete, path = "/api/console/channels/{id}", tag = "Channels",
    params(("id" = String, Path)), responses((status = 204)))]
pub(crate) async fn disconnect_channel(
    desk: Desk,
    Path(id): Path<ChannelId>,
) -> Answer<StatusCode> {
    desk.channels().disconnect(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
