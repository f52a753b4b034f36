//! Every webhook call of the reference is read without error, and what is known has its type.

use std::path::Path;

use proptest::prelude::*;
use whatsapp_cloud::webhook::{Change, Inbound, parse, peek_phone_number_ids, peek_waba_ids};
use whatsapp_core::{Content, DeliveryStatus, Identity, TemplateStatus, Timestamp};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_100);

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn changes(name: &str) -> Vec<Change> {
    parse(&fixture(&format!("webhook_{name}.json")), NOW).expect(name)
}

fn only(name: &str) -> Inbound {
    let mut all = changes(name);
    assert_eq!(all.len(), 1, "{name}: {all:?}");
    all.remove(0).inbound
}

fn content(name: &str) -> Content {
    match only(name) {
        Inbound::Message(message) => message.content,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn a_text_has_its_writer_its_time_and_its_number() {
    let all = changes("msg_text");
    assert_eq!(all[0].waba_id, "104551238800917");
    assert_eq!(all[0].phone_number_id.as_deref(), Some("118002447730265"));
    let Inbound::Message(message) = &all[0].inbound else { panic!("{all:?}") };
    let phone = "+905550100234".parse().ok();
    let bsuid = Some("TR.48120077319955160342".to_owned());
    assert_eq!(message.identity, Identity { phone, bsuid });
    assert_eq!(message.profile_name.as_deref(), Some("Aylin Kaya"));
    assert_eq!(message.at, Timestamp::from_seconds(1_790_000_000));
    assert_eq!(message.content, Content::text("Merhaba, siparişim ne zaman gelir? 🙂"));
}

#[test]
fn people_with_a_username_are_known_by_their_id_alone() {
    for name in ["msg_text_username_only", "msg_text_username_only_empty"] {
        let Inbound::Message(message) = only(name) else { panic!("{name}") };
        assert_eq!(message.identity.phone, None, "{name}");
        assert!(message.identity.bsuid.is_some(), "{name}");
    }
}

#[test]
fn files_carry_meta_s_id_and_their_words() {
    let Inbound::Message(voice) = only("msg_audio_voice") else { panic!() };
    let media = voice.media.expect("a file");
    assert_eq!((media.provider_id.as_str(), media.voice), ("1217142785081751", true));
    let Inbound::Message(image) = only("msg_image") else { panic!() };
    assert!(image.media.expect("a file").caption.is_some());
}

#[test]
fn taps_and_reactions_name_the_message_they_belong_to() {
    let Inbound::Message(tap) = only("msg_button") else { panic!() };
    assert!(tap.reply_to.is_some());
    assert_eq!(
        tap.content,
        Content::Button { payload: "STOP_PROMO:autumn26".into(), text: "Stop promotions".into() }
    );
    for name in ["msg_reaction_removed_empty", "msg_reaction_removed_no_emoji"] {
        match content(name) {
            Content::Reaction { emoji, wamid } => {
                assert!(emoji.is_empty() && wamid.starts_with("wamid."), "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    match content("msg_interactive_list_reply_no_description") {
        Content::Reply { kind, description, .. } => {
            assert_eq!((kind.as_str(), description), ("list_reply", None));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_failed_status_says_why_and_a_played_one_is_read() {
    let Inbound::Status(failed) = only("status_failed_131050") else { panic!() };
    assert_eq!(failed.status, DeliveryStatus::Failed);
    let error = failed.error.expect("an error");
    assert_eq!(error.code, 131_050);
    assert!(error.details.expect("details").contains("stop"));
    let Inbound::Status(played) = only("status_played") else { panic!() };
    assert_eq!(played.status, DeliveryStatus::Read);
    let Inbound::Status(tracked) = only("status_with_tracker") else { panic!() };
    assert!(tracked.callback_data.is_some());
}

#[test]
fn templates_numbers_and_wishes_are_understood() {
    let Inbound::TemplateStatus(rejected) = only("template_status_rejected") else { panic!() };
    assert_eq!(rejected.status, TemplateStatus::Rejected);
    assert_eq!(rejected.meta_id, "1703318840276615");
    assert!(rejected.reason.expect("a reason").contains("Parameters"));
    let Inbound::TemplateStatus(beside) = only("template_status_rejected_info_outside_value")
    else {
        panic!()
    };
    assert!(beside.reason.is_some());
    assert!(matches!(only("template_quality_misnamed_field"), Inbound::TemplateQuality(_)));
    let Inbound::UserPreference(stop) = only("user_preferences_stop") else { panic!() };
    assert!(stop.stop);
    let Inbound::IdentityChanged(moved) = only("msg_system_user_changed_number") else { panic!() };
    assert_eq!(moved.after.phone.expect("phone").as_str(), "+905550100777");
}

#[test]
fn what_the_call_is_about_is_seen_before_it_is_verified() {
    let body = fixture("webhook_batch_messages_statuses.json");
    let seen = peek_phone_number_ids(&body);
    let read: Vec<_> =
        parse(&body, NOW).expect("reads").into_iter().filter_map(|c| c.phone_number_id).collect();
    assert!(!seen.is_empty() && read.iter().all(|id| seen.contains(id)));
    assert_eq!(peek_waba_ids(&fixture("webhook_msg_text.json")), ["104551238800917"]);
    assert!(peek_phone_number_ids(b"not json").is_empty());
}

#[test]
fn only_what_is_no_call_at_all_is_an_error() {
    for body in ["", "[]", "null", "{", "{\"entry\": 5}", "{}", "\"text\""] {
        assert!(parse(body.as_bytes(), NOW).is_err(), "{body}");
    }
    assert_eq!(parse(b"{\"entry\": []}", NOW), Ok(Vec::new()));
    assert_eq!(parse(br#"{"entry": [7, {"changes": [7]}]}"#, NOW).expect("reads").len(), 2);
}

/// Any JSON, with Meta's own keys likely.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let keys = prop::sample::select(vec![
        "entry",
        "changes",
        "value",
        "field",
        "messages",
        "statuses",
        "contacts",
        "id",
        "from",
        "type",
        "text",
        "body",
        "timestamp",
        "profile",
        "errors",
        "metadata",
        "phone_number_id",
        "reaction",
        "button",
        "system",
        "status",
        "user_preferences",
        "context",
        "image",
    ]);
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        prop::sample::select(vec!["messages", "text", "5511981234567", "failed", "system", "\0"])
            .prop_map(Into::into),
        ".*".prop_map(Into::into),
    ];
    leaf.prop_recursive(7, 120, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::vec((keys.clone(), inner), 0..6).prop_map(|pairs| {
                pairs
                    .into_iter()
                    .map(|(k, v)| (k.to_owned(), v))
                    .collect::<serde_json::Map<_, _>>()
                    .into()
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..400)) {
        drop(parse(&body, NOW));
        drop(peek_phone_number_ids(&body));
    }

    #[test]
    fn no_json_makes_it_panic(value in json(), entries in prop::collection::vec(json(), 0..3)) {
        drop(parse(value.to_string().as_bytes(), NOW));
        let call = serde_json::json!({"entry": [{"id": 1, "changes": entries}, value]});
        prop_assert!(parse(call.to_string().as_bytes(), NOW).is_ok());
    }

    #[test]
    fn a_call_cut_anywhere_or_with_a_wrong_byte_never_panics(at in 0_usize..900, to in any::<u8>()) {
        let mut body = fixture("webhook_msg_text.json");
        drop(parse(&body[..at.min(body.len())], NOW));
        let at = at.min(body.len() - 1);
        body[at] = to;
        drop(parse(&body, NOW));
    }
}
