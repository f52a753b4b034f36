//! Every body of the reference that a business sends is read into its type, written back the same, and accepted.

use std::path::Path;

use serde_json::{Value, json};
use whatsapp_cloud::message::{
    Body, Card, Component, Contact, File, Header, Interactive, Outgoing, Parameter, PhoneEntry,
    ReadMark, TemplateMessage,
};
use whatsapp_cloud::send::{check_wire, to_wire};
use whatsapp_cloud::transport::{GraphRequest, Transport};
use whatsapp_cloud::{
    CloudError, MarketingApi, MarketingOptions, MediaApi, OutgoingMessage, Recipient, Upload,
};
use whatsapp_core::Content;

use crate::scene::*;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn fixture(name: &str) -> Value {
    let path = folder().join(format!("send_{name}.json"));
    let text = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn names() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("fixtures");
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.expect("entry").file_name().into_string().ok())
        .filter_map(|name| Some(name.strip_prefix("send_")?.strip_suffix(".json")?.to_owned()))
        .collect();
    names.sort();
    names
}

#[test]
fn each_file_of_the_reference_is_of_a_sort_that_some_test_reads() {
    const SORTS: [&str; 6] = ["webhook_", "send_", "request_", "response_", "error_", "es_event_"];
    for entry in std::fs::read_dir(folder()).expect("fixtures") {
        let name = entry.expect("entry").file_name().into_string().expect("utf-8");
        let known = SORTS.iter().any(|sort| name.starts_with(sort)) && name.ends_with(".json");
        assert!(known, "{name}: no test reads files of this name");
    }
}

#[test]
fn every_body_of_the_reference_is_typed_and_written_back_the_same() {
    let names = names();
    assert!(names.len() >= 55, "only {} bodies", names.len());
    for name in names {
        let wire = fixture(&name);
        let (typed, again) = if wire.get("status").is_some() {
            let mark: ReadMark = serde_json::from_value(wire.clone()).expect(&name);
            (format!("{mark:#?}"), serde_json::to_value(&mark))
        } else {
            let message: Outgoing = serde_json::from_value(wire.clone()).expect(&name);
            assert!(message.more.is_empty(), "{name}: {:?} has no type", message.more);
            assert_eq!(check_wire(&wire), Ok(()), "{name}");
            (format!("{message:#?}"), serde_json::to_value(&message))
        };
        assert!(!typed.contains("Other"), "{name} has a part without a type:\n{typed}");
        assert_eq!(again.expect(&name), wire, "{name}");
        insta::with_settings!({snapshot_path => "snapshots/send", prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(name, typed);
        });
    }
}

fn sent(to: &str, content: impl Into<Content>) -> Value {
    let message = OutgoingMessage::new(Recipient::from_address(to), content);
    to_wire(&message).expect("Meta takes it")
}

const AYLIN: &str = "+905550100234";

/// Templates of the reference's bodies are not of this world; groups are not simulated.
#[tokio::test]
async fn the_simulator_takes_every_body_of_the_reference() {
    for name in names() {
        let mut wire = fixture(&name);
        let skipped = ["template", "marketing", "mark_read", "typing", "group"];
        if skipped.iter().any(|word| name.contains(word)) {
            continue;
        }
        let scene = scene();
        let access = scene.meta.access(0).expect("a number");
        let bytes = b"\x89PNG\r\n".to_vec().into();
        let upload = Upload { bytes, mime: "image/png".into(), filename: "a.png".into() };
        let file = scene.meta.upload(&access, upload).await.expect("uploads");
        let text = wire.to_string().replace("1048120077319514", &file);
        wire = serde_json::from_str(&text.replace("1048120077319515", &file)).expect("reads");
        let path = [access.phone_number_id.as_str(), "messages"];
        let answer = scene.meta.exchange(GraphRequest::post(&access.token, path, wire)).await;
        assert!(answer.is_ok(), "{name}: {answer:?}");
    }
}

#[tokio::test]
async fn the_marketing_api_takes_marketing_templates_and_tells_so_in_the_price() {
    let scene = scene();
    let access = scene.meta.access(0).expect("a number");
    let offer = TemplateMessage::new("autumn_offer", "en_US").body(["Aylin", "40%"]);
    let sale = OutgoingMessage::new(Recipient::from_address(AYLIN), offer);
    let options = MarketingOptions::default();
    scene.meta.send_marketing(&access, &sale, options).await.expect("accepted");
    let priced = scene.raw_statuses();
    let category = priced.iter().find_map(|s| s.pointer("/pricing/category")).expect("a price");
    assert_eq!(category, "marketing_lite");
    let order = TemplateMessage::new("order_update", "en_US").body(["Aylin", "NB-1"]);
    let order = OutgoingMessage::new(Recipient::from_address(AYLIN), order);
    let refused = scene.meta.send_marketing(&access, &order, options).await.expect_err("no");
    assert_eq!(code(&refused), 134_100);
}

#[test]
fn builders_write_what_the_reference_shows() {
    let asked = Interactive::buttons("Please choose")
        .header_image(File::id("1048120077319514"))
        .button("confirm", "Confirm")
        .button("cancel", "Cancel")
        .footer("Nimbus Outdoor");
    assert_eq!(sent(AYLIN, asked), fixture("interactive_buttons"));
    let slots = Interactive::list("Please choose", "Pick a slot")
        .header_text("Delivery")
        .section("Tomorrow")
        .described_row("slot-0930", "09:30", "Morning")
        .row("slot-1100", "11:00")
        .section("Friday")
        .row("slot-f-1000", "10:00");
    assert_eq!(sent(AYLIN, slots), fixture("interactive_list"));
    let rate = Interactive::flow("Please choose", "Rate us", "6719042288135507")
        .token("ft_8812")
        .mode("published")
        .navigate("RATE", Some(json!({"order": "NB-20417"})));
    assert_eq!(sent(AYLIN, rate), fixture("interactive_flow"));
    let call = Interactive::voice_call("Talk to us", "Call us")
        .ttl_minutes(4_320)
        .payload("order NB-20417");
    assert_eq!(sent(AYLIN, call), fixture("interactive_voice_call"));
    let shelf = Interactive::product_list("Our picks", "Please choose", "512204418890034")
        .section("Tents")
        .product_item("TENT-2P-GRN")
        .product_item("TENT-4P-BLU");
    assert_eq!(sent(AYLIN, shelf), fixture("interactive_product_list"));
    let number = Interactive::contact_info("Please share your number for the courier");
    let to = "TR.48120077319955160342";
    assert_eq!(sent(to, number), fixture("interactive_request_contact_info"));
}

#[test]
fn carousels_are_built_card_by_card() {
    let picture = |n: u8| Header::image(File::link(format!("https://example.com/c{n}.png")));
    let deal = |n: u8| Card::link(picture(n), "Shop now", format!("https://example.com/d/{n}"));
    let week = Interactive::carousel("This week")
        .card(deal(0).body("Deal 1"))
        .card(deal(1).body("Deal 2"));
    assert_eq!(sent(AYLIN, week), fixture("interactive_carousel_media"));
    let best = Interactive::carousel("Top sellers")
        .card(Card::product("512204418890034", "TENT-2P-GRN"))
        .card(Card::product("512204418890034", "PEG-SET"));
    assert_eq!(sent(AYLIN, best), fixture("interactive_carousel_product"));
}

#[test]
fn cards_and_templates_are_built_too() {
    let support = Contact::new("Nimbus Support")
        .first_name("Nimbus")
        .phone(PhoneEntry::new("+15550142207").kind("WORK").wa_id("15550142207"))
        .email("help@example.com", "WORK")
        .company("Nimbus Outdoor")
        .url("https://example.com", "WORK");
    let cards = Body::Contacts(vec![support].into());
    assert_eq!(sent(AYLIN, cards), fixture("contacts"));
    let code = TemplateMessage::authentication("login_code", "en_US", "481516");
    let mut expected = fixture("template_authentication_otp");
    expected["template"]["components"][1]["index"] = json!(0);
    assert_eq!(sent(AYLIN, code), expected);
    let offer = TemplateMessage::new("lto_autumn", "en_US")
        .header_image(File::id("1048120077319514"))
        .body(["Aylin", "AUTUMN40"])
        .offer_ends(1_790_086_400_000)
        .copy_code(0, "AUTUMN40")
        .url_button(1, "n3mtql");
    assert_eq!(sent(AYLIN, offer), fixture("template_limited_time_offer"));
    let named = TemplateMessage::new("order_update", "en_US")
        .named_body([("first_name", "Aylin"), ("order_number", "NB-20417")]);
    assert_eq!(sent(AYLIN, named), fixture("template_named"));
    let card = |n: u8| {
        let image = File::id(format!("103754329154364{n}"));
        [
            Component::header(Parameter::Image { image }),
            Component::quick_reply(0, format!("more-{n}")),
            Component::url(1, format!("item-{n}")),
        ]
    };
    let cards = TemplateMessage::new("carousel_autumn", "en_US").body(["Aylin"]);
    let cards = cards.carousel([card(0), card(1)]);
    assert_eq!(sent(AYLIN, cards), fixture("template_carousel_media"));
}

#[test]
fn groups_identities_and_people_without_a_number_are_addressed_as_meta_wants_it() {
    let group = fixture("text_group")["to"].as_str().expect("an id").to_owned();
    let mut message =
        OutgoingMessage::new(Recipient::Group(group.clone()), Content::text("See you at 9"));
    let mut wire = to_wire(&message).expect("a group takes texts");
    let text = wire["text"].as_object_mut().expect("a text");
    text.remove("preview_url");
    assert_eq!(wire, fixture("text_group"));
    message.content = Interactive::buttons("Who comes?").button("me", "I do").into();
    assert!(to_wire(&message).is_err(), "a group takes no buttons");
    let checked = OutgoingMessage::new(Recipient::from_address(AYLIN), Content::text("x"))
        .for_identity("Qm7vT0c3LrK=");
    let wire = to_wire(&checked).expect("Meta takes it");
    assert_eq!(wire["recipient_identity_key_hash"], "Qm7vT0c3LrK=");
}

#[test]
fn a_code_to_sign_in_never_goes_to_somebody_without_a_number() {
    let code = TemplateMessage::authentication("login_code", "en_US", "481516");
    let nameless = Recipient::from_address("TR.48120077319955160342");
    let refused = to_wire(&OutgoingMessage::authentication(nameless, code.clone()));
    assert!(matches!(refused, Err(CloudError::Invalid { field, .. }) if field == "recipient"));
    let known = Recipient::from_address(AYLIN);
    assert!(to_wire(&OutgoingMessage::authentication(known, code)).is_ok());
}

#[test]
fn what_has_no_type_yet_is_kept_and_sent_as_it_is() {
    for (kind, body) in [
        ("text", json!({"body": "Hi", "shimmer": true})),
        ("hologram", json!({"x": 1})),
        ("interactive", json!({"type": "wheel", "body": {"text": "Turn"}, "action": {"turns": 3}})),
        (
            "template",
            json!({"name": "a", "language": {"code": "en"}, "components": [
            {"type": "aura", "parameters": [{"type": "colour", "colour": "green"}]}]}),
        ),
    ] {
        let mut wire = json!({"messaging_product": "whatsapp", "recipient_type": "individual",
            "to": AYLIN, "type": kind});
        wire[kind] = body.clone();
        let read: Outgoing = serde_json::from_value(wire.clone()).expect("reads");
        assert_eq!(serde_json::to_value(&read).expect("writes"), wire);
        assert_eq!(sent(AYLIN, Content::Other { kind: kind.into(), body }), wire);
    }
}
