//! The control routes do what their description says: every example of it is tried.

use serde_json::{Value, json};
use whatsapp_cloud::simulator::Faults;

use crate::wire::*;

/// Puts this world's ids where the examples name them.
fn filled(text: &str, ids: &[(&str, &str)]) -> String {
    ids.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id))
}

#[tokio::test]
async fn every_example_of_the_description_is_understood() {
    let meta = meta().await;
    let document = meta.control.ask("GET", "/_sim/openapi.json", &Value::Null).await;
    let path = format!("/_sim/media?phone_number_id={}", meta.access.phone_number_id);
    let media = meta.control.send("POST", &path, "image/png", "a picture").await;
    let media = media["id"].as_str().expect("an id").to_owned();
    let templates = format!(
        "/v25.0/{}/message_templates?access_token={}",
        meta.access.waba_id,
        meta.access.token.expose()
    );
    let templates = meta.control.ask("GET", &templates, &Value::Null).await;
    let template = templates["data"][0]["id"].as_str().expect("an id").to_owned();
    let spare = meta.control.ask("POST", "/_sim/signup", &json!({})).await;
    let spare = spare["phone_number_id"].as_str().expect("an id").to_owned();
    let groups = format!(
        "/v25.0/{}/groups?access_token={}&messaging_product=whatsapp&subject=Hike",
        meta.access.phone_number_id,
        meta.access.token.expose()
    );
    meta.control.ask("POST", &groups, &Value::Null).await;
    meta.control.ask("POST", "/_sim/clock/advance", &json!({"seconds": 3})).await;
    let groups = meta.control.ask("GET", &groups, &Value::Null).await;
    let group = groups["data"]["groups"][0]["id"].as_str().expect("an id").to_owned();
    let ids = [
        ("{number}", meta.access.phone_number_id.as_str()),
        ("{media}", &media),
        ("{template}", &template),
        ("{spare}", &spare),
        ("{group}", &group),
        ("+", "%2B"),
    ];
    let mut tried = 0;
    for (path, verbs) in document["paths"].as_object().expect("paths") {
        for (verb, operation) in verbs.as_object().expect("verbs") {
            if path == "/" {
                continue; // a redirection
            }
            let mut address = path.clone();
            let mut query = Vec::new();
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().expect("a name");
                let Some(example) = parameter["example"].as_str() else { continue };
                let example = filled(example, &ids);
                match parameter["in"].as_str() {
                    Some("path") => address = address.replace(&format!("{{{name}}}"), &example),
                    _ => query.push(format!("{name}={example}")),
                }
            }
            if !query.is_empty() {
                address = format!("{address}?{}", query.join("&"));
            }
            let content = operation["requestBody"]["content"].as_object();
            let (kind, body) = content
                .and_then(|all| all.iter().next())
                .map_or((String::new(), Value::Null), |(kind, body)| {
                    (kind.clone(), body["example"].clone())
                });
            let text = match body {
                Value::Null => String::new(),
                Value::String(text) => text,
                other => filled(&other.to_string(), &ids[..3]),
            };
            meta.control.send(&verb.to_uppercase(), &address, &kind, &text).await;
            tried += 1;
        }
    }
    assert!(tried >= 34, "{tried}");
    meta.running.stop().await;
}

#[tokio::test]
async fn what_is_not_understood_is_refused_with_a_reason() {
    let meta = meta().await;
    let id = &meta.access.phone_number_id;
    for (verb, path, body) in [
        ("PUT", "/_sim/faults".to_owned(), json!({"weather": 1})),
        ("PUT", "/_sim/portfolio".to_owned(), json!({"messaging_limit": "TIER_9"})),
        ("PUT", "/_sim/callback".to_owned(), json!({"url": "nowhere"})),
        ("POST", "/_sim/people".to_owned(), json!({"username": "x"})),
        ("POST", "/_sim/people".to_owned(), json!({"who": "nobody"})),
        ("POST", "/_sim/people/move".to_owned(), json!({"from": ANA, "to": ANA})),
        ("POST", format!("/_sim/numbers/{id}"), json!({"throughput": "LUDICROUS"})),
        ("POST", "/_sim/numbers/42".to_owned(), json!({})),
        (
            "POST",
            format!("/_sim/coexistence/{id}/echo"),
            json!({"to": ANA, "text": {"body": "Hi"}}),
        ),
        ("POST", "/_sim/templates/42/hold".to_owned(), json!({"what": "hold"})),
        ("POST", "/_sim/announce".to_owned(), json!({"field": "weather", "value": {"rain": 1}})),
    ] {
        let refused = meta.control.refused_with(verb, &path, &body).await;
        assert!(refused["error"].as_str().is_some_and(|why| !why.is_empty()), "{path}: {refused}");
    }
    meta.running.stop().await;
}

#[tokio::test]
async fn the_plan_that_is_described_is_the_plan_there_is() {
    let meta = meta().await;
    let document = meta.control.ask("GET", "/_sim/openapi.json", &Value::Null).await;
    let described = &document["components"]["schemas"]["Faults"]["properties"];
    let there = json!(Faults::default());
    let keys = |value: &Value| -> Vec<String> {
        value.as_object().expect("an object").keys().cloned().collect()
    };
    assert_eq!(keys(described), keys(&there));
    for part in ["webhooks", "speed", "limits"] {
        assert_eq!(keys(&described[part]["properties"]), keys(&there[part]), "{part}");
    }
    meta.running.stop().await;
}
