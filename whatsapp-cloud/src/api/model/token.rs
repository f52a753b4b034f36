//! Tokens: what a code of Embedded Signup gives, and what a token may do. No token or secret is ever shown.

use serde_json::Value;
use whatsapp_core::{Secret, Span, Timestamp};

use crate::lenient::{Lenient, answers};

/// An app of Meta's, by its own secret. Not a customer's credential.
#[derive(Clone, Debug)]
pub struct AppAccess {
    /// Meta's id of the app.
    pub id: String,
    /// The app's secret.
    pub secret: Secret,
}

impl AppAccess {
    /// From its parts.
    #[must_use]
    pub fn new(id: impl Into<String>, secret: Secret) -> Self {
        Self { id: id.into(), secret }
    }
    /// The app's own token, with which tokens are inspected and its webhooks set up. Keep it on the server.
    #[must_use]
    pub fn token(&self) -> Secret {
        Secret::new(format!("{}|{}", self.id, self.secret.expose()))
    }
}

/// A code that is to become a token. It is good for 30 seconds, once.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CodeExchange {
    /// The code.
    pub code: Secret,
    /// The address of the login dialog, where the code came by a redirect and not by Meta's JavaScript.
    pub redirect_uri: Option<String>,
}

impl CodeExchange {
    /// A code that Meta's JavaScript gave.
    #[must_use]
    pub const fn new(code: Secret) -> Self {
        Self { code, redirect_uri: None }
    }
    /// A code that came by a redirect, from a dialog with this address.
    #[must_use]
    pub fn from_redirect(code: Secret, redirect_uri: impl Into<String>) -> Self {
        Self { code, redirect_uri: Some(redirect_uri.into()) }
    }
}

/// A token for the assets that a customer shared.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ExchangedToken {
    /// The token.
    pub token: Secret,
    /// How it is to be shown: `bearer`.
    pub kind: Option<String>,
    /// For how long it is good; `None`: until it is taken back.
    pub expires_in: Option<Span>,
}

impl ExchangedToken {
    pub(crate) fn read(answer: &Value) -> Option<Self> {
        let text = |key: &str| Option::<String>::lenient(answer.get(key));
        let seconds = Option::<i64>::lenient(answer.get("expires_in"));
        Some(Self {
            token: Secret::new(text("access_token")?),
            kind: text("token_type"),
            expires_in: seconds
                .filter(|s| (1..=i64::from(u32::MAX)).contains(s))
                .map(Span::seconds),
        })
    }
}

answers! {
    /// A permission, and on what.
    GranularScope {
        /// The permission: `whatsapp_business_messaging` …
        scope: String,
        /// The accounts it was given for; empty means all of this kind.
        target_ids: Vec<String>,
    }
    /// Why a token is not good.
    TokenFault {
        /// Meta's code.
        code: Option<i64>,
        /// Meta's finer code: 463 is "expired".
        subcode: Option<i64>,
        /// Meta's words.
        message: Option<String>,
    }
    /// What Meta says of a token.
    TokenInfo {
        /// Of which app it is.
        app_id: Option<String>,
        /// The app's name.
        application: Option<String>,
        /// `SYSTEM_USER`, `USER`, `APP` …
        kind("type"): Option<String>,
        /// Whose it is.
        user_id: Option<String>,
        /// Whether it is good now.
        is_valid: bool,
        /// Until when, in seconds since 1970; 0 means for ever.
        expires_at: Option<i64>,
        /// Until when data may be read with it, in seconds since 1970; 0 means for ever.
        data_access_expires_at: Option<i64>,
        /// When it was made, in seconds since 1970.
        issued_at: Option<i64>,
        /// What it permits.
        scopes: Vec<String>,
        /// What it permits, and on what.
        granular_scopes: Vec<GranularScope>,
        /// Why it is not good.
        error: Option<TokenFault>,
    }
}

impl TokenInfo {
    /// The moment it ends; `None` where it does not.
    #[must_use]
    pub fn expires(&self) -> Option<Timestamp> {
        self.expires_at.filter(|seconds| *seconds > 0).map(Timestamp::from_seconds)
    }
    /// Whether it has this permission.
    #[must_use]
    pub fn permits(&self, scope: &str) -> bool {
        self.scopes.iter().any(|has| has == scope)
    }
    /// The accounts that were shared with it: what Embedded Signup's browser event must be compared with.
    #[must_use]
    pub fn shared_wabas(&self) -> Vec<&str> {
        let of_whatsapp = |scope: &&GranularScope| scope.scope.starts_with("whatsapp_business_");
        let ids = self.granular_scopes.iter().filter(of_whatsapp).flat_map(|s| &s.target_ids);
        let mut ids: Vec<&str> = ids.map(String::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}
