//! A client of the platform: the wall around all of its data.

use serde::{Deserialize, Serialize};

use crate::{Id, Timestamp};

/// A business that uses the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: Id<Self>,
    /// What it is called.
    pub name: String,
    /// IANA time zone, e.g. `America/Sao_Paulo`.
    pub timezone: String,
    /// Whether it may work.
    pub state: TenantState,
    /// Since when.
    pub created_at: Timestamp,
}

/// Whether a tenant may work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantState {
    /// Everything works.
    Active,
    /// Nobody of the tenant may sign in; what customers write is still kept.
    Suspended,
}

impl TenantState {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
    /// Reads the stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Active, Self::Suspended].into_iter().find(|s| s.as_str() == word)
    }
}
