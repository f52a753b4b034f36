//! People a number has blocked.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Page;
use crate::answer::next_cursor;
use crate::lenient::{Lenient, answers};
use crate::{CloudError, bounds};

answers! {
    /// Somebody who was blocked or unblocked.
    BlockedPerson {
        /// As they were named in the request.
        input: Option<String>,
        /// Their number, in digits.
        wa_id: Option<String>,
        /// Their business-scoped id.
        user_id: Option<String>,
    }
    /// Why somebody was not blocked.
    BlockFault {
        /// Meta's code; 131047: they have not written in the last 24 hours.
        code: Option<i64>,
        /// Meta's words.
        message: Option<String>,
        /// Meta's details.
        error_data: serde_json::Value,
    }
    /// Somebody who was not blocked or unblocked.
    NotBlocked {
        /// As they were named in the request.
        input: Option<String>,
        /// Their number, in digits.
        wa_id: Option<String>,
        /// Their business-scoped id.
        user_id: Option<String>,
        /// Why not.
        errors: Vec<BlockFault>,
    }
    /// What became of a list of people. Some may have been blocked and others not: that is an answer, not an error.
    BlockOutcome {
        /// Who is blocked now.
        added("added_users"): Vec<BlockedPerson>,
        /// Who is no longer blocked.
        removed("removed_users"): Vec<BlockedPerson>,
        /// Who is as before, and why.
        failed("failed_users"): Vec<NotBlocked>,
    }
}

impl BlockOutcome {
    /// Whether everybody asked for was done.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty()
    }
}

/// One person of a list to be blocked: a phone number with plus sign, or a business-scoped id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PersonToBlock {
    /// Who.
    pub user: String,
}

/// A list of people to be blocked or unblocked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PeopleToBlock {
    /// Who.
    #[serde(rename = "block_users")]
    pub people: Vec<PersonToBlock>,
}

impl PeopleToBlock {
    /// From phone numbers with plus sign, or business-scoped ids.
    #[must_use]
    pub fn new(people: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let people = people.into_iter().map(|user| PersonToBlock { user: user.into() });
        Self { people: people.collect() }
    }
    pub(crate) fn check(&self) -> Result<(), CloudError> {
        if self.people.is_empty() {
            return Err(CloudError::invalid("block_users", "name at least one person"));
        }
        for (place, person) in self.people.iter().enumerate() {
            bounds::filled(&format!("block_users[{place}].user"), &person.user)?;
        }
        bounds::over("block_users", self.people.len(), bounds::BLOCKED_MAX, "people")
    }
}

/// Meta's list of blocked people comes flat, or each page nested in an object.
pub(crate) fn read_blocked(answer: &Value) -> Page<BlockedPerson> {
    let mut people = Vec::new();
    for entry in crate::answer::data(answer) {
        match entry.get("block_users") {
            Some(nested) => people.extend(Vec::<BlockedPerson>::lenient(Some(nested))),
            None => people.push(BlockedPerson::read(entry)),
        }
    }
    Page::new(people, next_cursor(answer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_list_is_read_flat_and_nested() {
        for answer in [
            json!({"data": [{"wa_id": "1"}, {"wa_id": "2"}]}),
            json!({"data": [{"block_users": [{"wa_id": "1"}, {"wa_id": "2"}]}]}),
            json!({"data": [{"block_users": [{"wa_id": "1"}]}, {"wa_id": "2"}]}),
        ] {
            let page = read_blocked(&answer);
            let ids: Vec<_> = page.items.iter().filter_map(|p| p.wa_id.as_deref()).collect();
            assert_eq!(ids, ["1", "2"], "{answer}");
        }
    }
}
