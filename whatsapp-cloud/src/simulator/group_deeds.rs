//! What becomes of a group, and what is told of it by webhook.

use serde_json::{Map, Value, json};
use whatsapp_core::{Span, Timestamp};

use super::error::GraphError;
use super::groups::{GroupDeed, SimGroup};
use super::hooks::Slot;
use super::world::World;

const LIFE: Slot = Slot::Groups("group_lifecycle_update");
const PEOPLE: Slot = Slot::Groups("group_participants_update");
const SETTINGS: Slot = Slot::Groups("group_settings_update");

impl World {
    pub(super) fn apply_group(&mut self, number: &str, deed: GroupDeed, at: Timestamp) {
        match deed {
            GroupDeed::Made { id, request, group } => self.apply_made(number, id, &request, group),
            GroupDeed::Full { request, subject } => {
                let errors = [GraphError::status_error(131_211)];
                let more = json!({"request_id": request, "subject": subject, "errors": errors});
                self.tell_group(number, at + Span::seconds(2), LIFE, None, "group_create", more);
            }
            GroupDeed::Changed { id, request, subject, description } => {
                let Some(group) = self.office.groups.get_mut(&id) else { return };
                let mut more = json!({ "request_id": request });
                for (key, own, new) in [
                    ("group_subject", &mut group.subject, subject),
                    ("group_description", &mut group.description, description),
                ] {
                    let Some(new) = new else { continue };
                    if let Some(map) = more.as_object_mut() {
                        map.insert(key.into(), json!({"text": new, "update_successful": true}));
                    }
                    *own = new;
                }
                self.tell_group(number, at, SETTINGS, Some(&id), "group_settings_update", more);
            }
            GroupDeed::Deleted { id, request } => {
                self.office.groups.remove(&id);
                let more = json!({ "request_id": request });
                self.tell_group(number, at, LIFE, Some(&id), "group_delete", more);
            }
            GroupDeed::Linked { id, link } => {
                if let Some(group) = self.office.groups.get_mut(&id) {
                    group.link = link;
                }
            }
            other => self.apply_people(number, other, at),
        }
    }
    fn apply_made(&mut self, number: &str, id: String, request: &str, group: SimGroup) {
        let mode = if group.approval { "approval_required" } else { "auto_approve" };
        let more = json!({
            "request_id": request, "subject": group.subject, "invite_link": group.link,
            "join_approval_mode": mode,
        });
        let born = group.born;
        self.office.groups.insert(id.clone(), group);
        self.tell_group(number, born, LIFE, Some(&id), "group_create", more);
    }
    fn apply_people(&mut self, number: &str, deed: GroupDeed, at: Timestamp) {
        match deed {
            GroupDeed::Joined { id, who } => self.apply_joined(number, &id, &[who], at),
            GroupDeed::Wants { id, who, request } => {
                self.meet(&who);
                let mut more = self.participant(&who);
                if let Some(map) = more.as_object_mut() {
                    map.insert("join_request_id".into(), json!(request));
                }
                if let Some(group) = self.office.groups.get_mut(&id) {
                    group.wants.insert(request, (who, at));
                }
                let kind = "group_join_request_created";
                self.tell_group(number, at, PEOPLE, Some(&id), kind, more);
            }
            GroupDeed::Answered { id, requests, let_in } => {
                let Some(group) = self.office.groups.get_mut(&id) else { return };
                let wants = requests.iter().filter_map(|request| group.wants.remove(request));
                let who: Vec<String> = wants.map(|(who, _)| who).collect();
                if let_in && !who.is_empty() {
                    self.apply_joined(number, &id, &who, at);
                }
            }
            GroupDeed::Removed { id, who, request } => {
                let Some(group) = self.office.groups.get_mut(&id) else { return };
                group.people.retain(|one| !who.contains(one));
                let people: Vec<Value> =
                    who.iter().map(|who| json!({"input": who.trim_start_matches('+')})).collect();
                let more = json!({
                    "request_id": request, "initiated_by": "business", "removed_participants": people,
                });
                let kind = "group_participants_remove";
                self.tell_group(number, at, PEOPLE, Some(&id), kind, more);
            }
            GroupDeed::Left { id, who } => {
                let Some(group) = self.office.groups.get_mut(&id) else { return };
                group.people.remove(&who);
                let more = json!({
                    "initiated_by": "participant", "removed_participants": [self.participant(&who)],
                });
                let kind = "group_participants_remove";
                self.tell_group(number, at, PEOPLE, Some(&id), kind, more);
            }
            // All others are no change of who is in it.
            _ => {}
        }
    }
    fn apply_joined(&mut self, number: &str, id: &str, who: &[String], at: Timestamp) {
        for one in who {
            self.meet(one);
        }
        let Some(group) = self.office.groups.get_mut(id) else { return };
        group.people.extend(who.iter().cloned());
        let people: Vec<Value> = who.iter().map(|one| self.participant(one)).collect();
        let more = json!({"reason": "invite_link", "added_participants": people});
        self.tell_group(number, at, PEOPLE, Some(id), "group_participants_add", more);
    }
    fn tell_group(
        &mut self,
        number: &str,
        at: Timestamp,
        slot: Slot,
        id: Option<&str>,
        kind: &str,
        more: Value,
    ) {
        let mut item = Map::new();
        item.insert("timestamp".into(), json!(at.seconds()));
        item.extend(id.map(|id| ("group_id".to_owned(), json!(id))));
        item.insert("type".into(), json!(kind));
        item.extend(more.as_object().cloned().unwrap_or_default());
        self.tell(number, at, slot, None, Value::Object(item));
    }
}
