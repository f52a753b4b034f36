//! One valid body for each route that takes one, with ids that name nothing. A new route without an entry fails
//! the tests that go over the table.

use serde_json::{Value, json};

/// An id of the right form that nobody has.
pub(crate) fn nobody(prefix: &str) -> String {
    format!("{prefix}_7zzzzzzzzzzzzzzzzzzzzzzzzz")
}

/// The prefix of the id that a path asks for.
pub(crate) fn prefix(path: &str) -> &'static str {
    let table = [
        ("/contacts/", "con"),
        ("/groups/", "grp"),
        ("/conversations/", "conv"),
        ("/messages/{conversation_id}", "conv"),
        ("/messages/", "msg"),
        ("/media/", "med"),
        ("/templates/", "tpl"),
        ("/campaigns/", "camp"),
        ("/channels/", "chn"),
        ("/quick-replies/", "qr"),
        ("/api-keys/", "key"),
    ];
    table
        .iter()
        .find(|(part, _)| path.contains(part))
        .map(|(_, prefix)| *prefix)
        .expect("a known kind of id")
}

/// The path with ids that nobody has.
pub(crate) fn any_id(path: &str) -> String {
    with_id(path, nobody)
}

/// The path with this id.
pub(crate) fn with_id(path: &str, id: impl Fn(&str) -> String) -> String {
    match path.contains('{') {
        true => path.replace("{id}", &id(prefix(path))).replace("{conversation_id}", &id("conv")),
        false => path.to_owned(),
    }
}

/// A body that a route accepts.
pub(crate) fn body(method: &str, path: &str) -> Option<Value> {
    let campaign =
        || json!({ "name": "A", "template_id": nobody("tpl"), "audience": { "tags": ["vip"] } });
    let number = || json!({ "waba_id": "1", "phone_number_id": "2", "access_token": "t" });
    let short = path.replace("/api/console", "").replace("/api/v1", "");
    Some(match (method, short.as_str()) {
        ("POST", "/login") => json!({ "email": "a@b.example", "password": "x" }),
        ("POST", "/setup") => json!({
            "token": "t", "name": "A", "email": "a@b.example", "password": "x", "business_name": "B"
        }),
        ("PATCH", "/me") => json!({ "theme": "dark" }),
        ("POST", "/me/password") => json!({ "current": "x", "new": "y" }),
        ("POST", "/channels" | "/channels/check") => number(),
        ("PATCH", "/channels/{id}") => json!({ "name": "A" }),
        ("POST", "/conversations") => {
            json!({ "contact_id": nobody("con"), "channel_id": nobody("chn") })
        }
        ("PATCH", "/conversations/{id}") => json!({ "status": "open" }),
        ("POST", "/conversations/{id}/messages") => {
            json!({ "type": "text", "text": { "body": "A" } })
        }
        ("POST", "/conversations/{id}/template") => json!({ "template_id": nobody("tpl") }),
        ("POST", "/conversations/{id}/notes") => json!({ "text": "A" }),
        ("POST", "/contacts") => json!({ "phone": "+5511912345678" }),
        ("PUT", "/contacts/{id}") => json!({ "name": "A" }),
        ("POST", "/groups") => json!({ "name": "A" }),
        ("PATCH", "/groups/{id}") => json!({ "name": "A" }),
        ("POST" | "DELETE", "/groups/{id}/members") => json!({ "contact_ids": [] }),
        ("POST", "/templates/sync") => json!({ "channel_id": nobody("chn") }),
        ("POST", "/campaigns") | ("PATCH", "/campaigns/{id}") => campaign(),
        ("POST", "/campaigns/preview") => {
            json!({ "template_id": nobody("tpl"), "audience": { "tags": ["vip"] } })
        }
        ("POST", "/campaigns/{id}/retry") => json!({ "states": ["failed"] }),
        ("POST", "/quick-replies") => json!({ "shortcut": "a", "title": "A", "text": "A" }),
        ("PATCH", "/quick-replies/{id}") => json!({ "title": "A" }),
        ("POST", "/api-keys") => json!({ "name": "A", "scopes": [] }),
        ("POST", "/messages/send") => {
            json!({ "to": "+5511912345678", "type": "text", "text": { "body": "A" } })
        }
        ("POST", "/messages/send-template") => {
            json!({ "to": "+5511912345678", "template": "store_hours" })
        }
        _ => return None,
    })
}

#[test]
fn every_route_that_takes_a_body_has_one_here() {
    let document: Value = serde_json::from_str(&whatsapp_server::openapi::text()).expect("JSON");
    for route in whatsapp_server::routes::table() {
        let operation = &document["paths"][route.path()][route.method().to_lowercase()];
        let takes = operation["requestBody"]["content"]["application/json"]["schema"].is_object();
        let webhook = route.path().starts_with("/api/webhooks");
        assert_eq!(takes && !webhook, body(route.method(), route.path()).is_some(), "{route:?}");
    }
}
