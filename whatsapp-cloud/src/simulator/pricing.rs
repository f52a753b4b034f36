//! What a message costs, as a category and a reason: Meta's rules as a table with dates. Never an amount.

use serde::{Deserialize, Serialize};
use whatsapp_core::{Span, Timestamp};

use super::accept::Door;
use super::chance::Chance;
use super::fate::Sending;
use super::group_sends::is_group;
use super::world::World;

/// What Meta tells of a message's price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Charge {
    pub(super) billable: bool,
    /// `regular`, `free_customer_service` or `free_entry_point`.
    pub(super) kind: String,
    pub(super) category: String,
    /// The conversation's id, which older payloads tell.
    pub(super) conversation: String,
    /// When that conversation ends.
    pub(super) expires: Timestamp,
}

/// The rules from a date on.
struct Era {
    from: Timestamp,
    /// Free-form messages of a number that cost nothing in a month; all of them if absent.
    free_service: Option<u32>,
    /// Whether utility templates cost nothing while the window is open.
    free_utility_in_window: bool,
}

/// Meta's rules by date, the newest last. Another date is another line.
const ERAS: &[Era] = &[
    // Per message since 2025-07-01.
    Era {
        from: Timestamp::from_seconds(1_751_328_000),
        free_service: None,
        free_utility_in_window: true,
    },
    // Since 2026-10-01 free-form messages cost after the first thousand, and so does utility in the window.
    Era {
        from: Timestamp::from_seconds(1_790_812_800),
        free_service: Some(1_000),
        free_utility_in_window: false,
    },
];

/// The month of a moment, as `2026-11`.
pub(super) fn month(at: Timestamp) -> String {
    at.to_rfc3339().chars().take(7).collect()
}

impl World {
    /// What a message will cost.
    pub(super) fn charge(&self, chance: &mut Chance, sending: &Sending<'_>) -> Charge {
        let now = sending.now;
        let era = ERAS.iter().rev().find(|era| era.from <= now).or(ERAS.first());
        let category = match sending.door {
            Door::Marketing => "marketing_lite".to_owned(),
            Door::Messages => {
                sending.category().map_or_else(|| "service".to_owned(), str::to_lowercase)
            }
        };
        if let Some(until) = self.fates.free_entry(sending.number, sending.to, now) {
            let conversation = Chance::named(
                self.seed,
                &format!("entry {} {} {}", sending.number, sending.to, until.micros()),
            )
            .hex(32);
            return Charge {
                billable: false,
                kind: "free_entry_point".into(),
                category: "referral_conversion".into(),
                conversation,
                expires: until,
            };
        }
        let free = match category.as_str() {
            "service" => era
                .and_then(|era| era.free_service)
                .is_none_or(|most| self.fates.service_messages(sending.number, now) < most),
            "utility" => sending.open && era.is_some_and(|era| era.free_utility_in_window),
            _ => false,
        };
        let group = is_group(sending.to)
            && matches!(category.as_str(), "marketing" | "utility" | "service");
        let category = if group { format!("group_{category}") } else { category };
        Charge {
            billable: !free,
            kind: if free { "free_customer_service" } else { "regular" }.into(),
            category,
            conversation: chance.hex(32),
            expires: now + Span::hours(24),
        }
    }
}
