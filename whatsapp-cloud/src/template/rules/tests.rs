//! Each rule of templates by what breaks it.

use serde_json::{Value, json};

use super::*;
use crate::CloudError;
use crate::template::{
    Authentication, Body, Button, Card, Carousel, Header, LimitedTimeOffer, SupportedApp,
};

fn broken(draft: &TemplateDraft) -> (String, Rule) {
    let broken = check_draft(draft).expect_err("it breaks a rule");
    (broken.field, broken.rule)
}

fn text(body: &str, samples: &[&str]) -> TemplateDraft {
    TemplateDraft::utility("order_update", "en_US")
        .body(Body::new(body).samples(samples.iter().copied()))
}

fn buttons(all: impl IntoIterator<Item = Button>) -> TemplateDraft {
    TemplateDraft::marketing("sale", "en_US").body(Body::new("A sale.")).buttons(all)
}

fn card() -> Card {
    Card::new(Header::image("4::x")).buttons([Button::quick_reply("More")])
}

fn carousel(cards: impl IntoIterator<Item = Card>) -> TemplateDraft {
    TemplateDraft::marketing("cards", "en_US")
        .body(Body::new("Fresh picks."))
        .carousel(Carousel::new(cards))
}

#[test]
fn a_draft_of_every_part_keeps_the_rules() {
    let code = Authentication::one_tap([SupportedApp::new("com.example.nimbus", "pT4+wZs9QbR")]);
    for draft in [
        text("Hi {{1}}, order {{2}} has left us.", &["Ana", "A-1"]),
        TemplateDraft::utility("order", "en_US").body(
            Body::new("Hello {{first_name}}, welcome back.").named_samples([("first_name", "Ana")]),
        ),
        TemplateDraft::utility("place", "de")
            .header(Header::location())
            .body(Body::new("We are here.")),
        TemplateDraft::marketing("head", "fr")
            .header(Header::text("Order {{1}}").sample("17"))
            .body(Body::new("It is here."))
            .footer("Bye"),
        buttons([
            Button::url("A", "https://a.example"),
            Button::phone_number("Call", "+15550142207"),
            Button::quick_reply("Stop"),
        ]),
        buttons([Button::quick_reply("Stop"), Button::copy_code("AUTUMN40")]),
        buttons([Button::flow("Survey", "8812").navigate("FIRST")]),
        buttons([Button::products("View items")]),
        buttons([Button::catalog("View catalog")]),
        buttons([Button::voice_call("Call us")]),
        carousel([card(), card()]),
        TemplateDraft::marketing("offer", "en_US")
            .header(Header::image("4::x"))
            .limited_time_offer(LimitedTimeOffer::new("Soon over", true))
            .body(Body::new("Only this week."))
            .buttons([Button::copy_code("AUTUMN40"), Button::url("Shop", "https://a.example")]),
        TemplateDraft::authentication("code", "en_US", code.security_recommendation())
            .ttl_seconds(600),
        TemplateDraft::authentication("copy", "pt_BR", Authentication::copy_code()).ttl_seconds(-1),
    ] {
        assert_eq!(check_draft(&draft), Ok(()), "{}", draft.to_wire());
    }
}

#[test]
fn names_languages_and_times_have_a_form() {
    let named = |name: &str| TemplateDraft::utility(name, "en_US").body(Body::new("Hello."));
    assert_eq!(broken(&named("Order Update")), ("name".into(), Rule::Name));
    assert_eq!(broken(&named("")), ("name".into(), Rule::Name));
    assert_eq!(broken(&named(&"x".repeat(513))), ("name".into(), Rule::Limit));
    let language = TemplateDraft::utility("a", "en-US").body(Body::new("Hello."));
    assert_eq!(broken(&language), ("language".into(), Rule::Language));
    let ttl = |draft: TemplateDraft, seconds| broken(&draft.ttl_seconds(seconds)).1;
    assert_eq!(ttl(named("a"), 29), Rule::Ttl);
    assert_eq!(ttl(named("a"), 43_201), Rule::Ttl);
    assert_eq!(ttl(buttons([Button::quick_reply("x")]), 43_199), Rule::Ttl);
    let code = TemplateDraft::authentication("a", "en_US", Authentication::copy_code());
    assert_eq!(ttl(code, 901), Rule::Ttl);
}

#[test]
fn variables_are_in_order_apart_inside_the_text_and_have_samples() {
    for (body, samples, rule, place) in [
        ("Hi {{2}}, welcome back.", &["a"][..], Rule::Body, "text"),
        ("Hi {{1}}{{2}}, welcome back.", &["a", "b"], Rule::Body, "text"),
        ("Hi {{1}, welcome back.", &["a"], Rule::Body, "text"),
        ("Hi {{name}}, welcome back.", &["a"], Rule::Body, "text"),
        ("{{1}}, welcome back.", &["a"], Rule::Edge, "text"),
        ("Welcome back, {{1}} ", &["a"], Rule::Edge, "text"),
        ("a {{1}} b {{2}} c", &["a", "b"], Rule::Density, "text"),
        ("Hi {{1}}, order {{2}} has left us.", &["a"], Rule::Sample, "example.body_text"),
        ("Hi {{1}}, welcome back.", &["a", "b"], Rule::Sample, "example.body_text"),
        ("  ", &[], Rule::Body, "text"),
    ] {
        let expected = (format!("components[0].{place}"), rule);
        assert_eq!(broken(&text(body, samples)), expected, "{body}");
    }
    let named = TemplateDraft::utility("a", "en_US")
        .body(Body::new("Hi {{First}}, welcome.").named_samples([("First", "a")]));
    assert_eq!(broken(&named).1, Rule::Body);
}

#[test]
fn what_is_too_long_is_told_with_limit_and_actual_value() {
    let long = |n: usize| "x".repeat(n);
    let long_body = text(&long(1_025), &[]);
    let error: CloudError = check_draft(&long_body).expect_err("too long").into();
    let (field, unit) = ("components[0].text".to_owned(), "characters");
    assert_eq!(error, CloudError::OverLimit { field, limit: 1_024, actual: 1_025, unit });
    for (draft, limit, actual) in [
        (text("Hello.", &[]).footer(long(61)), 60, 61),
        (text("Hello.", &[]).header(Header::text(long(61))), 60, 61),
        (buttons([Button::quick_reply(long(26))]), 25, 26),
        (buttons([Button::url("A", format!("https://{}", long(1_993)))]), 2_000, 2_001),
        (buttons([Button::phone_number("A", "1".repeat(21))]), 20, 21),
        (buttons([Button::copy_code(long(21))]), 20, 21),
        (buttons((0..11).map(|n| Button::quick_reply(n.to_string()))), 10, 11),
        (buttons((0..3).map(|_| Button::url("A", "https://a.example"))), 2, 3),
        (carousel((0..11).map(|_| card())), 10, 11),
        (carousel([card(), card()].map(|c| c.body(Body::new(long(161))))), 160, 161),
    ] {
        let broken = check_draft(&draft).expect_err("too long");
        assert_eq!((broken.limit, broken.actual), (Some(limit), Some(actual)), "{broken:?}");
    }
}

#[test]
fn buttons_stand_in_groups_and_each_needs_its_own() {
    let link = || Button::url("A", "https://a.example");
    for draft in [
        buttons([]),
        buttons([Button::quick_reply("a"), link(), Button::quick_reply("b")]),
        buttons([link(), Button::quick_reply("a"), Button::phone_number("c", "+15550142207")]),
        buttons([Button::url("A", "https://a.example/{{1}}/x")]),
        buttons([Button::url("A", "ftp://a.example")]),
        buttons([Button::phone_number("A", "call me")]),
    ] {
        assert_eq!(broken(&draft).1, Rule::Buttons, "{}", draft.to_wire());
    }
    let no_sample = buttons([Button::url("A", "https://a.example/{{1}}")]);
    assert_eq!(broken(&no_sample).1, Rule::Sample);
}

#[test]
fn cards_are_alike_and_stand_alone_with_the_text() {
    let other = Card::new(Header::video("4::x")).buttons([Button::quick_reply("More")]);
    assert_eq!(broken(&carousel([card()])).1, Rule::Carousel);
    assert_eq!(broken(&carousel([card(), other])).1, Rule::Carousel);
    assert_eq!(broken(&carousel([card(), card()]).footer("Bye")).1, Rule::Carousel);
    assert_eq!(broken(&carousel([card(), card().body(Body::new("Only here"))])).1, Rule::Carousel);
}

#[test]
fn a_limited_offer_is_marketing_without_a_footer_and_begins_with_its_code() {
    let offer = |category: Category| {
        TemplateDraft::new("offer", "en_US", category)
            .limited_time_offer(LimitedTimeOffer::new("Soon over", true))
            .body(Body::new("Only this week."))
    };
    let shop = || Button::url("Shop", "https://a.example");
    let marketing = || offer(Category::Marketing);
    assert_eq!(broken(&offer(Category::Utility).buttons([shop()])).1, Rule::Category);
    assert_eq!(broken(&marketing().footer("Bye").buttons([shop()])).1, Rule::Offer);
    assert_eq!(broken(&marketing().buttons([shop(), Button::copy_code("A")])).1, Rule::Offer);
    assert_eq!(broken(&marketing()).1, Rule::Offer);
    let long = marketing().buttons([Button::copy_code("x".repeat(16)), shop()]);
    assert_eq!(check_draft(&long).expect_err("too long").limit, Some(15));
}

#[test]
fn a_one_time_code_has_only_what_meta_writes_around() {
    let code = |change: fn(&mut Value)| {
        let apps = [SupportedApp::new("com.example.nimbus", "pT4+wZs9QbR")];
        let code = Authentication::zero_tap(apps).expires_after_minutes(5);
        let mut wire = TemplateDraft::authentication("code", "en_US", code).to_wire();
        change(&mut wire);
        check_wire(&wire).map_err(|broken| broken.field)
    };
    assert_eq!(code(|_| {}), Ok(()));
    for (field, change) in [
        ("components[0].text", (|w| w["components"][0]["text"] = json!("Hi")) as fn(&mut Value)),
        ("components[1].code_expiration_minutes", |w| {
            w["components"][1]["code_expiration_minutes"] = json!(91)
        }),
        ("components[2].buttons", |w| w["components"][2]["buttons"] = json!([])),
        ("components[2].buttons[0].zero_tap_terms_accepted", |w| {
            w["components"][2]["buttons"][0]["zero_tap_terms_accepted"] = json!(false)
        }),
        ("components[2].buttons[0].supported_apps", |w| {
            w["components"][2]["buttons"][0]["supported_apps"] = json!([])
        }),
        ("components[2].buttons[0].supported_apps[0].signature_hash", |w| {
            w["components"][2]["buttons"][0]["supported_apps"][0]["signature_hash"] = json!("short")
        }),
        ("components[2].buttons[0].otp_type", |w| {
            w["components"][2]["buttons"][0]["otp_type"] = json!("NO_TAP")
        }),
        ("components[1]", |w| w["components"][1]["type"] = json!("HEADER")),
        ("category", |w| w["category"] = json!("UTILITY")),
    ] {
        assert_eq!(code(change), Err(field.to_owned()));
    }
}

#[test]
fn parts_are_there_once_and_known() {
    for (components, field) in [
        (json!([{"type": "FOOTER", "text": "x"}]), "components"),
        (json!([{"type": "BODY", "text": "x"}, {"type": "body", "text": "y"}]), "components[1]"),
        (json!([{"type": "BODY", "text": "x"}, {"type": "SIDEBAR"}]), "components[1].type"),
        (
            json!([{"type": "HEADER", "format": "AUDIO"}, {"type": "BODY", "text": "x"}]),
            "components[0].format",
        ),
        (
            json!([{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "x"}]),
            "components[0].example.header_handle",
        ),
    ] {
        let draft = json!({"name": "a", "language": "en_US", "category": "marketing", "components": components});
        assert_eq!(check_wire(&draft).map_err(|broken| broken.field), Err(field.to_owned()));
    }
}

#[test]
fn meta_s_finer_codes_are_those_of_the_table() {
    for (rule, code) in
        [(Rule::Limit, 2_388_040), (Rule::Edge, 2_388_299), (Rule::Density, 2_388_293)]
    {
        assert_eq!(rule.subcode(), Some(code));
        assert!(crate::codes::known_codes().any(|known| known == code));
    }
}
