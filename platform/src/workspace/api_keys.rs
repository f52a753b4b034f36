//! Keys for programs: made, listed, revoked. The secret is shown once and kept only as a digest.

use whatsapp_core::{ApiKey, Grants, Id, Permission, Secret, Timestamp};

use super::Workspace;
use crate::Error;
use crate::session::mint_key;

/// Calls a minute of a new key, as long as there are no plans.
const PER_MINUTE: i64 = 30;
/// Calls a day of a new key.
const PER_DAY: i64 = 1_000;

/// The tenant's keys.
#[derive(Clone, Copy, Debug)]
pub struct ApiKeys<'w> {
    pub(super) workspace: &'w Workspace,
}

impl ApiKeys<'_> {
    /// All of them, newest first, revoked ones too.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `api_keys.manage`; when the store fails.
    pub async fn list(&self) -> Result<Vec<ApiKey>, Error> {
        let mut work = self.workspace.read(Permission::ApiKeysManage).await?;
        Ok(work.api_keys().list().await?)
    }
    /// Makes one. The secret is in this answer and nowhere else.
    ///
    /// # Errors
    /// `API_KEY_FIELDS` naming the field; [`Error::Forbidden`] without `api_keys.manage`, or for a scope that
    /// the maker does not have.
    pub async fn create(
        &self,
        name: &str,
        scopes: &[Permission],
        expires_at: Option<Timestamp>,
    ) -> Result<(ApiKey, Secret), Error> {
        self.create_limited(name, scopes, expires_at, PER_MINUTE, Some(PER_DAY)).await
    }
    /// Makes one with other limits than those of a new key. For hosts that sell or give away more; never hand
    /// the limits to whoever asks.
    ///
    /// # Errors
    /// As [`ApiKeys::create`].
    pub async fn create_limited(
        &self,
        name: &str,
        scopes: &[Permission],
        expires_at: Option<Timestamp>,
        per_minute: i64,
        per_day: Option<i64>,
    ) -> Result<(ApiKey, Secret), Error> {
        let mut work = self.workspace.begin(Permission::ApiKeysManage).await?;
        for scope in scopes {
            self.workspace.actor().require(*scope)?;
        }
        let now = work.env().now();
        let name = name.trim();
        let wrong = |field, message: &str| Err(Error::invalid("API_KEY_FIELDS", field, message));
        if !(1..=100).contains(&name.chars().count()) {
            return wrong("name", "write 1 to 100 characters");
        }
        if scopes.is_empty() {
            return wrong("scopes", "choose at least one thing that the key may do");
        }
        if expires_at.is_some_and(|end| end <= now) {
            return wrong("expires_at", "choose a moment in the future");
        }
        let minted = mint_key(work.env());
        let key = ApiKey {
            id: work.env().id(),
            name: name.to_owned(),
            prefix: minted.prefix,
            secret_hash: minted.secret_hash,
            grants: Grants::only(scopes.iter().copied()),
            per_minute,
            per_day,
            created_at: now,
            last_used_at: None,
            expires_at,
            revoked_at: None,
        };
        work.api_keys().insert(&key).await?;
        work.audit("api_key.created", key.id.to_string()).await?;
        work.commit().await?;
        Ok((key, minted.raw))
    }
    /// Ends one; the next call with it is refused.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none or it was ended; [`Error::Forbidden`] without `api_keys.manage`.
    pub async fn revoke(&self, id: Id<ApiKey>) -> Result<(), Error> {
        let mut work = self.workspace.begin(Permission::ApiKeysManage).await?;
        let now = work.env().now();
        if !work.api_keys().revoke(id, now).await? {
            return Err(Error::NotFound("API key"));
        }
        work.audit("api_key.revoked", id.to_string()).await?;
        work.commit().await
    }
}
