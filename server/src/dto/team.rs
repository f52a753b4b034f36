//! The team, its quick replies, and keys for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use whatsapp_core as core;
use whatsapp_core::{Permission, Timestamp};

use super::{time, time_of};

/// A person of the team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Member {
    user_id: String,
    name: String,
    email: String,
    #[schema(example = "admin")]
    role: &'static str,
    permissions: Vec<&'static str>,
}

impl From<core::Member> for Member {
    fn from(member: core::Member) -> Self {
        Self {
            user_id: member.user.to_string(),
            name: member.name,
            email: member.email.to_string(),
            role: member.role.as_str(),
            permissions: member.grants.iter().map(Permission::as_str).collect(),
        }
    }
}

/// A text that the team sends often.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuickReply {
    id: String,
    shortcut: String,
    title: String,
    text: String,
}

impl From<core::Snippet> for QuickReply {
    fn from(snippet: core::Snippet) -> Self {
        Self {
            id: snippet.id.to_string(),
            shortcut: snippet.shortcut,
            title: snippet.title,
            text: snippet.text,
        }
    }
}

/// A quick reply to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuickReplyInput {
    pub(crate) shortcut: String,
    pub(crate) title: String,
    pub(crate) text: String,
}

/// What is to change in a quick reply.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct QuickReplyPatch {
    pub(crate) shortcut: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) text: Option<String>,
}

/// A key for programs. Its secret is shown once, when it is made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKey {
    id: String,
    name: String,
    prefix: String,
    scopes: Vec<&'static str>,
    created_at: String,
    #[schema(required = true)]
    last_used_at: Option<String>,
    #[schema(required = true)]
    expires_at: Option<String>,
}

impl From<core::ApiKey> for ApiKey {
    fn from(key: core::ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name,
            prefix: key.prefix,
            scopes: key.grants.iter().map(Permission::as_str).collect(),
            created_at: time(key.created_at),
            last_used_at: time_of(key.last_used_at),
            expires_at: time_of(key.expires_at),
        }
    }
}

/// A key and, this once, its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeyCreated {
    #[serde(flatten)]
    pub(crate) key: ApiKey,
    pub(crate) secret: String,
}

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApiKeyInput {
    pub(crate) name: String,
    #[schema(value_type = Vec<String>)]
    pub(crate) scopes: Vec<Permission>,
    #[serde(default, deserialize_with = "super::moment")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) expires_at: Option<Timestamp>,
}
