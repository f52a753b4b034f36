//! WhatsApp numbers as the API shows them. A token or secret is never part of an answer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use whatsapp_cloud::NumberDetails;
use whatsapp_core as core;
use whatsapp_platform::Platform;
use whatsapp_platform::workspace::NewChannel;

use super::session::Hidden;
use super::{time, time_of};

/// A WhatsApp number.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Channel {
    id: String,
    name: String,
    phone: String,
    verified_name: String,
    phone_number_id: String,
    waba_id: String,
    #[schema(example = "connected")]
    state: &'static str,
    #[schema(example = "green")]
    quality: &'static str,
    /// Messages a second.
    throughput: u32,
    #[schema(required = true)]
    problem: Option<ChannelProblem>,
    #[schema(required = true)]
    last_inbound_at: Option<String>,
    /// What Meta must call; only for those who may manage channels.
    #[schema(required = true)]
    webhook: Option<WebhookAddress>,
    created_at: String,
}

/// Why a number does not work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelProblem {
    code: String,
    message: String,
}

/// What Meta must call.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookAddress {
    url: String,
    verify_token: String,
}

impl Channel {
    pub(crate) fn new(channel: core::Channel, webhook: Option<WebhookAddress>) -> Self {
        let problem =
            |p: core::channel::Problem| ChannelProblem { code: p.code, message: p.message };
        Self {
            id: channel.id.to_string(),
            name: channel.name,
            phone: channel.phone.to_string(),
            verified_name: channel.verified_name,
            phone_number_id: channel.phone_number_id,
            waba_id: channel.waba_id,
            state: channel.state.as_str(),
            quality: channel.quality.as_str(),
            throughput: channel.throughput,
            problem: channel.problem.map(problem),
            last_inbound_at: time_of(channel.last_inbound_at),
            webhook,
            created_at: time(channel.created_at),
        }
    }
}

impl WebhookAddress {
    /// The one address for all apps, and the token that Meta shows when it checks it.
    pub(crate) fn of(platform: &Platform) -> Option<Self> {
        let settings = platform.settings();
        let token = settings.verify_token.as_ref()?;
        let url = format!("{}/api/webhooks/whatsapp", settings.public_url);
        Some(Self { url, verify_token: token.expose().to_owned() })
    }
}

/// A number to be looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelCheckRequest {
    waba_id: String,
    phone_number_id: String,
    access_token: Hidden,
    #[serde(default)]
    app_secret: Option<Hidden>,
}

/// A number to be connected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelConnectRequest {
    waba_id: String,
    phone_number_id: String,
    access_token: Hidden,
    #[serde(default)]
    app_secret: Option<Hidden>,
    #[serde(default)]
    name: Option<String>,
}

fn secret(text: Option<Hidden>) -> Option<core::Secret> {
    text.map(|hidden| hidden.0).filter(|secret| !secret.is_empty())
}

impl From<ChannelCheckRequest> for NewChannel {
    fn from(body: ChannelCheckRequest) -> Self {
        Self {
            name: None,
            waba_id: body.waba_id,
            phone_number_id: body.phone_number_id,
            access_token: body.access_token.0,
            app_secret: secret(body.app_secret),
        }
    }
}
impl From<ChannelConnectRequest> for NewChannel {
    fn from(body: ChannelConnectRequest) -> Self {
        Self {
            name: body.name,
            waba_id: body.waba_id,
            phone_number_id: body.phone_number_id,
            access_token: body.access_token.0,
            app_secret: secret(body.app_secret),
        }
    }
}

/// What Meta says of a number.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelCheck {
    phone: String,
    verified_name: String,
    quality: &'static str,
    throughput: u32,
}

impl From<NumberDetails> for ChannelCheck {
    fn from(number: NumberDetails) -> Self {
        Self {
            phone: number.phone.map_or(number.display_phone, String::from),
            verified_name: number.verified_name,
            quality: number.quality.as_str(),
            throughput: number.throughput,
        }
    }
}

/// Another name for a number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelPatch {
    pub(crate) name: String,
}
