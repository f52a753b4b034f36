//! Signing in, and what the console knows of the person who did.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use whatsapp_core::Secret;
use whatsapp_platform::Principal;

use super::time;
use crate::state::App;

/// The signed-in person and what he may do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    user: SessionUser,
    is_superadmin: bool,
    #[schema(required = true)]
    tenant: Option<SessionTenant>,
    #[schema(example = "admin")]
    role: &'static str,
    permissions: Vec<&'static str>,
    brand: Brand,
    /// Where the simulator's phone page is, in a demo.
    #[schema(required = true)]
    simulator_url: Option<String>,
    server_time: String,
    version: &'static str,
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionUser {
    id: String,
    email: String,
    name: String,
    #[schema(required = true)]
    locale: Option<String>,
    #[schema(example = "system")]
    theme: String,
}

/// The business he works in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionTenant {
    id: String,
    name: String,
    timezone: String,
}

/// How the product is called.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Brand {
    name: String,
}

impl Session {
    pub(crate) fn new(app: &App, principal: &Principal) -> Self {
        let user = &principal.user;
        let grants = principal
            .member
            .as_ref()
            .map(|member| member.grants.iter().map(|p| p.as_str()).collect());
        Self {
            user: SessionUser {
                id: user.id.to_string(),
                email: user.email.to_string(),
                name: user.name.clone(),
                locale: user.locale.clone(),
                theme: user.theme.clone(),
            },
            is_superadmin: user.is_superadmin,
            tenant: principal.tenant.as_ref().map(|tenant| SessionTenant {
                id: tenant.id.to_string(),
                name: tenant.name.clone(),
                timezone: tenant.timezone.clone(),
            }),
            role: principal.member.as_ref().map_or("member", |member| member.role.as_str()),
            permissions: grants.unwrap_or_default(),
            brand: Brand { name: app.settings.brand.clone() },
            simulator_url: app.settings.simulator_url.clone(),
            server_time: time(app.now()),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// A text that must not be seen, in a body.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = String, format = Password)]
pub(crate) struct Hidden(pub(crate) Secret);

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Self(Secret::new(text)))
    }
}

/// Who signs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginRequest {
    pub(crate) email: String,
    pub(crate) password: Hidden,
}

/// Whether the first account must still be made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupState {
    pub(crate) needed: bool,
}

/// The first account and its business.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupBody {
    /// From the link that the server printed when it started.
    pub(crate) token: Hidden,
    pub(crate) name: String,
    pub(crate) email: String,
    /// 15 to 128 characters.
    pub(crate) password: Hidden,
    pub(crate) business_name: String,
    /// An IANA name such as `America/Sao_Paulo`; UTC without it.
    #[serde(default)]
    pub(crate) timezone: Option<String>,
}

/// What a person may change about himself.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ProfileBody {
    pub(crate) name: Option<String>,
    #[serde(deserialize_with = "super::some")]
    #[schema(value_type = Option<String>)]
    pub(crate) locale: Option<Option<String>>,
    /// `light`, `dark` or `system`.
    pub(crate) theme: Option<String>,
}

/// A new password; the old one proves who asks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordBody {
    pub(crate) current: Hidden,
    /// 15 to 128 characters.
    pub(crate) new: Hidden,
}
