//! Groups, as far as a business sees them: made, joined by a link, changed, left. Messages into
//! them are in `group_sends`. Nothing asks whether a business may have groups at all.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use whatsapp_core::{Span, Timestamp};

use super::accounts::page;
use super::error::GraphError;
use super::faults::Route;
use super::office::{Deed, Made, done, of_whatsapp, refused, select, typed};
use super::routes::{Call, Node, Row, row};
use super::world::World;
use crate::api::{GroupChange, NewGroup};
use crate::bounds;
use crate::transport::Verb;

/// The routes of groups.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Get, Node::Number, "groups", Route::Groups, list),
    row(Verb::Post, Node::Number, "groups", Route::Groups, make),
    row(Verb::Get, Node::Group, "", Route::Groups, details),
    row(Verb::Post, Node::Group, "", Route::Groups, change),
    row(Verb::Delete, Node::Group, "", Route::Groups, delete),
    row(Verb::Get, Node::Group, "invite_link", Route::Groups, link),
    row(Verb::Post, Node::Group, "invite_link", Route::Groups, renew),
    row(Verb::Delete, Node::Group, "participants", Route::Groups, remove),
    row(Verb::Get, Node::Group, "join_requests", Route::Groups, requests),
    row(Verb::Post, Node::Group, "join_requests", Route::Groups, approve),
    row(Verb::Delete, Node::Group, "join_requests", Route::Groups, reject),
];

/// A group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SimGroup {
    pub(super) number: String,
    pub(super) subject: String,
    pub(super) description: String,
    pub(super) approval: bool,
    /// When it is there: a little after it was asked for.
    pub(super) born: Timestamp,
    pub(super) link: String,
    pub(super) people: BTreeSet<String>,
    /// Who wants in, by the id of the request.
    pub(super) wants: BTreeMap<String, (String, Timestamp)>,
}

/// Something about a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum GroupDeed {
    Made { id: String, request: String, group: SimGroup },
    Full { request: String, subject: String },
    Changed { id: String, request: String, subject: Option<String>, description: Option<String> },
    Deleted { id: String, request: String },
    Linked { id: String, link: String },
    Joined { id: String, who: String },
    Wants { id: String, who: String, request: String },
    Answered { id: String, requests: Vec<String>, let_in: bool },
    Removed { id: String, who: BTreeSet<String>, request: String },
    Left { id: String, who: String },
}

/// How long Meta takes to make one.
const MAKING: Span = Span::seconds(2);

fn own<'a>(world: &'a World, call: &Call) -> Result<&'a SimGroup, GraphError> {
    let group = world.office.groups.get(call.id()).filter(|group| group.born <= call.now);
    group.ok_or_else(|| GraphError::no_object(call.id()))
}

fn act(world: &mut World, call: &Call, number: String, deed: GroupDeed) {
    world.deed(call.now, Deed::Group { number, deed: Box::new(deed) });
}

fn asked(request: &str) -> Value {
    json!({"messaging_product": "whatsapp", "request_id": request})
}

fn link_of(code: &str) -> String {
    format!("https://chat.whatsapp.com/{code}")
}

fn make(world: &mut World, call: &Call) -> Made {
    of_whatsapp(call)?;
    let wish: NewGroup = typed(call)?;
    wish.check().map_err(refused)?;
    let mut chance = world.chance();
    let (request, number) = (chance.hex(32).to_uppercase(), call.id().to_owned());
    let count = world.office.groups.values().filter(|group| group.number == number).count();
    if count >= bounds::GROUPS_MAX {
        let deed = GroupDeed::Full { request: request.clone(), subject: wish.subject };
        act(world, call, number, deed);
        return Ok(asked(&request));
    }
    let approval = wish.join_approval_mode.as_ref();
    let group = SimGroup {
        number: number.clone(),
        subject: wish.subject,
        description: wish.description.unwrap_or_default(),
        approval: approval.is_some_and(|mode| mode.as_str() == "approval_required"),
        born: call.now + MAKING,
        link: link_of(&chance.hex(22)),
        people: BTreeSet::new(),
        wants: BTreeMap::new(),
    };
    let id = format!("Y2FwaV9ncm91cDo{}", chance.hex(40));
    act(world, call, number, GroupDeed::Made { id, request: request.clone(), group });
    Ok(asked(&request))
}

fn list(world: &mut World, call: &Call) -> Made {
    let there = world.office.groups.iter();
    let there = there.filter(|(_, group)| group.number == call.id() && group.born <= call.now);
    let shown = |(id, group): (&String, &SimGroup)| json!({"id": id, "subject": group.subject, "created_at": group.born.to_rfc3339()});
    let all: Vec<Value> = there.map(shown).collect();
    let mut answer = page(&all, call)?;
    // This list is nested once more than others.
    if let Some(data) = answer.get_mut("data") {
        *data = json!({"groups": data.take()});
    }
    Ok(answer)
}

fn details(world: &mut World, call: &Call) -> Made {
    let group = own(world, call)?;
    let people: Vec<Value> = group.people.iter().map(|who| world.participant(who)).collect();
    let all = json!({
        "id": call.id(), "messaging_product": "whatsapp", "subject": group.subject,
        "description": group.description, "suspended": false,
        "join_approval_mode": if group.approval { "approval_required" } else { "auto_approve" },
        "creation_timestamp": group.born.seconds(), "participants": people,
        "total_participant_count": people.len(),
    });
    Ok(select(all, call, &["messaging_product"]))
}

fn change(world: &mut World, call: &Call) -> Made {
    of_whatsapp(call)?;
    let wish: GroupChange = typed(call)?;
    wish.check().map_err(refused)?;
    let number = own(world, call)?.number.clone();
    let (id, request) = (call.id().to_owned(), world.chance().hex(32).to_uppercase());
    let (subject, description) = (wish.subject, wish.description);
    let deed = GroupDeed::Changed { id, request: request.clone(), subject, description };
    act(world, call, number, deed);
    Ok(asked(&request))
}

fn delete(world: &mut World, call: &Call) -> Made {
    let number = own(world, call)?.number.clone();
    let (id, request) = (call.id().to_owned(), world.chance().hex(32).to_uppercase());
    act(world, call, number, GroupDeed::Deleted { id, request });
    done()
}

fn link(world: &mut World, call: &Call) -> Made {
    let link = own(world, call)?.link.clone();
    Ok(json!({"messaging_product": "whatsapp", "invite_link": link}))
}

fn renew(world: &mut World, call: &Call) -> Made {
    let number = own(world, call)?.number.clone();
    let link = link_of(&world.chance().hex(22));
    act(world, call, number, GroupDeed::Linked { id: call.id().to_owned(), link: link.clone() });
    Ok(json!({"messaging_product": "whatsapp", "invite_link": link}))
}

fn remove(world: &mut World, call: &Call) -> Made {
    of_whatsapp(call)?;
    let named = call.json()?.get("participants").and_then(Value::as_array).cloned();
    let named = named.unwrap_or_default();
    bounds::over("participants", named.len(), bounds::GROUP_PEOPLE_MAX, "people")
        .map_err(refused)?;
    let who = |one: &Value| {
        let user = one.get("user").and_then(Value::as_str).unwrap_or_default();
        World::person(user).map(|who| world.resolve(&who))
    };
    let who: Result<BTreeSet<String>, String> = named.iter().map(who).collect();
    let who = who.map_err(|why| GraphError::new(100, why))?;
    let group = own(world, call)?;
    if who.is_empty() || !who.is_subset(&group.people) {
        return Err(GraphError::new(131_204, "Some of these people are not in the group."));
    }
    let (number, id) = (group.number.clone(), call.id().to_owned());
    let request = world.chance().hex(32).to_uppercase();
    act(world, call, number, GroupDeed::Removed { id, who, request: request.clone() });
    Ok(asked(&request))
}

fn requests(world: &mut World, call: &Call) -> Made {
    let group = own(world, call)?;
    let shown = |(id, (who, at)): (&String, &(String, Timestamp))| {
        json!({
            "join_request_id": id, "wa_id": world.wa_id(who), "user_id": world.user_id(who),
            "creation_timestamp": at.seconds(),
        })
    };
    let all: Vec<Value> = group.wants.iter().map(shown).collect();
    page(&all, call)
}

fn approve(world: &mut World, call: &Call) -> Made {
    answer(world, call, true)
}

fn reject(world: &mut World, call: &Call) -> Made {
    answer(world, call, false)
}

fn answer(world: &mut World, call: &Call, let_in: bool) -> Made {
    of_whatsapp(call)?;
    let named = call.json()?.get("join_requests").and_then(Value::as_array);
    let named = named.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    let group = own(world, call)?;
    let (good, bad): (Vec<String>, Vec<String>) =
        named.partition(|id| group.wants.contains_key(id));
    let room = bounds::GROUP_PEOPLE_MAX.saturating_sub(group.people.len());
    if let_in && good.len() > room {
        return Err(GraphError::new(131_209, "The group takes eight people."));
    }
    let (number, id) = (group.number.clone(), call.id().to_owned());
    let failed: Vec<Value> = bad
        .iter()
        .map(|id| json!({"join_request_id": id, "errors": [GraphError::status_error(131_204)]}))
        .collect();
    let key = if let_in { "approved_join_requests" } else { "rejected_join_requests" };
    let mut answer = json!({"messaging_product": "whatsapp", key: good});
    if let Some(map) = answer.as_object_mut().filter(|_| !failed.is_empty()) {
        map.insert("failed_join_requests".into(), json!(failed));
    }
    act(world, call, number, GroupDeed::Answered { id, requests: good, let_in });
    Ok(answer)
}

impl World {
    pub(super) fn participant(&self, who: &str) -> Value {
        let mut map = Map::new();
        self.name_person(&mut map, who, ["wa_id", "user_id", "parent_user_id"]);
        Value::Object(map)
    }
    /// Somebody follows the link of a group, or leaves it.
    pub(super) fn join_group(
        &mut self,
        now: Timestamp,
        id: &str,
        who: &str,
        leave: bool,
    ) -> Result<(), String> {
        let who = Self::person(who)?;
        let group = self.office.groups.get(id).filter(|group| group.born <= now);
        let group = group.ok_or("there is no such group")?;
        let (inside, id) = (group.people.contains(&who), id.to_owned());
        let deed = match (leave, group.approval) {
            (true, _) if !inside => return Err("who: this person is not in the group".to_owned()),
            (true, _) => GroupDeed::Left { id, who },
            (false, _) if inside => return Err("who: this person is in the group".to_owned()),
            (false, true) => GroupDeed::Wants { id, who, request: self.chance().hex(16) },
            (false, false) if group.people.len() >= bounds::GROUP_PEOPLE_MAX => {
                return Err("the group takes eight people".to_owned());
            }
            (false, false) => GroupDeed::Joined { id, who },
        };
        let number = group.number.clone();
        self.deed(now, Deed::Group { number, deed: Box::new(deed) });
        Ok(())
    }
}
