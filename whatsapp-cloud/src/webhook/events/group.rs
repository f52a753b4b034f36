//! Groups, from the wire. Experimental: Meta opens groups to few, and some keys are known from one source only.

use serde_json::Value;
use whatsapp_core::{Identity, Timestamp};

use super::status::{StatusError, errors};
use crate::webhook::Inbound;
use crate::webhook::read::Reader;
use crate::webhook::wire::{flag_of, identity, list, part, text_of, time_of};

/// A group was made, joined, left, changed or suspended. (Experimental.)
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/groups>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GroupEvent {
    /// What it is about.
    pub kind: GroupEventKind,
    /// Meta's word: `group_create`, `group_participants_add` …
    pub event: String,
    /// Meta's id of the group; absent if it could not be made.
    pub group_id: Option<String>,
    /// The id of our call that led to this.
    pub request_id: Option<String>,
    /// The name.
    pub subject: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// By which people join.
    pub invite_link: Option<String>,
    /// `approval_required` or `auto_approve`.
    pub join_approval_mode: Option<String>,
    /// Why somebody came or went, e.g. `invite_link`.
    pub reason: Option<String>,
    /// `business` or `participant`.
    pub initiated_by: Option<String>,
    /// The id of a request to join.
    pub join_request_id: Option<String>,
    /// Who asks to join.
    pub asking: Identity,
    /// Who came.
    pub added: Vec<GroupParticipant>,
    /// Who went.
    pub removed: Vec<GroupParticipant>,
    /// With whom it did not work.
    pub failed: Vec<GroupParticipant>,
    /// The new picture.
    pub picture: Option<GroupPicture>,
    /// Why it did not work.
    pub errors: Vec<StatusError>,
    /// When.
    pub at: Timestamp,
    /// The item of `groups` as Meta wrote it.
    pub raw: Value,
}

/// What a group's event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GroupEventKind {
    /// Made or deleted.
    Lifecycle,
    /// People.
    Participants,
    /// Name, description, picture.
    Settings,
    /// Suspended or free again.
    Status,
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GroupParticipant {
    /// Who.
    pub identity: Identity,
    /// The person's username.
    pub username: Option<String>,
    /// As our call named the person.
    pub input: Option<String>,
    /// Why it did not work.
    pub errors: Vec<StatusError>,
}

/// A group's picture.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GroupPicture {
    /// Its MIME type.
    pub mime: Option<String>,
    /// SHA-256 as Meta writes it.
    pub sha256: Option<String>,
    /// Whether it was taken.
    pub updated: Option<bool>,
}

/// Reads one item of `groups`.
pub(in crate::webhook) fn group(reader: &mut Reader<'_>, item: Value) -> Result<Inbound, Value> {
    let Some(event) = text_of(&item, "type") else { return Err(item) };
    let kind = match reader.field {
        "group_lifecycle_update" => GroupEventKind::Lifecycle,
        "group_settings_update" => GroupEventKind::Settings,
        "group_status_update" => GroupEventKind::Status,
        _ => GroupEventKind::Participants,
    };
    // What our call named stands in blocks where it changed, and plain where the group is new.
    let text = |key: &str, block: &str| {
        text_of(&item, key).or_else(|| part(&item, block).and_then(|b| text_of(b, "text")))
    };
    Ok(Inbound::Group(Box::new(GroupEvent {
        kind,
        event,
        group_id: text_of(&item, "group_id"),
        request_id: text_of(&item, "request_id"),
        subject: text("subject", "group_subject"),
        description: text("description", "group_description"),
        invite_link: text_of(&item, "invite_link"),
        join_approval_mode: text_of(&item, "join_approval_mode"),
        reason: text_of(&item, "reason"),
        initiated_by: text_of(&item, "initiated_by"),
        join_request_id: text_of(&item, "join_request_id"),
        asking: identity(&item, "wa_id", "user_id"),
        added: participants(&item, "added_participants"),
        removed: participants(&item, "removed_participants"),
        failed: participants(&item, "failed_participants"),
        picture: part(&item, "profile_picture").map(picture),
        errors: errors(&item),
        at: time_of(&item, "timestamp").unwrap_or_else(|| reader.moment()),
        raw: item,
    })))
}

fn participants(item: &Value, key: &str) -> Vec<GroupParticipant> {
    let one = |person: &Value| {
        let mut who = identity(person, "wa_id", "user_id");
        let input = text_of(person, "input");
        who.phone = who.phone.or_else(|| identity(person, "input", "").phone);
        GroupParticipant {
            identity: who,
            username: text_of(person, "username"),
            input,
            errors: errors(person),
        }
    };
    list(item, key).map(one).collect()
}

fn picture(picture: &Value) -> GroupPicture {
    GroupPicture {
        mime: text_of(picture, "mime_type"),
        sha256: text_of(picture, "sha256"),
        updated: flag_of(picture, "update_successful"),
    }
}
