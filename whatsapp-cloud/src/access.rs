//! Whose token, which number, which account: the credential of one call. Never read from the surroundings,
//! never logged.

use whatsapp_core::Secret;

/// The credential of one call. One client serves all tenants; who is spoken for stands at the call.
#[derive(Clone, Debug)]
pub struct Access {
    /// The access token.
    pub token: Secret,
    /// Meta's id of the business phone number.
    pub phone_number_id: String,
    /// Meta's id of the WhatsApp Business Account.
    pub waba_id: String,
}

impl Access {
    /// From its parts.
    #[must_use]
    pub fn new(
        token: Secret,
        phone_number_id: impl Into<String>,
        waba_id: impl Into<String>,
    ) -> Self {
        Self { token, phone_number_id: phone_number_id.into(), waba_id: waba_id.into() }
    }
}
