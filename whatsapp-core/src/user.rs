//! People who sign in, their membership in a tenant, their sessions, and keys for programs.

use crate::{Email, Grants, Id, Role, Secret, Tenant, Timestamp};

/// A person who can sign in.
#[derive(Clone, Debug)]
pub struct User {
    /// The person's id.
    pub id: Id<Self>,
    /// The address to sign in with; unique on the platform.
    pub email: Email,
    /// What the person is called.
    pub name: String,
    /// The argon2id hash in PHC form.
    pub password_hash: Secret,
    /// Runs the platform.
    pub is_superadmin: bool,
    /// The chosen language, a BCP 47 tag.
    pub locale: Option<String>,
    /// `light`, `dark` or `system`.
    pub theme: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// A person's place in a tenant.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who.
    pub user: Id<User>,
    /// The person's name and address, for lists.
    pub name: String,
    /// See `name`.
    pub email: Email,
    /// As what.
    pub role: Role,
    /// What the person may do.
    pub grants: Grants,
    /// Since when.
    pub created_at: Timestamp,
}

/// A signed-in browser. Only the SHA-256 of its token is stored.
#[derive(Clone, Debug)]
pub struct Session {
    /// The session's id, for lists and logs; not the token.
    pub id: Id<Self>,
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// Whose.
    pub user: Id<User>,
    /// In which tenant; `None` for a superadmin without one.
    pub tenant: Option<Id<Tenant>>,
    /// When it began; it ends 7 days later at the latest.
    pub created_at: Timestamp,
    /// When it was last used; it ends 12 hours later.
    pub last_seen_at: Timestamp,
}

/// A program's key. Only the SHA-256 of its secret is stored.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// The key's id.
    pub id: Id<Self>,
    /// What it is for.
    pub name: String,
    /// The public part, `wak_` + 8 characters, which finds the row.
    pub prefix: String,
    /// SHA-256 of the secret part.
    pub secret_hash: [u8; 32],
    /// What it may do.
    pub grants: Grants,
    /// Calls a minute.
    pub per_minute: i64,
    /// Calls a day; `None` is unlimited.
    pub per_day: Option<i64>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// Whether it may be used at `now`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}
