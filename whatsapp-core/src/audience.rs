//! Named groups of people, and the audience of a campaign.

use serde::{Deserialize, Serialize};

use crate::{Contact, Id, Phone, Timestamp};

/// A hand-made list of contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: Id<Self>,
    /// Its name; unique in the tenant.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// How many contacts are in it; kept by the store.
    pub member_count: i64,
    /// Since when.
    pub created_at: Timestamp,
}

/// Who a campaign goes to: the union of all parts, each person once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Audience {
    /// Members of these groups.
    pub group_ids: Vec<Id<Group>>,
    /// These contacts.
    pub contact_ids: Vec<Id<Contact>>,
    /// These numbers; unknown ones become contacts.
    pub phones: Vec<Phone>,
    /// Contacts with any of these tags.
    pub tags: Vec<String>,
}

impl Audience {
    /// Whether nobody could be in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.group_ids.is_empty()
            && self.contact_ids.is_empty()
            && self.phones.is_empty()
            && self.tags.is_empty()
    }
}
