//! What filling a template gives, as people read it and as Meta takes it.

use serde_json::{Value, json};

use super::*;
use crate::{Contact, Error, Id, Quality, Timestamp};

fn template(components: Value, named: bool) -> Template {
    Template {
        id: Id::from_uuid(uuid::Uuid::nil()),
        channel: Id::from_uuid(uuid::Uuid::nil()),
        meta_id: "1".into(),
        name: "hello".into(),
        language: "en".into(),
        category: Category::Utility,
        status: TemplateStatus::Approved,
        quality: Quality::Unknown,
        rejected_reason: None,
        named,
        components,
        updated_at: Timestamp::ZERO,
    }
}

fn hello() -> Template {
    template(
        json!([
            {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}", "example": {"header_text": ["17"]}},
            {"type": "BODY", "text": "Hi {{1}}, {{2}} off", "example": {"body_text": [["Ana", "10%"]]}},
            {"type": "FOOTER", "text": "Bye"},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Stop"}, {"type": "URL", "text": "See", "url": "https://a.example/{{1}}"}]}
        ]),
        false,
    )
}

fn vars(pairs: &[(&str, &str)]) -> Variables {
    Variables::from_pairs(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
}

#[test]
fn variables_are_found_in_header_body_and_buttons_with_their_samples() {
    let found: Vec<_> = hello().variables().into_iter().map(|v| (v.key, v.sample)).collect();
    let expected = [
        ("header.1", Some("17")),
        ("body.1", Some("Ana")),
        ("body.2", Some("10%")),
        ("button.1", None),
    ];
    assert_eq!(found, expected.map(|(k, s)| (k.to_owned(), s.map(str::to_owned))));
}

#[test]
fn a_filled_template_has_meta_s_components_and_the_text_people_read() {
    let filled = hello()
        .fill(&vars(&[("header.1", "17"), ("1", "Ana"), ("2", "10%"), ("button.1", "x")]), None)
        .expect("fills");
    assert_eq!(filled.body, "Hi Ana, 10% off");
    assert_eq!(filled.header.as_deref(), Some("Order 17"));
    assert_eq!(
        filled.components,
        json!([
            {"type": "header", "parameters": [{"type": "text", "text": "17"}]},
            {"type": "body", "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "10%"}]},
            {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "x"}]}
        ])
    );
}

#[test]
fn a_missing_value_an_unknown_key_and_a_line_break_are_each_named() {
    let full = [("header.1", "17"), ("1", "Ana"), ("2", "10%"), ("button.1", "x")];
    for (drop, add, field) in [
        ("1", None, "variables.body.1"),
        ("", Some(("body.9", "x")), "variables.body.9"),
        ("2", Some(("2", "a\nb")), "variables.body.2"),
    ] {
        let pairs: Vec<_> = full.into_iter().filter(|(k, _)| *k != drop).chain(add).collect();
        match hello().fill(&vars(&pairs), None) {
            Err(Error::Invalid { code: "TEMPLATE_VARIABLES", field: Some(named), .. }) => {
                assert_eq!(named, field)
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn named_variables_carry_their_names() {
    let t = template(json!([{"type": "BODY", "text": "Hi {{first_name}}"}]), true);
    let filled = t.fill(&vars(&[("first_name", "{{name|friend}}")]), None).expect("fills");
    assert_eq!(
        filled.components,
        json!([{"type": "body", "parameters": [{"type": "text", "parameter_name": "first_name", "text": "friend"}]}])
    );
}

#[test]
fn a_value_that_looks_like_a_placeholder_is_not_filled_again() {
    let t = template(json!([{"type": "BODY", "text": "Hi {{1}}"}]), false);
    let mut contact = Contact::new(
        crate::NewContact::with_phone("+5511981234567".parse().expect("valid")),
        crate::ContactSource::Manual,
        &crate::Env::system(),
    )
    .expect("valid");
    contact.name = Some("{{phone}}".into());
    assert_eq!(
        t.fill(&vars(&[("1", "{{name}}")]), Some(&contact)).expect("fills").body,
        "Hi {{phone}}"
    );
}

fn filled(components: Value, pairs: &[(&str, &str)]) -> Value {
    template(components, false).fill(&vars(pairs), None).expect("fills").components
}

#[test]
fn each_kind_of_header_takes_what_it_needs() {
    for (format, pairs, parameter) in [
        (
            "VIDEO",
            &[("header.media", "https://a.example/v.mp4")][..],
            json!({"type": "video", "video": {"link": "https://a.example/v.mp4"}}),
        ),
        (
            "DOCUMENT",
            &[("header.media", "https://a.example/1"), ("header.filename", "bill.pdf")][..],
            json!({"type": "document", "document": {"link": "https://a.example/1", "filename": "bill.pdf"}}),
        ),
        (
            "LOCATION",
            &[
                ("header.latitude", "41.02"),
                ("header.longitude", "28.97"),
                ("header.name", "Depot"),
            ][..],
            json!({"type": "location", "location": {"latitude": "41.02", "longitude": "28.97", "name": "Depot"}}),
        ),
        (
            "PRODUCT",
            &[("header.product", "TENT"), ("header.catalog", "51")][..],
            json!({"type": "product", "product": {"product_retailer_id": "TENT", "catalog_id": "51"}}),
        ),
    ] {
        let header = json!([{"type": "HEADER", "format": format}]);
        let expected = json!([{"type": "header", "parameters": [parameter]}]);
        assert_eq!(filled(header, pairs), expected, "{format}");
    }
}

#[test]
fn each_kind_of_button_takes_what_it_needs() {
    for (button, pairs, sub_type, parameter) in [
        (
            json!({"type": "QUICK_REPLY", "text": "Stop"}),
            &[("button.0", "STOP:1")][..],
            "quick_reply",
            json!({"type": "payload", "payload": "STOP:1"}),
        ),
        (
            json!({"type": "COPY_CODE", "example": "A"}),
            &[("button.0", "AUTUMN40")][..],
            "copy_code",
            json!({"type": "coupon_code", "coupon_code": "AUTUMN40"}),
        ),
        (
            json!({"type": "FLOW", "text": "Go"}),
            &[][..],
            "flow",
            json!({"type": "action", "action": {"flow_token": "unused"}}),
        ),
        (
            json!({"type": "FLOW", "text": "Go"}),
            &[("button.0", "ft_1"), ("button.0.data", "{\"order\":\"{{1}}\"}")][..],
            "flow",
            json!({"type": "action", "action": {"flow_token": "ft_1", "flow_action_data": {"order": "{{1}}"}}}),
        ),
        (
            json!({"type": "CATALOG", "text": "See"}),
            &[("button.0", "TENT")][..],
            "catalog",
            json!({"type": "action", "action": {"thumbnail_product_retailer_id": "TENT"}}),
        ),
        (
            json!({"type": "MPM", "text": "See"}),
            &[("button.0", "Tents: A, B; Pegs: C")][..],
            "mpm",
            json!({"type": "action", "action": {"thumbnail_product_retailer_id": "A", "sections": [
                {"title": "Tents", "product_items": [{"product_retailer_id": "A"}, {"product_retailer_id": "B"}]},
                {"title": "Pegs", "product_items": [{"product_retailer_id": "C"}]}]}}),
        ),
        (
            json!({"type": "VOICE_CALL", "text": "Call"}),
            &[("button.0", "90")][..],
            "voice_call",
            json!({"type": "ttl_minutes", "ttl_minutes": 90}),
        ),
    ] {
        let buttons = json!([{"type": "BUTTONS", "buttons": [button]}]);
        let expected = json!([{"type": "button", "sub_type": sub_type, "index": "0", "parameters": [parameter]}]);
        assert_eq!(filled(buttons, pairs), expected, "{sub_type}");
    }
}

#[test]
fn a_one_time_code_goes_into_the_text_and_the_button_and_is_asked_once() {
    let mut code = template(
        json!([
            {"type": "BODY", "text": "*{{1}}* is your code."},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Copy", "url": "https://www.whatsapp.com/otp/code/?code=otp{{1}}"}]}
        ]),
        false,
    );
    code.category = Category::Authentication;
    let keys: Vec<_> = code.variables().into_iter().map(|v| v.key).collect();
    assert_eq!(keys, ["body.1"]);
    let content = code.fill(&vars(&[("1", "481516")]), None).expect("fills");
    assert_eq!(
        content.components,
        json!([
            {"type": "body", "parameters": [{"type": "text", "text": "481516"}]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "481516"}]}
        ])
    );
    assert!(code.fill(&vars(&[("1", "481516"), ("button.0", "999")]), None).is_err());
}

#[test]
fn a_limited_offer_ends_at_a_moment() {
    let offer = json!([{"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Soon over", "has_expiration": true}}]);
    for moment in ["1790086400000", "2026-09-22T14:13:20Z"] {
        let component = json!([{"type": "limited_time_offer", "parameters": [
            {"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 1_790_086_400_000_i64}}]}]);
        assert_eq!(filled(offer.clone(), &[("offer.expires_at", moment)]), component);
    }
    let wrong = template(offer, false).fill(&vars(&[("offer.expires_at", "soon")]), None);
    assert!(matches!(wrong, Err(Error::Invalid { .. })));
}

#[test]
fn every_card_of_a_carousel_is_filled_and_asked_for_by_its_number() {
    let card = json!({"components": [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": "For {{1}} only", "example": {"body_text": [["you"]]}},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "More"}, {"type": "URL", "text": "Shop", "url": "https://a.example/{{1}}", "example": ["x1"]}]}
    ]});
    let carousel = template(
        json!([{"type": "BODY", "text": "Hi {{1}}!"}, {"type": "CAROUSEL", "cards": [card, card]}]),
        false,
    );
    let keys: Vec<_> = carousel.variables().into_iter().map(|v| v.key).collect();
    let of_card = |n: u8| ["header.media", "body.1", "button.1"].map(|k| format!("card.{n}.{k}"));
    assert_eq!(
        keys,
        [vec!["body.1".to_owned()], of_card(0).to_vec(), of_card(1).to_vec()].concat()
    );
    let values: Vec<_> = keys
        .iter()
        .map(|key| {
            (key.as_str(), if key.ends_with("media") { "https://a.example/i.jpg" } else { "x" })
        })
        .collect();
    let components = carousel.fill(&vars(&values), None).expect("fills").components;
    let cards = components[1]["cards"].as_array().expect("cards");
    assert_eq!(cards.len(), 2);
    assert_eq!(cards[1]["card_index"], 1);
    assert_eq!(
        cards[1]["components"],
        json!([
            {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://a.example/i.jpg"}}]},
            {"type": "body", "parameters": [{"type": "text", "text": "x"}]},
            {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "x"}]}
        ])
    );
}

#[test]
fn a_value_of_the_wrong_form_is_named() {
    let place = json!([{"type": "HEADER", "format": "LOCATION"}]);
    let coupon = json!([{"type": "BUTTONS", "buttons": [{"type": "COPY_CODE"}]}]);
    let picture = json!([{"type": "HEADER", "format": "IMAGE"}]);
    let products = json!([{"type": "BUTTONS", "buttons": [{"type": "MPM", "text": "See"}]}]);
    for (components, pairs, field) in [
        (
            place,
            &[("header.latitude", "91"), ("header.longitude", "0")][..],
            "variables.header.latitude",
        ),
        (coupon, &[("button.0", "a-code-that-is-too-long")][..], "variables.button.0"),
        (picture.clone(), &[("header.media", "file:///etc/passwd")][..], "variables.header.media"),
        (picture, &[][..], "variables.header.media"),
        (products, &[("button.0", "A: 1; 2")][..], "variables.button.0"),
    ] {
        match template(components, false).fill(&vars(pairs), None) {
            Err(Error::Invalid { field: Some(named), .. }) => assert_eq!(named, field),
            other => panic!("{other:?}"),
        }
    }
}
