//! Contact cards. Never checks them: that is done before the call.

use serde::{Deserialize, Serialize};

/// Contact cards: 1 to 257.
///
/// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/contacts-messages>
///
/// ```
/// use whatsapp_cloud::message::{Contact, Contacts, PhoneEntry};
/// use whatsapp_core::Content;
///
/// let support = Contact::new("Nimbus Support")
///     .first_name("Nimbus")
///     .phone(PhoneEntry::new("+15550142207").kind("WORK").wa_id("15550142207"))
///     .company("Nimbus Outdoor");
/// assert_eq!(Content::from(Contacts::from(vec![support])).kind(), "contacts");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Contacts(
    /// The cards.
    pub Vec<Contact>,
);

impl From<Vec<Contact>> for Contacts {
    fn from(cards: Vec<Contact>) -> Self {
        Self(cards)
    }
}

impl From<Contact> for Contacts {
    fn from(card: Contact) -> Self {
        Self(vec![card])
    }
}

/// One card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Contact {
    /// The name.
    pub name: Name,
    /// Where they live or work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday: Option<String>,
    /// Addresses for electronic mail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Email>,
    /// Where they work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<Organization>,
    /// Their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<PhoneEntry>,
    /// Their pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<WebAddress>,
}

impl Contact {
    /// A card with the name as it is shown. Meta wants one other part of the name with it.
    #[must_use]
    pub fn new(formatted_name: impl Into<String>) -> Self {
        let name = Name { formatted_name: formatted_name.into(), ..Name::default() };
        Self { name, ..Self::default() }
    }
    /// With the first name.
    #[must_use]
    pub fn first_name(mut self, name: impl Into<String>) -> Self {
        self.name.first_name = Some(name.into());
        self
    }
    /// With the last name.
    #[must_use]
    pub fn last_name(mut self, name: impl Into<String>) -> Self {
        self.name.last_name = Some(name.into());
        self
    }
    /// With a number.
    #[must_use]
    pub fn phone(mut self, phone: PhoneEntry) -> Self {
        self.phones.push(phone);
        self
    }
    /// With an address for electronic mail.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>, kind: impl Into<String>) -> Self {
        self.emails.push(Email { email: Some(email.into()), kind: Some(kind.into()) });
        self
    }
    /// With a page.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>, kind: impl Into<String>) -> Self {
        self.urls.push(WebAddress { url: Some(url.into()), kind: Some(kind.into()) });
        self
    }
    /// With an address.
    #[must_use]
    pub fn address(mut self, address: Address) -> Self {
        self.addresses.push(address);
        self
    }
    /// With the firm they work for.
    #[must_use]
    pub fn company(mut self, company: impl Into<String>) -> Self {
        self.org.get_or_insert_default().company = Some(company.into());
        self
    }
    /// With the day they were born, `YYYY-MM-DD`.
    #[must_use]
    pub fn birthday(mut self, day: impl Into<String>) -> Self {
        self.birthday = Some(day.into());
        self
    }
}

/// A name, whole and in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Name {
    /// As it is shown.
    pub formatted_name: String,
    /// First name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Middle name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// What comes after, such as `Jr`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// What comes before, such as `Dr`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
}

/// Where somebody lives or works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Street and house.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Short name of the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zip: Option<String>,
    /// Country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Its two letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// Free word, such as `HOME`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// An address for electronic mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Email {
    /// The address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Free word, such as `WORK`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// Where somebody works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// The firm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// The part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// The office held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// A number on a card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PhoneEntry {
    /// As it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Free word, such as `CELL`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The number as WhatsApp knows it: with it the card has a button "Message".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wa_id: Option<String>,
}

impl PhoneEntry {
    /// A number as it is shown.
    #[must_use]
    pub fn new(phone: impl Into<String>) -> Self {
        Self { phone: Some(phone.into()), ..Self::default() }
    }
    /// With a free word, such as `CELL`.
    #[must_use]
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = Some(kind.into());
        self
    }
    /// With the number as WhatsApp knows it, in digits.
    #[must_use]
    pub fn wa_id(mut self, wa_id: impl Into<String>) -> Self {
        self.wa_id = Some(wa_id.into());
        self
    }
}

/// A page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebAddress {
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Free word, such as `WORK`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}
