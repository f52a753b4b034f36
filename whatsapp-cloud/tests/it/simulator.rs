//! The simulator in process: it accepts, refuses and tells as Meta does, the same each time.

use serde_json::json;
use whatsapp_cloud::simulator::Faults;
use whatsapp_cloud::webhook::Inbound;
use whatsapp_cloud::{
    AccountApi, CloudApi, CloudError, MediaApi, MediaRef, Messaging, OutgoingMessage, Recipient,
    Upload,
};
use whatsapp_core::message::Media;
use whatsapp_core::{Content, DeliveryStatus, MediaKind, Secret, Span, TemplateStatus};

use crate::scene::*;

#[tokio::test]
async fn an_answer_within_the_window_is_sent_delivered_and_read_with_its_callback_data() {
    let scene = scene();
    scene.meta.write(ANA, "Olá, alguém aí? 🙂").expect("writes");
    scene.told();
    let sent = scene.text(ANA).await.expect("accepted");
    let statuses = scene.statuses();
    use DeliveryStatus::{Delivered, Read, Sent};
    assert_eq!(words(&statuses), [Sent, Delivered, Read]);
    for status in &statuses {
        assert_eq!(status.wamid, sent.wamid);
        assert_eq!(status.callback_data.as_deref(), Some("attempt-1"));
        assert_eq!(status.recipient.phone.as_ref().expect("phone").as_str(), ANA);
    }
    assert_eq!(scene.meta.sends()[0].status, "read");
}

#[tokio::test]
async fn what_customers_do_is_told_in_signed_calls_that_the_reader_understands() {
    let scene = scene();
    let acts = [
        json!({"from": ANA, "name": "Ana", "type": "text", "text": {"body": "Açaí 🙂"}}),
        json!({"from": ANA, "type": "image", "image": {"caption": "Look"}}),
        json!({"from": ANA, "type": "button", "button": {"payload": "p", "text": "Yes"}, "context": {"message_id": "wamid.x"}}),
        json!({"from": ANA, "type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}}),
        json!({"from": "BR.123", "type": "location", "location": {"latitude": 1.5, "longitude": 2}}),
        json!({"from": ANA, "type": "hologram", "hologram": {"x": 1}}),
    ];
    for act in acts {
        scene.meta.inbound(act).expect("understood");
    }
    let mut kinds = Vec::new();
    for inbound in scene.told() {
        let Inbound::Message(message) = inbound else { panic!("{inbound:?}") };
        kinds.push(message.content.kind().to_owned());
        if message.identity.phone.is_some() {
            assert_eq!(message.profile_name.as_deref(), Some("Ana"));
        }
        if let Some(file) = message.media {
            let access = scene.meta.access(0).expect("a number");
            let place = scene.meta.locate(&access, &file.provider_id).await.expect("is there");
            let bytes = scene.meta.download(&access, &place, 1_000).await.expect("downloads");
            assert!(bytes.starts_with(b"\x89PNG"));
        }
    }
    kinds.sort();
    assert_eq!(kinds, ["button", "hologram", "image", "location", "reaction", "text"]);
}

#[tokio::test]
async fn outside_the_window_a_text_is_accepted_and_fails_and_a_template_passes() {
    let scene = scene();
    scene.meta.write(ANA, "Hi").expect("writes");
    scene.clock.advance(Span::hours(24));
    scene.told();
    scene.text(ANA).await.expect("accepted");
    let statuses = scene.statuses();
    assert_eq!(words(&statuses), [DeliveryStatus::Failed]);
    assert_eq!(statuses[0].error.as_ref().expect("why").code, 131_047);
    let order = scene.template("order_update").await;
    let filled = order.fill(&values(&[("1", "Ana"), ("2", "A-1")]), None).expect("fills");
    scene.send_to(ANA, Content::Template(filled)).await.expect("accepted");
    assert!(words(&scene.statuses()).contains(&DeliveryStatus::Delivered));
}

#[tokio::test]
async fn the_window_can_also_refuse_at_once() {
    let scene = scene();
    let mut faults = Faults::default();
    faults.refuse_closed_window = true;
    scene.meta.set_faults(faults);
    assert_eq!(code(&scene.text(ANA).await.expect_err("closed")), 131_047);
}

#[tokio::test]
async fn a_template_must_be_approved_and_its_values_must_fit() {
    let scene = scene();
    for (name, expected) in
        [("winter_clearance", 132_015), ("loyalty_welcome", 132_001), ("flash_sale", 132_001)]
    {
        let template = scene.template(name).await;
        assert!(template.may_send().is_err(), "{name}");
        let pairs = [("1", "Ana")];
        let filled = template.fill(&values(&pairs), None).expect("fills");
        let refused = scene.send_to(ANA, Content::Template(filled)).await.expect_err("refused");
        assert_eq!(code(&refused), expected, "{name}");
        assert!(matches!(refused, CloudError::Template(_)));
    }
    let order = scene.template("order_update").await;
    let mut filled = order.fill(&values(&[("1", "Ana"), ("2", "A-1")]), None).expect("fills");
    filled.components = json!([{"type": "body", "parameters": [{"type": "text", "text": "Ana"}]}]);
    let refused = scene.send_to(ANA, Content::Template(filled)).await.expect_err("refused");
    assert_eq!(code(&refused), 132_000);
}

#[tokio::test]
async fn every_approved_template_can_be_filled_and_sent() {
    let scene = scene();
    let picture = ("header.media", "https://shop.example/a.jpg");
    for (name, pairs) in [
        ("order_update", vec![("1", "Ana"), ("2", "A-1")]),
        ("autumn_offer", vec![("1", "Ana"), ("2", "20%")]),
        ("new_collection", vec![("1", "Ana"), picture, ("button.0", "ana")]),
        ("appointment_reminder", vec![("first_name", "Ana"), ("day", "Monday")]),
        ("store_hours", vec![]),
    ] {
        let template = scene.template(name).await;
        let filled = template.fill(&values(&pairs), None).unwrap_or_else(|e| panic!("{name}: {e}"));
        let sent = scene.send_to(ANA, Content::Template(filled)).await;
        assert_eq!(sent.expect(name).status.as_deref(), Some("accepted"));
    }
}

#[tokio::test]
async fn the_eighty_first_message_of_a_second_and_the_forty_sixth_to_one_person_are_too_much() {
    let scene = scene();
    let person = |n: i32| format!("+55119800{n:05}");
    for n in 0..80 {
        scene.text(&person(n)).await.expect("within the quota");
    }
    let refused = scene.text(&person(80)).await.expect_err("too fast");
    assert!(matches!(refused, CloudError::RateLimited { .. }), "{refused:?}");
    scene.clock.advance(Span::seconds(1));
    for _ in 0..45 {
        scene.text(ANA).await.expect("within the quota of one person");
    }
    scene.clock.advance(Span::seconds(1));
    let refused = scene.text(ANA).await.expect_err("too much for one");
    assert!(matches!(refused, CloudError::PairRate { .. }), "{refused:?}");
}

#[tokio::test]
async fn who_stopped_marketing_gets_none_and_it_is_told() {
    let scene = scene();
    scene.meta.stop_marketing(ANA, true).expect("stops");
    assert!(matches!(scene.told()[..], [Inbound::UserPreference(ref wish)] if wish.stop));
    let offer = scene.template("autumn_offer").await;
    let filled = offer.fill(&values(&[("1", "Ana"), ("2", "20%")]), None).expect("fills");
    scene.send_to(ANA, Content::Template(filled)).await.expect("accepted");
    assert_eq!(scene.statuses()[0].error.as_ref().expect("why").code, 131_050);
}

#[tokio::test]
async fn a_template_s_new_state_is_told_and_holds() {
    let scene = scene();
    let order = scene.template("order_update").await;
    scene.meta.review_template(&order.meta_id, "PAUSED", "people complained").expect("is there");
    let told = scene.told();
    let [Inbound::TemplateStatus(update)] = &told[..] else { panic!("{told:?}") };
    assert_eq!((update.status, &update.meta_id), (TemplateStatus::Paused, &order.meta_id));
    assert_eq!(scene.template("order_update").await.status, TemplateStatus::Paused);
}

#[tokio::test]
async fn files_go_up_and_down_and_their_addresses_hold_five_minutes() {
    let scene = scene();
    let access = scene.meta.access(0).expect("a number");
    let upload = |mime: &str| Upload {
        bytes: b"%PDF-1.7 not really".to_vec().into(),
        mime: mime.into(),
        filename: "a.pdf".into(),
    };
    let id = scene.meta.upload(&access, upload("application/pdf")).await.expect("uploads");
    let page = scene.meta.upload(&access, upload("text/html")).await;
    assert!(matches!(page, Err(CloudError::Invalid { ref field, .. }) if field == "file"));
    let place = scene.meta.locate(&access, &id).await.expect("is there");
    assert_eq!(scene.meta.download(&access, &place, 100).await.expect("downloads").len(), 19);
    let small = scene.meta.download(&access, &place, 10).await;
    assert_eq!(small, Err(CloudError::TooLarge { limit: 10 }));
    scene.clock.advance(Span::seconds(301));
    assert_eq!(scene.meta.download(&access, &place, 100).await, Err(CloudError::MediaGone));
    let other = scene.meta.access(1).expect("another");
    assert_eq!(scene.meta.locate(&other, &id).await, Err(CloudError::MediaGone));
    let file = Media {
        kind: MediaKind::Document,
        media: None,
        link: None,
        caption: None,
        filename: Some("a.pdf".into()),
        voice: false,
    };
    let to = Recipient::from_address(ANA);
    let mut message = OutgoingMessage::new(to, Content::Media(file));
    message.media = Some(MediaRef::Id(id.clone()));
    scene.meta.send(&access, &message).await.expect("accepted");
    scene.meta.delete(&access, &id).await.expect("deletes");
    assert_eq!(code(&scene.meta.send(&access, &message).await.expect_err("gone")), 131_009);
}

#[tokio::test]
async fn a_wrong_token_or_number_is_refused_as_lost_access() {
    let scene = scene();
    let mut access = scene.meta.access(0).expect("a number");
    let details = scene.meta.phone_number(&access).await.expect("is there");
    assert_eq!(details.phone.expect("reads").as_str(), scene.meta.numbers()[0].phone);
    assert_eq!(details.throughput, 80);
    access.phone_number_id = "42".into();
    let refused = scene.meta.phone_number(&access).await.expect_err("unknown");
    assert!(matches!(refused, CloudError::Token(_)), "{refused:?}");
    access.token = "wrong".into();
    let refused = scene.meta.phone_numbers(&access).await.expect_err("unknown");
    assert_eq!(code(&refused), 190);
}

#[tokio::test]
async fn reading_needs_a_message_that_came_to_this_number() {
    let scene = scene();
    let access = scene.meta.access(0).expect("a number");
    let wamid = scene.meta.write(ANA, "Hi").expect("writes");
    scene.meta.show_typing(&access, &wamid).await.expect("is there");
    let other = scene.meta.access(1).expect("another");
    assert_eq!(code(&scene.meta.mark_read(&other, &wamid).await.expect_err("not here")), 131_009);
}

#[tokio::test]
async fn the_same_seed_and_calls_give_the_same_world() {
    let run = |seed| async move {
        let scene = seeded(seed);
        scene.meta.write(ANA, "Hi").expect("writes");
        scene.text(ANA).await.expect("accepted");
        (scene.told(), scene.meta.sends(), scene.meta.numbers())
    };
    assert_eq!(run(7).await, run(7).await);
    assert_ne!(run(7).await.2, run(8).await.2);
}

#[test]
fn it_is_the_whole_api_behind_one_object() {
    let scene = scene();
    let _: &dyn CloudApi = &scene.meta;
}

#[tokio::test]
async fn in_process_too_only_the_secret_of_the_token_s_app_passes_the_check() {
    let scene = scene();
    let access = scene.meta.access(0).expect("a number");
    let secret = scene.meta.app_secret();
    scene.meta.check_app_secret(&access, &secret).await.expect("it is the app's");
    let refused = scene.meta.check_app_secret(&access, &Secret::from("another")).await;
    assert!(matches!(refused, Err(CloudError::Invalid { field, .. }) if field == "app_secret"));
}
