//! A customer's message, from the wire. A kind we do not know is still a message of this customer.

use serde_json::Value;
use whatsapp_core::message::Media;
use whatsapp_core::{Content, Identity, MediaKind};

use super::payload::Reader;
use super::wire::{
    any_text, decimal, flag, identity, is_somebody, list, phone_of, text_of, time_of,
};
use super::{IdentityChange, Inbound, InboundMedia, InboundMessage};

/// Reads one item of `messages`; `value` is what surrounds it.
pub(super) fn read(reader: &mut Reader<'_>, value: &Value, item: &Value) {
    let kind = text_of(item, "type").unwrap_or_else(|| "unknown".to_owned());
    let inbound = match kind.as_str() {
        _ if item.get("group_id").is_some() => None,
        "system" => identity_change(reader, item),
        _ => message(reader, value, item, &kind),
    };
    match inbound {
        Some(inbound) => reader.push(inbound),
        None => reader.raw("messages", item),
    }
}

fn message(reader: &Reader<'_>, value: &Value, item: &Value, kind: &str) -> Option<Inbound> {
    let mut who = identity(item, "from", "from_user_id");
    let contact = contact_of(value, &who);
    if let Some(contact) = contact {
        let card = identity(contact, "wa_id", "user_id");
        who.phone = who.phone.or(card.phone);
        who.bsuid = who.bsuid.or(card.bsuid);
    }
    if !is_somebody(&who) {
        return None;
    }
    let profile = contact.and_then(|c| c.get("profile"));
    let context = item.get("context");
    let (content, media) = content(item, kind);
    Some(Inbound::Message(Box::new(InboundMessage {
        wamid: text_of(item, "id")?,
        identity: who,
        profile_name: profile.and_then(|p| text_of(p, "name").or_else(|| text_of(p, "username"))),
        at: time_of(item, "timestamp").unwrap_or_else(|| reader.moment()),
        content,
        media,
        reply_to: context.and_then(|c| text_of(c, "id")),
        forwarded: context.is_some_and(|c| flag(c, "forwarded") || flag(c, "frequently_forwarded")),
        referral: item.get("referral").filter(|r| r.is_object()).cloned(),
    })))
}

/// The card of the writer: the one that names the same person, or the only one where the message names none.
fn contact_of<'a>(value: &'a Value, who: &Identity) -> Option<&'a Value> {
    let same = |contact: &&Value| {
        let card = identity(contact, "wa_id", "user_id");
        (who.phone.is_some() && card.phone == who.phone)
            || (who.bsuid.is_some() && card.bsuid == who.bsuid)
    };
    list(value, "contacts").find(same).or_else(|| {
        let mut all = list(value, "contacts");
        let only = all.next()?;
        (all.next().is_none() && !is_somebody(who)).then_some(only)
    })
}

fn content(item: &Value, kind: &str) -> (Content, Option<InboundMedia>) {
    let empty = Value::Null;
    let body = item.get(kind).unwrap_or(&empty);
    let plain = match kind {
        "text" => Some(Content::Text { body: any_text(body, "body"), preview_url: false }),
        "location" => location(body),
        "reaction" => text_of(body, "message_id")
            .map(|wamid| Content::Reaction { wamid, emoji: any_text(body, "emoji") }),
        "button" => Some(Content::Button {
            payload: any_text(body, "payload"),
            text: any_text(body, "text"),
        }),
        "interactive" => reply(body),
        "unsupported" | "unknown" => Some(Content::Unsupported { reason: reason(item) }),
        _ => None,
    };
    if let Some(content) = plain {
        return (content, None);
    }
    if let Some(media) = MediaKind::parse(kind).and_then(|kind| media(kind, body)) {
        let content = Content::Media(Media {
            kind: media.kind,
            media: None,
            link: None,
            caption: media.caption.clone(),
            filename: media.filename.clone(),
            voice: media.voice,
        });
        return (content, Some(media));
    }
    // A file without an id was refused by Meta on the way, and the errors say why.
    let content = match item.get("errors") {
        Some(_) => Content::Unsupported { reason: reason(item) },
        None => Content::Other { kind: kind.to_owned(), body: body.clone() },
    };
    (content, None)
}

fn location(body: &Value) -> Option<Content> {
    Some(Content::Location {
        latitude: decimal(body, "latitude")?,
        longitude: decimal(body, "longitude")?,
        name: text_of(body, "name"),
        address: text_of(body, "address"),
    })
}

fn reply(body: &Value) -> Option<Content> {
    let kind = text_of(body, "type").filter(|k| k == "button_reply" || k == "list_reply")?;
    let chosen = body.get(&kind)?;
    Some(Content::Reply {
        id: any_text(chosen, "id"),
        title: any_text(chosen, "title"),
        description: text_of(chosen, "description"),
        kind,
    })
}

fn media(kind: MediaKind, body: &Value) -> Option<InboundMedia> {
    Some(InboundMedia {
        provider_id: text_of(body, "id")?,
        kind,
        mime: text_of(body, "mime_type").unwrap_or_else(|| "application/octet-stream".to_owned()),
        sha256: text_of(body, "sha256"),
        filename: text_of(body, "filename"),
        caption: text_of(body, "caption"),
        voice: flag(body, "voice"),
    })
}

fn reason(item: &Value) -> String {
    let first = list(item, "errors").next();
    let details = first.and_then(|e| {
        e.get("error_data")
            .and_then(|data| text_of(data, "details"))
            .or_else(|| text_of(e, "details"))
            .or_else(|| text_of(e, "title"))
    });
    let kind = item.get("unsupported").and_then(|u| text_of(u, "type"));
    match (details, kind) {
        (Some(details), Some(kind)) => format!("{kind}: {details}"),
        (Some(text), None) | (None, Some(text)) => text,
        (None, None) => "WhatsApp could not pass this message on".to_owned(),
    }
}

fn identity_change(reader: &Reader<'_>, item: &Value) -> Option<Inbound> {
    let system = item.get("system")?;
    let word = text_of(system, "type")?;
    let mut before = identity(item, "from", "from_user_id");
    before.phone = before.phone.or_else(|| phone_of(system, "customer"));
    let after = match word.as_str() {
        "user_changed_number" => Identity {
            phone: phone_of(system, "wa_id").or_else(|| phone_of(system, "new_wa_id")),
            bsuid: text_of(system, "user_id"),
        },
        "user_changed_user_id" => {
            Identity { phone: phone_of(system, "wa_id"), bsuid: text_of(system, "user_id") }
        }
        _ => return None,
    };
    let at = time_of(item, "timestamp").unwrap_or_else(|| reader.moment());
    (is_somebody(&before) && is_somebody(&after))
        .then_some(Inbound::IdentityChanged(IdentityChange { before, after, at }))
}

/// For tests of the parser and of the simulator: the smallest envelope around a value.
#[cfg(test)]
pub(super) fn envelope(value: &Value) -> Vec<u8> {
    serde_json::json!({"object": "whatsapp_business_account", "entry": [
        {"id": "1", "changes": [{"field": "messages", "value": value}]}
    ]})
    .to_string()
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhook::{Change, parse};
    use serde_json::json;
    use whatsapp_core::Timestamp;

    fn one(value: &Value) -> Inbound {
        let mut changes = parse(&envelope(value), Timestamp::from_seconds(9)).expect("parses");
        assert_eq!(changes.len(), 1, "{changes:?}");
        let Change { inbound, .. } = changes.remove(0);
        inbound
    }

    fn message(value: &Value) -> InboundMessage {
        match one(value) {
            Inbound::Message(message) => *message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn numbers_and_texts_are_alike_in_ids_and_times() {
        let message = message(&json!({"messages": [
            {"from": 5_511_981_234_567_i64, "id": 17, "timestamp": 1_790_000_000, "type": "text", "text": {"body": "hi"}}
        ]}));
        assert_eq!(message.wamid, "17");
        assert_eq!(message.identity.phone.expect("phone").as_str(), "+5511981234567");
        assert_eq!(message.at, Timestamp::from_seconds(1_790_000_000));
    }

    #[test]
    fn without_a_time_it_is_the_time_the_call_came() {
        let message = message(&json!({"messages": [
            {"from": "5511981234567", "id": "w", "timestamp": "soon", "type": "text", "text": {"body": "hi"}}
        ]}));
        assert_eq!(message.at, Timestamp::from_seconds(9));
    }

    #[test]
    fn the_name_of_another_person_in_the_batch_is_not_taken() {
        let message = message(&json!({
            "contacts": [
                {"wa_id": "5511000000001", "profile": {"name": "Bia"}},
                {"wa_id": "5511981234567", "profile": {"name": "Ana"}}
            ],
            "messages": [{"from": "5511981234567", "id": "w", "type": "text", "text": {"body": "hi"}}]
        }));
        assert_eq!(message.profile_name.as_deref(), Some("Ana"));
    }

    #[test]
    fn a_message_of_nobody_stays_raw() {
        for item in [
            json!({"id": "w", "type": "text", "text": {"body": "hi"}}),
            json!({"from": "12", "id": "w", "type": "text"}),
            json!({"from": "5511981234567", "type": "text", "text": {"body": "no id"}}),
            json!({"from": "5511981234567", "id": "w", "group_id": "g", "type": "text"}),
            json!("not even an object"),
        ] {
            assert!(matches!(one(&json!({"messages": [item]})), Inbound::Raw { .. }));
        }
    }

    #[test]
    fn a_kind_nobody_knows_is_still_this_person_s_message() {
        let message = message(&json!({"messages": [
            {"from": "5511981234567", "id": "w", "type": "hologram", "hologram": {"x": 1}}
        ]}));
        assert_eq!(
            message.content,
            Content::Other { kind: "hologram".into(), body: json!({"x": 1}) }
        );
    }

    #[test]
    fn a_nul_character_never_reaches_a_database() {
        let message = message(&json!({"messages": [
            {"from": "5511981234567", "id": "w", "type": "text", "text": {"body": "a\u{0}b"}}
        ]}));
        assert_eq!(message.content, Content::text("a\u{fffd}b"));
    }

    #[test]
    fn a_text_cut_in_the_middle_of_an_emoji_is_still_read() {
        let body = String::from_utf8(envelope(&json!({"messages": [
            {"from": "5511981234567", "id": "w", "type": "text", "text": {"body": "CUT"}}
        ]})))
        .expect("utf-8")
        .replace("CUT", r"ok \ud83d\ude42 \\ud83d \ud83d");
        let changes = parse(body.as_bytes(), Timestamp::ZERO).expect("parses");
        let Inbound::Message(message) = &changes[0].inbound else { panic!("{changes:?}") };
        assert_eq!(message.content, Content::text("ok 🙂 \\ud83d \u{fffd}"));
    }
}
