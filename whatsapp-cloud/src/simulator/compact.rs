//! What a shortened log says of the facts that went out of it, see `shorten`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// What went out of the log at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Gone {
    /// How many facts.
    pub(super) facts: u64,
    /// How many webhook items they made.
    pub(super) items: u64,
    /// How many accepted messages were among them.
    #[serde(default)]
    pub(super) sends: u64,
    /// How often the fault plan was asked.
    #[serde(default)]
    pub(super) rolls: u64,
    /// The people that were met.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) people: BTreeMap<String, Met>,
}

/// Somebody whose messages are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Met {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// The numbers that know them.
    pub(super) by: BTreeSet<String>,
}

impl Gone {
    #[cfg(feature = "simulator")]
    pub(super) const fn is_nothing(&self) -> bool {
        self.facts == 0
    }
    #[cfg(feature = "simulator")]
    pub(super) fn meet(
        &mut self,
        who: &str,
        name: Option<String>,
        by: impl IntoIterator<Item = String>,
    ) {
        let met = self.people.entry(who.to_owned()).or_default();
        met.name = name.or_else(|| met.name.take());
        met.by.extend(by);
    }
}
