//! What a contact and a channel say to each other, and the 24-hour window as a function of time.

use crate::channel::words;
use crate::{Channel, Contact, Id, Message, Span, Timestamp, User};

/// The one thread between a contact and a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Its id.
    pub id: Id<Self>,
    /// With whom.
    pub contact: Id<Contact>,
    /// Over which number.
    pub channel: Id<Channel>,
    /// Whether it waits for something.
    pub status: ConversationStatus,
    /// Who answers.
    pub assignee: Option<Id<User>>,
    /// Incoming messages nobody has seen.
    pub unread: i64,
    /// The last message or note.
    pub last_message: Option<Id<Message>>,
    /// When something was last said; sorts the inbox.
    pub last_message_at: Timestamp,
    /// When the contact last wrote; opens the window.
    pub last_inbound_at: Option<Timestamp>,
    /// Since when.
    pub created_at: Timestamp,
}

words! {
    /// Whether a conversation waits for something.
    ConversationStatus {
        /// Waits for us.
        Open = "open",
        /// Waits for somebody else.
        Pending = "pending",
        /// Done, until the contact writes again.
        Resolved = "resolved",
    }
}

impl Conversation {
    /// When free-form messages are allowed.
    #[must_use]
    pub fn window(&self) -> Window {
        Window::after(self.last_inbound_at)
    }
}

/// Meta's customer service window: 24 hours from the customer's last message, anything may be sent;
/// outside it only templates. The rule stands here and nowhere else.
///
/// Source: <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages#customer-service-windows>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    expires_at: Option<Timestamp>,
}

impl Window {
    /// How long it stays open.
    pub const LENGTH: Span = Span::hours(24);
    /// The window after the customer's last message.
    #[must_use]
    pub fn after(last_inbound_at: Option<Timestamp>) -> Self {
        Self { expires_at: last_inbound_at.map(|at| at + Self::LENGTH) }
    }
    /// When it closes; `None` if the customer never wrote.
    #[must_use]
    pub const fn expires_at(self) -> Option<Timestamp> {
        self.expires_at
    }
    /// Whether free-form messages are allowed at `now`.
    #[must_use]
    pub fn is_open(self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| now < end)
    }
}

/// Narrows the inbox.
#[derive(Clone, Debug, Default)]
pub struct ConversationFilter {
    /// Only with this status.
    pub status: Option<ConversationStatus>,
    /// Only over this channel.
    pub channel: Option<Id<Channel>>,
    /// Only with this assignee state.
    pub assignee: AssigneeFilter,
    /// Only with this contact.
    pub contact: Option<Id<Contact>>,
    /// What the contact is found by: see [`crate::contact::ContactFilter::search`].
    pub search: Option<String>,
}

/// Narrows the inbox by who answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AssigneeFilter {
    /// Whoever.
    #[default]
    Any,
    /// Nobody yet.
    Nobody,
    /// This person.
    User(Id<User>),
}

/// How many conversations there are of each kind, counted up to [`ConversationCounts::MOST`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConversationCounts {
    /// Open ones.
    pub open: i64,
    /// Pending ones.
    pub pending: i64,
    /// Resolved ones.
    pub resolved: i64,
    /// Open or pending ones assigned to the asking person.
    pub mine: i64,
    /// Open or pending ones assigned to nobody.
    pub unassigned: i64,
    /// Those with unread messages.
    pub unread: i64,
}

impl ConversationCounts {
    /// Nothing is counted further: this many means this many or more. So a count costs the same in an inbox of any
    /// size.
    pub const MOST: i64 = 1_000;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_open_until_just_before_the_24th_hour() {
        let wrote = Timestamp::from_seconds(1_000_000);
        let window = Window::after(Some(wrote));
        for (after, open) in [
            (Span::ZERO, true),
            (Span::micros(24 * 3_600 * 1_000_000 - 1), true),
            (Span::hours(24), false),
            (Span::days(3), false),
        ] {
            assert_eq!(window.is_open(wrote + after), open, "{after:?}");
        }
    }

    #[test]
    fn who_never_wrote_has_no_window() {
        assert!(!Window::after(None).is_open(Timestamp::ZERO));
    }
}
