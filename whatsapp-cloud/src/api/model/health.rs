//! Whether a number, an account or a template can send now, and if not, why.

use crate::lenient::{answers, words};

words! {
    /// Whether something can send.
    CanSend {
        /// It can.
        Available = "AVAILABLE",
        /// It can, with limits: see the further information.
        Limited = "LIMITED",
        /// It cannot: see the errors.
        Blocked = "BLOCKED",
    }
    /// Of what an entry tells.
    HealthEntityKind {
        /// The number.
        Number = "PHONE_NUMBER",
        /// The account.
        Waba = "WABA",
        /// The business.
        Business = "BUSINESS",
        /// The app.
        App = "APP",
        /// The template.
        Template = "MESSAGE_TEMPLATE",
    }
}

answers! {
    /// Why something cannot send.
    HealthError {
        /// Meta's code.
        code("error_code"): Option<i64>,
        /// What is wrong.
        description("error_description"): Option<String>,
        /// What to do about it.
        solution("possible_solution"): Option<String>,
    }
    /// What Meta says of one part: number, account, business, app or template.
    HealthEntity {
        /// Which part.
        kind("entity_type"): Option<HealthEntityKind>,
        /// Meta's id of it.
        id: String,
        /// Whether it can send.
        can_send("can_send_message"): Option<CanSend>,
        /// Whether it can take calls by SIP.
        can_receive_calls("can_receive_call_sip"): Option<String>,
        /// Why it can send only with limits.
        notes("additional_info"): Vec<String>,
        /// Why it cannot send.
        errors: Vec<HealthError>,
    }
    /// Whether a message can be sent now. The whole is as good as the worst part.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/health-status>.
    Health {
        /// Of the whole.
        can_send("can_send_message"): Option<CanSend>,
        /// Of each part.
        entities: Vec<HealthEntity>,
    }
}

impl Health {
    /// Whether nothing may be sent at all.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.can_send == Some(CanSend::Blocked)
    }
    /// Every reason that is given, of every part.
    pub fn errors(&self) -> impl Iterator<Item = &HealthError> {
        self.entities.iter().flat_map(|entity| &entity.errors)
    }
}
