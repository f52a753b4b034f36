//! What the control routes and the phone page show of the world.

use serde_json::{Value, json};
use whatsapp_core::Timestamp;

use super::body::kind_of;
use super::group_sends::{group_in, is_group, partner};
use super::template_view;
use super::world::{Sent, World, Wrote};

impl World {
    /// `GET /_sim/world`.
    pub(super) fn view_world(&self, url: &str) -> Value {
        let wabas: Vec<Value> = self
            .wabas
            .iter()
            .map(|waba| {
                let numbers: Vec<Value> = waba
                    .numbers
                    .iter()
                    .map(|n| json!({"id": n.id, "phone": n.phone, "verified_name": waba.name}))
                    .collect();
                json!({"id": waba.id, "name": waba.name, "phone_numbers": numbers})
            })
            .collect();
        json!({
            "url": url,
            "app": {"id": self.app.id, "secret": self.app.secret},
            "access_token": self.app.token,
            "wabas": wabas,
        })
    }
    /// `GET /_sim/sends`: what was accepted after the given place.
    pub(super) fn view_sends(&self, after: usize, limit: usize, now: Timestamp) -> Value {
        // What is too old to be known one by one still has its place in the count.
        let gone = usize::try_from(self.sends_gone).unwrap_or(usize::MAX);
        let after = after.max(gone);
        let total = self.sent.len() + gone;
        let end = after.saturating_add(limit).min(total);
        let data: Vec<Value> = self
            .sent
            .get(after - gone..end.saturating_sub(gone))
            .unwrap_or_default()
            .iter()
            .enumerate()
            .map(|(index, sent)| view_sent(after + index + 1, sent, now))
            .collect();
        json!({"data": data, "next": end.max(after), "total": total})
    }
    /// Who has a conversation with this number, the latest first.
    pub(super) fn view_threads(&self, number: &str, limit: usize) -> Value {
        let own = |s: &&Sent| s.number == number && !is_group(&s.to);
        let sent = self.sent.iter().filter(own).map(|s| (&s.to, s.at));
        let own = |w: &&Wrote| w.number == number && group_in(&w.message).is_none();
        let wrote = self.wrote.iter().filter(own).map(|w| (&w.from, w.at));
        let echoes = self.echoes.iter().filter(|e| e.number == number).map(|e| (&e.to, e.at));
        let mut last = std::collections::HashMap::new();
        for (who, at) in sent.chain(wrote).chain(echoes) {
            let seen = last.entry(who).or_insert(at);
            *seen = (*seen).max(at);
        }
        let mut all: Vec<_> = last.into_iter().collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let data: Vec<Value> = all
            .into_iter()
            .take(limit)
            .map(
                |(who, at)| json!({"who": who, "name": self.names.get(who), "at": at.to_rfc3339()}),
            )
            .collect();
        json!({ "data": data })
    }
    /// Whose conversation is asked for: a person's, or a group's by its id.
    pub(super) fn conversation_of(&self, who: &str) -> Result<String, String> {
        if self.office.groups.contains_key(who) { Ok(who.to_owned()) } else { Self::person(who) }
    }
    /// The conversation of a customer with a number, as the customer sees it, or of a group.
    pub(super) fn view_thread(&self, number: &str, who: &str, now: Timestamp) -> Value {
        let templates = self.waba_of(number).map(|waba| waba.templates.as_slice());
        let mut all: Vec<(Timestamp, Value)> = Vec::new();
        for sent in self.sent.iter().filter(|s| s.number == number && s.to == who) {
            if !has_arrived(sent, now) {
                continue;
            }
            let shown = sent
                .body
                .get("template")
                .map(|template| template_view::rendered(templates.unwrap_or_default(), &template));
            all.push((
                sent.at,
                json!({
                    "wamid": sent.wamid, "by": "business", "at": sent.at.to_rfc3339(),
                    "status": sent.status(now), "message": sent.body, "template": shown,
                }),
            ));
        }
        let theirs = |w: &&Wrote| w.number == number && partner(&w.message, &w.from) == who;
        for wrote in self.wrote.iter().filter(theirs) {
            all.push((wrote.at, json!({
                "wamid": wrote.wamid, "by": "customer", "from": wrote.from, "at": wrote.at.to_rfc3339(),
                "status": if wrote.seen { "read" } else { "delivered" }, "message": wrote.message,
            })));
        }
        // What the owner writes on the app is on the customer's phone at once; nobody asks whether it is read.
        for echo in self.echoes.iter().filter(|e| e.number == number && e.to == who) {
            all.push((
                echo.at,
                json!({
                    "wamid": echo.wamid, "by": "business", "at": echo.at.to_rfc3339(),
                    "status": "read", "on_app": true, "message": echo.message,
                }),
            ));
        }
        all.sort_by_key(|(at, _)| *at);
        let key = (number.to_owned(), who.to_owned());
        json!({
            "data": all.into_iter().map(|(_, view)| view).collect::<Vec<_>>(),
            "typing": self.typing.get(&key).is_some_and(|until| *until > now),
            "stopped": self.stopped.contains(&key),
            "blocked": self.has_blocked(number, who),
            "now": now.to_rfc3339(),
            "window_open": self.window_is_open(number, who, now),
            "name": self.names.get(who),
        })
    }
}

/// Whether a message is on the phone: what failed, waits or was only sent is not. Of a reaction only `sent` is told.
fn has_arrived(sent: &Sent, now: Timestamp) -> bool {
    match sent.status(now) {
        "delivered" | "read" | "played" => true,
        "sent" => kind_of(&sent.body.value()) == "reaction",
        _ => false,
    }
}

fn view_sent(seq: usize, sent: &Sent, now: Timestamp) -> Value {
    let last = sent.plan.iter().filter(|planned| planned.at <= now);
    let body = sent.body.value();
    json!({
        "seq": seq,
        "wamid": sent.wamid,
        "phone_number_id": sent.number,
        "to": sent.to,
        "type": kind_of(&body),
        "template": body.pointer("/template/name"),
        "text": body.pointer("/text/body"),
        "biz_opaque_callback_data": body.get("biz_opaque_callback_data"),
        "at": sent.at.to_rfc3339(),
        "status": sent.status(now),
        "error": last.filter_map(|planned| planned.error).next(),
    })
}
