//! Contact cards that a customer shared. Every part may be missing, even the name.

use serde_json::Value;
use whatsapp_core::Phone;

use crate::webhook::wire::{list, part, phone_of, text_of};

/// A contact card.
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples#contacts-messages>
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SharedContact {
    /// `contact_request` if it answers our question for the number, else `other`.
    pub origin: Option<String>,
    /// The whole card in vCard form.
    pub vcard: Option<String>,
    /// What the contact is called.
    pub name: Option<ContactName>,
    /// Numbers.
    pub phones: Vec<ContactPhone>,
    /// Mail addresses.
    pub emails: Vec<ContactLine>,
    /// Pages.
    pub urls: Vec<ContactLine>,
    /// Postal addresses.
    pub addresses: Vec<ContactAddress>,
    /// Where the contact works.
    pub company: Option<ContactCompany>,
    /// `YYYY-MM-DD`, as the phone wrote it.
    pub birthday: Option<String>,
    /// The card as Meta wrote it.
    pub raw: Value,
}

/// What a contact is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactName {
    /// As it is shown.
    pub formatted: Option<String>,
    /// First name.
    pub first: Option<String>,
    /// Middle name.
    pub middle: Option<String>,
    /// Last name.
    pub last: Option<String>,
    /// Before the name: `Dr.`
    pub prefix: Option<String>,
    /// After the name: `jun.`
    pub suffix: Option<String>,
}

/// A number on a card.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactPhone {
    /// As the phone wrote it.
    pub text: Option<String>,
    /// The WhatsApp number, if it is one.
    pub phone: Option<Phone>,
    /// `CELL`, `WORK` …
    pub kind: Option<String>,
}

/// A mail address or page on a card.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactLine {
    /// The address.
    pub text: String,
    /// `HOME`, `WORK` …
    pub kind: Option<String>,
}

/// A postal address on a card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactAddress {
    /// Street and house.
    pub street: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// Postal code.
    pub zip: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Country in two letters.
    pub country_code: Option<String>,
    /// `HOME`, `WORK` …
    pub kind: Option<String>,
}

/// Where a contact works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactCompany {
    /// The company.
    pub name: Option<String>,
    /// The part of it.
    pub department: Option<String>,
    /// The contact's title there.
    pub title: Option<String>,
}

/// Reads one card.
pub(super) fn read(card: &Value) -> SharedContact {
    SharedContact {
        origin: text_of(card, "origin"),
        vcard: text_of(card, "vcard"),
        name: part(card, "name").map(name),
        phones: list(card, "phones").map(phone).collect(),
        emails: lines(card, "emails", "email"),
        urls: lines(card, "urls", "url"),
        addresses: list(card, "addresses").map(address).collect(),
        company: part(card, "org").map(company),
        birthday: text_of(card, "birthday"),
        raw: card.clone(),
    }
}

fn name(name: &Value) -> ContactName {
    ContactName {
        formatted: text_of(name, "formatted_name"),
        first: text_of(name, "first_name"),
        middle: text_of(name, "middle_name"),
        last: text_of(name, "last_name"),
        prefix: text_of(name, "prefix"),
        suffix: text_of(name, "suffix"),
    }
}

fn phone(phone: &Value) -> ContactPhone {
    ContactPhone {
        text: text_of(phone, "phone"),
        phone: phone_of(phone, "wa_id"),
        kind: text_of(phone, "type"),
    }
}

fn lines(card: &Value, key: &str, inner: &str) -> Vec<ContactLine> {
    let line = |line: &Value| {
        Some(ContactLine { text: text_of(line, inner)?, kind: text_of(line, "type") })
    };
    list(card, key).filter_map(line).collect()
}

fn address(address: &Value) -> ContactAddress {
    ContactAddress {
        street: text_of(address, "street"),
        city: text_of(address, "city"),
        state: text_of(address, "state"),
        zip: text_of(address, "zip"),
        country: text_of(address, "country"),
        country_code: text_of(address, "country_code"),
        kind: text_of(address, "type"),
    }
}

fn company(company: &Value) -> ContactCompany {
    ContactCompany {
        name: text_of(company, "company"),
        department: text_of(company, "department"),
        title: text_of(company, "title"),
    }
}
