//! The Graph API's routes of blocked people. Who is blocked can neither be written to nor write.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use whatsapp_core::{Span, Timestamp};

use super::accounts::page;
use super::error::GraphError;
use super::fact::Fact;
use super::faults::Route;
use super::lines::LineChange;
use super::office::{Made, of_whatsapp, refused, typed};
use super::routes::{Call, Node, Row, row};
use super::world::World;
use crate::api::PeopleToBlock;
use crate::bounds;
use crate::transport::Verb;

/// The routes of blocked people.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Get, Node::Number, "block_users", Route::Blocks, list),
    row(Verb::Post, Node::Number, "block_users", Route::Blocks, block),
    row(Verb::Delete, Node::Number, "block_users", Route::Blocks, unblock),
];

fn list(world: &mut World, call: &Call) -> Made {
    let blocked = &world.line(call.id()).blocked;
    let all: Vec<Value> = blocked
        .iter()
        .map(|who| {
            let mut person = json!({"messaging_product": "whatsapp"});
            if let (Some(map), Some(wa_id)) = (person.as_object_mut(), world.wa_id(who)) {
                map.insert("wa_id".into(), json!(wa_id));
            }
            if let Some(map) = person.as_object_mut() {
                map.insert("user_id".into(), json!(world.user_id(who)));
            }
            person
        })
        .collect();
    page(&all, call)
}

/// Everybody that a request names: as named, and as this world knows them.
fn people(world: &World, call: &Call) -> Result<Vec<(String, Option<String>)>, GraphError> {
    of_whatsapp(call)?;
    let list: PeopleToBlock = typed(call)?;
    list.check().map_err(refused)?;
    let known = |user: &str| World::person(user).ok().map(|who| world.resolve(&who));
    Ok(list.people.into_iter().map(|one| (one.user.clone(), known(&one.user))).collect())
}

fn card(world: &World, input: &str, who: Option<&str>) -> Value {
    let mut card = json!({ "input": input });
    if let (Some(map), Some(who)) = (card.as_object_mut(), who) {
        if input.contains('.') {
            map.insert("user_id".into(), json!(world.user_id(who)));
        } else {
            map.insert("wa_id".into(), json!(world.wa_id(who)));
        }
    }
    card
}

fn fails(world: &World, input: &str, who: Option<&str>, code: i64) -> Value {
    let mut card = card(world, input, who);
    let error = json!({
        "message": GraphError::status_error(code).get("title"), "code": code,
        "error_data": {"details": crate::explain(code).message},
    });
    if let Some(map) = card.as_object_mut() {
        map.insert("errors".into(), json!([error]));
    }
    card
}

fn block(world: &mut World, call: &Call) -> Made {
    let (mut added, mut failed, mut block) = (Vec::new(), Vec::new(), BTreeSet::new());
    let people = people(world, call)?;
    if world.line(call.id()).blocked.len() + people.len() > bounds::BLOCKED_MAX {
        return Err(GraphError::new(139_101, "The list holds 64,000 people."));
    }
    for (input, who) in people {
        match who {
            Some(who) if world.wrote_lately(call.id(), &who, call.now) => {
                added.push(card(world, &input, Some(&who)));
                block.insert(who);
            }
            Some(who) => failed.push(fails(world, &input, Some(&who), 131_047)),
            None => failed.push(fails(world, &input, None, 131_009)),
        }
    }
    let change = LineChange { block: Some(block), ..LineChange::default() };
    settle(world, call, change, ("added_users", added), failed)
}

fn unblock(world: &mut World, call: &Call) -> Made {
    let (mut removed, mut failed, mut unblock) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (input, who) in people(world, call)? {
        match who {
            Some(who) => {
                removed.push(card(world, &input, Some(&who)));
                unblock.insert(who);
            }
            None => failed.push(fails(world, &input, None, 131_009)),
        }
    }
    let change = LineChange { unblock: Some(unblock), ..LineChange::default() };
    settle(world, call, change, ("removed_users", removed), failed)
}

/// What could be done is done; if some could not, the answer is an error with both lists beside it.
fn settle(
    world: &mut World,
    call: &Call,
    change: LineChange,
    (key, good): (&str, Vec<Value>),
    failed: Vec<Value>,
) -> Made {
    if !good.is_empty() {
        let number = call.id().to_owned();
        world.happen(Fact::Line { number, change: Box::new(change), at: call.now });
    }
    let mut lists = json!({ key: good });
    if let Some(map) = lists.as_object_mut().filter(|_| !failed.is_empty()) {
        map.insert("failed_users".into(), json!(failed));
    }
    let answer = json!({"messaging_product": "whatsapp", "block_users": lists});
    if failed.is_empty() {
        return Ok(answer);
    }
    let why = "Failed to block some users, see the block_users response list for details";
    Err(GraphError::new(139_100, why).with_beside(answer))
}

impl World {
    /// Whether a number has blocked somebody.
    pub(super) fn is_blocked(&self, number: &str, who: &str) -> bool {
        self.line(number).blocked.contains(who)
    }
    fn wrote_lately(&self, number: &str, who: &str, now: Timestamp) -> bool {
        let last = self.windows.get(&(number.to_owned(), who.to_owned()));
        last.is_some_and(|last| now - *last <= Span::hours(bounds::BLOCK_HOURS))
    }
}
