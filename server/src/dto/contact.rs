//! People and groups as the API shows them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use whatsapp_core as core;
use whatsapp_core::{Email, Id, Phone};
use whatsapp_platform::workspace::ContactPatch;

use super::{Named, time};

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Contact {
    id: String,
    #[schema(required = true)]
    name: Option<String>,
    #[schema(required = true, example = "+5511981234567")]
    phone: Option<String>,
    /// Meta's business-scoped user id.
    #[schema(required = true)]
    bsuid: Option<String>,
    #[schema(required = true)]
    email: Option<String>,
    tags: Vec<String>,
    fields: BTreeMap<String, String>,
    /// Whether the person wants no marketing.
    opted_out: bool,
    #[schema(example = "api")]
    source: &'static str,
    groups: Vec<Named>,
    created_at: String,
    updated_at: String,
}

impl Contact {
    pub(crate) fn new(contact: core::Contact, groups: Vec<(Id<core::Group>, String)>) -> Self {
        Self {
            opted_out: !contact.accepts_marketing(),
            id: contact.id.to_string(),
            name: contact.name,
            phone: contact.phone.map(String::from),
            bsuid: contact.bsuid,
            email: contact.email.map(String::from),
            tags: contact.tags,
            fields: contact.fields,
            source: contact.source.as_str(),
            groups: groups.into_iter().map(|(id, name)| Named::new(id, name)).collect(),
            created_at: time(contact.created_at),
            updated_at: time(contact.updated_at),
        }
    }
}

/// A person to be added; one with the same number is changed instead.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ContactInput {
    name: Option<String>,
    /// With its country code: `+5511981234567`.
    #[schema(value_type = Option<String>)]
    phone: Option<Phone>,
    #[schema(value_type = Option<String>)]
    email: Option<Email>,
    tags: Vec<String>,
    /// Your own fields.
    fields: BTreeMap<String, String>,
}

impl From<ContactInput> for core::NewContact {
    fn from(body: ContactInput) -> Self {
        let mut new = Self::default();
        new.name = body.name;
        new.phone = body.phone;
        new.email = body.email;
        new.tags = body.tags;
        new.fields = body.fields;
        new
    }
}

/// What is to change; a field that is not there stays, `null` takes the value away.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ContactUpdate {
    #[serde(deserialize_with = "super::some")]
    #[schema(value_type = Option<String>)]
    name: Option<Option<String>>,
    #[serde(deserialize_with = "super::some")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<Phone>>,
    #[serde(deserialize_with = "super::some")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<Email>>,
    tags: Option<Vec<String>>,
    fields: Option<BTreeMap<String, String>>,
    opted_out: Option<bool>,
}

impl From<ContactUpdate> for ContactPatch {
    fn from(body: ContactUpdate) -> Self {
        Self {
            name: body.name,
            phone: body.phone,
            email: body.email,
            tags: body.tags,
            fields: body.fields,
            opted_out: body.opted_out,
        }
    }
}

/// A list of people made by hand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Group {
    id: String,
    name: String,
    description: String,
    member_count: i64,
    created_at: String,
}

impl From<core::Group> for Group {
    fn from(group: core::Group) -> Self {
        Self {
            id: group.id.to_string(),
            name: group.name,
            description: group.description,
            member_count: group.member_count,
            created_at: time(group.created_at),
        }
    }
}

/// A group to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupInput {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: String,
}

/// What is to change in a group.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct GroupPatch {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
}

/// People to be put into a group, or taken out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupMembers {
    #[schema(value_type = Vec<String>)]
    pub(crate) contact_ids: Vec<Id<core::Contact>>,
}

/// How many came in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Added {
    pub(crate) added: u64,
}

/// How many went out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Removed {
    pub(crate) removed: u64,
}
