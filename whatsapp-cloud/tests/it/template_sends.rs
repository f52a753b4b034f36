//! Every kind of template is made, approved, filled and sent; and what does not fit is refused with Meta's code.

use serde_json::{Value, json};
use whatsapp_cloud::template::{
    Authentication, Body, Button, Card, Carousel, Header, LimitedTimeOffer, TemplateDraft,
};
use whatsapp_cloud::transport::{GraphRequest, Transport};
use whatsapp_cloud::{TemplateAdminApi, Upload, UploadApi};
use whatsapp_core::{Id, Span};

use crate::scene::*;

type Change = fn(&mut Value);

/// Makes a template, fills it in, changes what Meta gets, sends it, and gives Meta's code, 0 if it was taken.
async fn sent(scene: &Scene, draft: &TemplateDraft, given: &[(&str, &str)], change: Change) -> i64 {
    let access = scene.meta.access(0).expect("a number");
    let all = whatsapp_cloud::template::TemplateFilter::all().name(&draft.name);
    if scene.meta.all_templates(&access, &all).await.expect("lists").is_empty() {
        scene.meta.create_template(&access, draft).await.expect(&draft.name);
        scene.clock.advance(Span::minutes(1));
    }
    let remote = scene.meta.all_templates(&access, &all).await.expect("lists").remove(0);
    let template = remote.into_template(Id::from_uuid(Default::default()), &scene.env);
    let mut filled = template.fill(&values(given), None).expect(&draft.name);
    change(&mut filled.components);
    // Past the client's own checks: what Meta says to whoever has none.
    let body = json!({
        "messaging_product": "whatsapp", "to": ANA, "type": "template",
        "template": {
            "name": filled.name, "language": {"code": filled.language},
            "components": filled.components,
        },
    });
    let path = [access.phone_number_id.as_str(), "messages"];
    let sent = scene.meta.exchange(GraphRequest::post(&access.token, path, body)).await;
    scene.clock.advance(Span::minutes(1));
    sent.map_or_else(|error| code(&error), |_| 0)
}

fn marketing(name: &str) -> TemplateDraft {
    TemplateDraft::marketing(name, "en_US").body(Body::new(format!("This is {name} for you.")))
}

const LINK: &str = "https://shop.example/a.jpg";

async fn handle(scene: &Scene) -> String {
    let file =
        Upload { bytes: vec![7; 10].into(), mime: "image/png".into(), filename: "a.png".into() };
    let access = scene.meta.access(0).expect("a number");
    scene.meta.upload_resumable(&access, &scene.meta.app_id(), file).await.expect("uploads")
}

#[tokio::test]
async fn texts_with_numbers_or_names() {
    let scene = scene();
    let body = Body::new("Hi {{1}}, your order {{2}} is here.").samples(["Ana", "A-1"]);
    let positional = TemplateDraft::utility("positional", "en_US").body(body);
    let body = Body::new("Hello {{first_name}}, welcome.").named_samples([("first_name", "Ana")]);
    let named = TemplateDraft::utility("named", "en_US").body(body);
    let both = [("1", "Ana"), ("2", "A-1")];
    let parameter = "/0/parameters/0";
    for (expected, change) in [
        (0, (|_| {}) as Change),
        (132_000, |c| drop(c[0]["parameters"].as_array_mut().expect("list").pop())),
        (132_000, |c| *c = json!([])),
        (132_012, |c| c[0]["parameters"][0] = json!({"type": "image", "image": {"id": "1"}})),
        (132_018, |c| c[0]["parameters"][0]["text"] = json!("")),
        (132_018, |c| c[0]["parameters"][0]["text"] = json!("a\nb")),
        (132_005, |c| c[0]["parameters"][0]["text"] = json!("x".repeat(1_100))),
        (100, |c| c[0]["type"] = json!("sidebar")),
        (
            0,
            |c| c[0]["parameters"][0] = json!({"type": "currency", "currency": {"fallback_value": "€1", "code": "EUR", "amount_1000": 1_000}}),
        ),
        (132_012, |c| {
            c[0]["parameters"][0] =
                json!({"type": "currency", "currency": {"fallback_value": "€1"}})
        }),
        (0, |c| {
            c[0]["parameters"][1] =
                json!({"type": "date_time", "date_time": {"fallback_value": "Monday"}})
        }),
    ] {
        assert_eq!(sent(&scene, &positional, &both, change).await, expected, "{parameter}");
    }
    let one = [("first_name", "Ana")];
    assert_eq!(sent(&scene, &named, &one, |_| {}).await, 0);
    let unnamed: Change =
        |c| drop(c[0]["parameters"][0].as_object_mut().expect("object").remove("parameter_name"));
    assert_eq!(sent(&scene, &named, &one, unnamed).await, 132_012);
}

#[tokio::test]
async fn headers_of_every_kind() {
    let scene = scene();
    let picture = marketing("picture").header(Header::image(handle(&scene).await));
    let place = marketing("place").header(Header::location());
    let product = marketing("product").header(Header::product());
    for (draft, given, expected, change) in [
        (&picture, &[("header.media", LINK)][..], 0, (|_| {}) as Change),
        (&picture, &[("header.media", LINK)][..], 132_012, |c| *c = json!([])),
        (&picture, &[("header.media", LINK)][..], 132_012, |c| {
            c[0]["parameters"][0] = json!({"type": "video", "video": {"link": LINK}})
        }),
        (&picture, &[("header.media", LINK)][..], 131_008, |c| {
            c[0]["parameters"][0]["image"] = json!({})
        }),
        (&place, &[("header.latitude", "41"), ("header.longitude", "28.9")][..], 0, |_| {}),
        (&place, &[("header.latitude", "41"), ("header.longitude", "28.9")][..], 131_008, |c| {
            c[0]["parameters"][0]["location"] = json!({"latitude": 1})
        }),
        (&product, &[("header.product", "TENT"), ("header.catalog", "5")][..], 0, |_| {}),
        (&product, &[("header.product", "TENT"), ("header.catalog", "5")][..], 131_008, |c| {
            c[0]["parameters"][0]["product"] = json!({"catalog_id": "5"})
        }),
    ] {
        assert_eq!(sent(&scene, draft, given, change).await, expected, "{}", draft.name);
    }
}

#[tokio::test]
async fn buttons_of_every_kind() {
    let scene = scene();
    let link = Button::url_with_end("Shop", "https://shop.example/{{1}}", "https://shop.example/a");
    let shop = marketing("shop").buttons([Button::quick_reply("Stop"), link]);
    let coupon = marketing("coupon").buttons([Button::copy_code("AUTUMN40")]);
    let flow = marketing("flow").buttons([Button::flow("Survey", "8812")]);
    let list = marketing("list").buttons([Button::products("View items")]);
    let catalog = marketing("catalog").buttons([Button::catalog("View catalog")]);
    let call = marketing("call").buttons([Button::voice_call("Call us")]);
    let payload = "p".repeat(256);
    for (draft, given, expected, change) in [
        (
            &shop,
            &[("button.1", "autumn"), ("button.0", payload.as_str())][..],
            0,
            (|_| {}) as Change,
        ),
        (&shop, &[("button.1", "autumn")][..], 131_008, |c| *c = json!([])),
        (&shop, &[("button.1", "autumn")][..], 132_012, |c| c[0]["sub_type"] = json!("flow")),
        (&shop, &[("button.1", "autumn")][..], 131_009, |c| c[0]["index"] = json!("7")),
        (&shop, &[("button.1", "autumn"), ("button.0", "a")][..], 131_009, |c| {
            c[0]["parameters"][0]["payload"] = json!("p".repeat(257))
        }),
        (&coupon, &[("button.0", "AUTUMN40")][..], 0, |_| {}),
        (&coupon, &[("button.0", "AUTUMN40")][..], 131_008, |c| *c = json!([])),
        (&coupon, &[("button.0", "AUTUMN40")][..], 131_009, |c| {
            c[0]["parameters"][0]["coupon_code"] = json!("x".repeat(21))
        }),
        (&flow, &[("button.0", "ft_1"), ("button.0.data", "{\"a\":1}")][..], 0, |_| {}),
        (&flow, &[][..], 132_012, |c| c[0]["parameters"][0]["type"] = json!("text")),
        (&list, &[("button.0", "Tents: A, B; Pegs: C")][..], 0, |_| {}),
        (&list, &[("button.0", "A")][..], 131_009, |c| {
            c[0]["parameters"][0]["action"]["sections"] = json!([])
        }),
        (&catalog, &[][..], 0, |_| {}),
        (&catalog, &[("button.0", "TENT")][..], 0, |_| {}),
        (&call, &[("button.0", "90")][..], 0, |_| {}),
    ] {
        assert_eq!(sent(&scene, draft, given, change).await, expected, "{}", draft.name);
    }
}

#[tokio::test]
async fn offers_that_end_and_cards_side_by_side() {
    let scene = scene();
    let offer = marketing("offer")
        .limited_time_offer(LimitedTimeOffer::new("Soon over", true))
        .buttons([Button::copy_code("AUTUMN40"), Button::url("Shop", "https://shop.example")]);
    let given = [("offer.expires_at", "2027-01-01T00:00:00Z"), ("button.0", "AUTUMN40")];
    for (expected, change) in [
        (0, (|_| {}) as Change),
        (131_008, |c| drop(c.as_array_mut().expect("list").remove(0))),
        (131_009, |c| c[0]["parameters"][0]["limited_time_offer"]["expiration_time_ms"] = json!(1)),
    ] {
        assert_eq!(sent(&scene, &offer, &given, change).await, expected, "offer");
    }
    let picture = handle(&scene).await;
    let link = Button::url_with_end("Shop", "https://shop.example/{{1}}", "x1");
    let card = || Card::new(Header::image(&picture)).buttons([link.clone()]);
    let cards = marketing("cards").carousel(Carousel::new([card(), card()]));
    let given = [
        ("card.0.header.media", LINK),
        ("card.0.button.0", "a"),
        ("card.1.header.media", LINK),
        ("card.1.button.0", "b"),
    ];
    for (expected, change) in [
        (0, (|_| {}) as Change),
        (132_012, |c| drop(c[0]["cards"].as_array_mut().expect("cards").pop())),
        (131_009, |c| c[0]["cards"][1]["card_index"] = json!(0)),
        (132_012, |c| {
            drop(c[0]["cards"][1]["components"].as_array_mut().expect("parts").remove(0))
        }),
        (131_008, |c| drop(c[0]["cards"][1]["components"].as_array_mut().expect("parts").pop())),
    ] {
        assert_eq!(sent(&scene, &cards, &given, change).await, expected, "cards");
    }
}

#[tokio::test]
async fn a_one_time_code_is_in_the_text_and_the_same_in_the_button() {
    let scene = scene();
    let draft = TemplateDraft::authentication("code", "en_US", Authentication::copy_code());
    for (given, expected, change) in [
        ("481516", 0, (|_| {}) as Change),
        ("481516", 131_009, |c| c[1]["parameters"][0]["text"] = json!("999")),
        ("481516", 131_008, |c| drop(c.as_array_mut().expect("list").pop())),
        ("1234567890123456", 131_009, |_| {}),
    ] {
        assert_eq!(sent(&scene, &draft, &[("1", given)], change).await, expected, "{given}");
    }
}
