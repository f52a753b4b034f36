//! Messages into groups and out of them: who may write to a group, which statuses its members' phones tell, and when
//! free-form messages may go in. The person of such a message is the group; each member has statuses of their own.

use serde_json::{Map, Value, json};
use whatsapp_core::Timestamp;

use super::accept::Door;
use super::chance::Chance;
use super::error::GraphError;
use super::fact::Planned;
use super::fate::{Course, Sending, Waits, course};
use super::groups::SimGroup;
use super::world::{Sent, World};

/// Whether a message goes to a group: people are named by a number with plus sign, or by an id with a dot.
pub(super) fn is_group(to: &str) -> bool {
    !to.starts_with('+') && !to.contains('.')
}

/// The group that a message of a customer was written into.
pub(super) fn group_in(message: &Value) -> Option<&str> {
    message.get("group_id").and_then(Value::as_str)
}

/// With whom a customer's message opens the window: the group, or the customer.
pub(super) fn partner<'a>(message: &'a Value, from: &'a str) -> &'a str {
    group_in(message).unwrap_or(from)
}

impl World {
    fn group_of(&self, number: &str, id: &str, now: Timestamp) -> Option<&SimGroup> {
        let group = self.office.groups.get(id);
        group.filter(|group| group.number == number && group.born <= now)
    }
    /// A message to a group must name one of the number's own.
    pub(super) fn check_group(
        &self,
        number: &str,
        to: &str,
        now: Timestamp,
    ) -> Result<(), GraphError> {
        if is_group(to) && self.group_of(number, to, now).is_none() {
            return Err(GraphError::new(131_020, "This number has no such group."));
        }
        Ok(())
    }
    /// A customer writes only into groups they are in. Gives the number whose group it is.
    pub(super) fn check_writes_into(
        &self,
        id: &str,
        from: &str,
        number: Option<&str>,
        now: Timestamp,
    ) -> Result<String, String> {
        let group = self.office.groups.get(id).filter(|group| group.born <= now);
        let group = group.filter(|group| number.is_none_or(|number| number == group.number));
        let group = group.ok_or("group_id: this number has no such group")?;
        if !group.people.contains(from) {
            return Err(format!("from: {from} is not in this group; let them join first"));
        }
        Ok(group.number.clone())
    }
    fn members(&self, id: &str) -> impl Iterator<Item = &String> {
        self.office.groups.get(id).into_iter().flat_map(|group| &group.people)
    }
    /// Whose phones a message waits for that waits for a phone.
    pub(super) fn phones_off(&self, to: &str) -> Vec<String> {
        if !is_group(to) {
            return vec![to.to_owned()];
        }
        self.members(to).filter(|who| self.is_off(who)).cloned().collect()
    }
    /// The statuses of a message to a group: sent once, all others of each member.
    pub(super) fn group_plan(
        &self,
        chance: &mut Chance,
        sending: &Sending<'_>,
    ) -> (Vec<Planned>, Option<Waits>) {
        let at = sending.now + chance.span(self.faults.speed.sent_ms);
        let mut plan = vec![Planned::new("sent", at)];
        for who in self.members(sending.to) {
            if !self.is_off(who) && !self.is_unreachable(sending.number, who) {
                plan.extend(self.member_plan(chance, sending.body, sending.open, who, at));
            }
        }
        let waits = self.members(sending.to).any(|who| self.is_off(who));
        (plan, waits.then_some(Waits::Phone))
    }
    /// What one member's phone tells of a message that was sent.
    pub(super) fn member_plan(
        &self,
        chance: &mut Chance,
        body: &Value,
        open: bool,
        who: &str,
        at: Timestamp,
    ) -> Vec<Planned> {
        let receipts = self.shows_receipts(who);
        let of = Course { body, open, receipts, resumes: true, off: false, at };
        let plan = course(&self.faults.speed, chance, &of).into_iter();
        plan.map(|planned| Planned { member: Some(who.into()), ..planned }).collect()
    }
    /// A message to a group goes on: to all its members, or to the one whose phone is on again.
    pub(super) fn resume_group(&mut self, place: usize, who: Option<&str>, at: Timestamp) {
        let Some(sent) = self.sent.get(place).cloned() else { return };
        let mut chance = Chance::named(self.seed, &format!("{} {}", sent.wamid, at.micros()));
        let body = sent.body.value();
        let open = self.window_is_open(&sent.number, &sent.to, at);
        let plan = match who {
            Some(who) if self.is_unreachable(&sent.number, who) => Vec::new(),
            Some(who) => self.member_plan(&mut chance, &body, open, who, at),
            None => {
                let (number, to, door) = (sent.number.as_str(), sent.to.as_str(), Door::Messages);
                let again =
                    Sending { number, to, body: &body, template: None, open, now: at, door };
                for who in self.phones_off(to) {
                    self.fates.park(who, place);
                }
                self.group_plan(&mut chance, &again).0
            }
        };
        self.add_statuses(place, plan);
    }
    /// To whom a status is: a group and which of its members, or a person.
    pub(super) fn name_recipient(
        &self,
        item: &mut Map<String, Value>,
        sent: &Sent,
        planned: &Planned,
    ) {
        if !is_group(&sent.to) {
            let keys = ["recipient_id", "recipient_user_id", "recipient_parent_user_id"];
            return self.name_person(item, &sent.to, keys);
        }
        item.insert("recipient_id".into(), json!(sent.to));
        item.insert("recipient_type".into(), json!("group"));
        if let Some(who) = &planned.member {
            let keys = [
                "recipient_participant_id",
                "recipient_participant_user_id",
                "recipient_participant_parent_user_id",
            ];
            self.name_person(item, who, keys);
        }
    }
}

/// Whose card stands beside a status: the member's, or the person's.
pub(super) fn card_of<'a>(sent: &'a Sent, planned: &'a Planned) -> Option<&'a str> {
    match &planned.member {
        Some(who) => Some(who),
        None => Some(sent.to.as_str()).filter(|to| !is_group(to)),
    }
}
