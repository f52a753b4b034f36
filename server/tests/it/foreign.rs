//! Another shop's id is as good as none: the same answer, in paths and in bodies.

use serde_json::{Value, json};
use whatsapp_server::routes::{Access, table};

use crate::bodies::{any_id, body, nobody, with_id};
use crate::requests::Ask;
use crate::world::World;

/// One of everything in the first shop.
struct Things(Vec<(&'static str, String)>);

impl Things {
    async fn make(world: &mut World) -> Self {
        let talk = world.talk().await;
        let message = json!({ "type": "text", "text": { "body": "Yes" } });
        let message = world
            .owner_posts(&format!("/api/console/conversations/{talk}/messages"), message)
            .await;
        let reply = json!({ "shortcut": "hi", "title": "Hi", "text": "Hi" });
        let desk = world.test.platform.system_workspace(world.first.tenant);
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0".to_vec();
        let file = desk.media().store("a.png", "image/png", png.into()).await.expect("a file");
        let key = json!({ "name": "K", "scopes": ["contacts.view"] });
        Self(vec![
            ("conv", talk),
            ("msg", message),
            ("con", world.contact("+5511966665555").await),
            ("grp", world.owner_posts("/api/console/groups", json!({ "name": "Friends" })).await),
            ("tpl", world.template().await),
            ("camp", world.campaign().await),
            ("chn", world.first.channel.to_string()),
            ("med", file.id.to_string()),
            ("qr", world.owner_posts("/api/console/quick-replies", reply).await),
            ("key", world.owner_posts("/api/console/api-keys", key).await),
        ])
    }
    fn id(&self, prefix: &str) -> String {
        self.0.iter().find(|(known, _)| *known == prefix).expect("one of everything").1.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_another_shop_in_a_path_is_as_good_as_none() {
    foreign_paths(World::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_another_shop_in_a_path_is_as_good_as_none_on_postgresql() {
    foreign_paths(World::on_postgres().await).await;
}

async fn foreign_paths(mut world: World) {
    let things = Things::make(&mut world).await;
    let key = world.key_of(world.second.tenant, whatsapp_core::Permission::ALL).await;
    let mut compared = 0;
    for route in table().iter().filter(|route| route.path().contains('{')) {
        let ask = |path: String| {
            let ask = Ask::new(route.method(), path);
            let ask =
                body(route.method(), route.path()).map_or(ask.clone(), |body| ask.json(&body));
            match route.access {
                Access::Key(_) => ask.key(&key),
                _ => ask.cookie(&world.stranger),
            }
        };
        let foreign = ask(with_id(route.path(), |prefix| things.id(prefix))).send(&world.app).await;
        let random = ask(any_id(route.path())).send(&world.app).await;
        assert_eq!(foreign.status.as_u16(), 404, "{route:?}: {}", foreign.text());
        assert_eq!(foreign.visible(), random.visible(), "{route:?}");
        compared += 1;
    }
    assert!(compared > 25, "only {compared} routes have an id");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_another_shop_in_a_body_is_as_good_as_none() {
    let mut world = World::new().await;
    let things = Things::make(&mut world).await;
    world.test.simulator.write("+447700900123", "hello").expect("a customer can write");
    let own = own_things(&mut world).await;
    let key = world.key_of(world.second.tenant, whatsapp_core::Permission::ALL).await;
    for (method, path, template) in cases(&own) {
        let ask = |id: &dyn Fn(&str) -> String| {
            let ask = Ask::new(method, path.clone()).json(&filled(&template, id));
            if path.starts_with("/api/v1") { ask.key(&key) } else { ask.cookie(&world.stranger) }
        };
        let foreign = ask(&|prefix| things.id(prefix)).send(&world.app).await;
        let random = ask(&nobody).send(&world.app).await;
        let same = strip_ids(foreign.visible()) == strip_ids(random.visible());
        assert!(same, "{method} {path} {template}\n{}\n{}", foreign.text(), random.text());
        assert!(
            foreign.status.is_client_error() || path.ends_with("/members"),
            "{path}: {}",
            foreign.text()
        );
    }
}

/// A conversation and a group of the second shop, to write into.
async fn own_things(world: &mut World) -> (String, String) {
    let desk = world.test.platform.system_workspace(world.second.tenant);
    let phone: whatsapp_core::Phone = "+447700900555".parse().expect("valid");
    let new = whatsapp_core::NewContact::with_phone(phone);
    let (contact, _) = desk
        .contacts()
        .upsert(new, whatsapp_core::ContactSource::Manual, None)
        .await
        .expect("made");
    let (view, _) =
        desk.conversations().open(contact.id, world.second.channel).await.expect("opened");
    let group = desk.groups().create("Own", "").await.expect("made");
    (view.conversation.id.to_string(), group.id.to_string())
}

/// Requests with one foreign id each, written `@con`, `@tpl` and so on.
fn cases((talk, group): &(String, String)) -> Vec<(&'static str, String, Value)> {
    let here = |rest: &str| format!("/api/console/conversations/{talk}{rest}");
    let audience =
        |audience: Value| json!({ "name": "A", "template_id": "@tpl", "audience": audience });
    vec![
        (
            "POST",
            "/api/console/conversations".into(),
            json!({ "contact_id": "@con", "channel_id": "@chn" }),
        ),
        ("PATCH", here(""), json!({ "assignee_id": "@usr" })),
        ("POST", here("/template"), json!({ "template_id": "@tpl" })),
        ("POST", here("/messages"), json!({ "type": "image", "image": { "media_id": "@med" } })),
        (
            "POST",
            here("/messages"),
            json!({ "type": "text", "text": { "body": "A" }, "reply_to": "@msg" }),
        ),
        (
            "POST",
            format!("/api/console/groups/{group}/members"),
            json!({ "contact_ids": ["@con"] }),
        ),
        ("POST", "/api/console/templates/sync".into(), json!({ "channel_id": "@chn" })),
        ("POST", "/api/console/campaigns".into(), audience(json!({ "tags": ["vip"] }))),
        ("POST", "/api/console/campaigns".into(), audience(json!({ "group_ids": ["@grp"] }))),
        (
            "POST",
            "/api/console/campaigns/preview".into(),
            json!({ "template_id": "@tpl", "audience": {} }),
        ),
        (
            "POST",
            "/api/v1/messages/send".into(),
            json!({ "to": "@con", "type": "text", "text": { "body": "A" } }),
        ),
        (
            "POST",
            "/api/v1/messages/send-template".into(),
            json!({ "to": "+447700900555", "template": "@tpl" }),
        ),
        ("POST", "/api/v1/campaigns".into(), audience(json!({ "contact_ids": ["@con"] }))),
    ]
}

fn filled(template: &Value, id: &dyn Fn(&str) -> String) -> Value {
    match template {
        Value::String(text) => match text.strip_prefix('@') {
            Some("usr") => json!(nobody("usr")),
            Some(prefix) => json!(id(prefix)),
            None => template.clone(),
        },
        Value::Array(items) => items.iter().map(|item| filled(item, id)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, item)| (key.clone(), filled(item, id))).collect()
        }
        other => other.clone(),
    }
}

/// The id that was asked for may be repeated in the words; it is the caller's own.
fn strip_ids((status, body): (u16, Value)) -> (u16, String) {
    let text = body.to_string();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let kept: Vec<&str> = words.filter(|word| !(word.len() > 26 && word.contains('_'))).collect();
    (status, kept.join(" "))
}
