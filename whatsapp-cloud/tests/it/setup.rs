//! What a business sets up of its numbers, read back as it was set, at both doors; and what Meta's side refuses
//! whatever the client would have let through.

use serde_json::{Value, json};
use whatsapp_cloud::api::*;
use whatsapp_cloud::simulator::{SimulatorConfig, serve};
use whatsapp_cloud::transport::{GraphRequest, Transport};
use whatsapp_cloud::{Access, CloudError, OutgoingMessage, Recipient};
use whatsapp_core::{Content, Secret, Timestamp};

use crate::scene::{ANA, scene};
use crate::stage::*;
use crate::wire;

#[tokio::test]
async fn people_are_blocked_and_unblocked_and_some_may_fail() {
    for stage in stages().await {
        let (api, access) = (&stage.api, &stage.access);
        let stranger = "+5511987650000";
        stage.world.write(ANA, &access.phone_number_id).await;
        let both = PeopleToBlock::new([ANA, stranger]);
        let outcome = api.block_people(access, &both).await.expect("an answer");
        assert!(!outcome.is_complete());
        assert_eq!(outcome.added[0].input.as_deref(), Some(ANA));
        assert_eq!(outcome.failed[0].input.as_deref(), Some(stranger));
        assert_eq!(outcome.failed[0].errors[0].code, Some(131_047));
        let list = api.blocked_people(access, None).await.expect("lists");
        assert_eq!(list.items.len(), 1);
        let hi = OutgoingMessage::new(Recipient::from_address(ANA), Content::text("Hi"));
        assert_eq!(refusal(api.send(access, &hi).await).0, 130_403);
        let outcome = api.unblock_people(access, &PeopleToBlock::new([ANA])).await.expect("done");
        assert_eq!((outcome.removed.len(), outcome.is_complete()), (1, true));
        api.send(access, &hi).await.expect("may be written to again");
        assert!(api.blocked_people(access, None).await.expect("lists").items.is_empty());
        stage.world.advance(24 * 3_600 + 1).await;
        let outcome = api.block_people(access, &PeopleToBlock::new([ANA])).await.expect("answer");
        assert_eq!(outcome.failed.len(), 1, "their last message is too old");
    }
}

#[tokio::test]
async fn a_profile_is_read_back_as_it_was_changed() {
    for stage in stages().await {
        let (api, access) = (&stage.api, &stage.access);
        let change = ProfileChange::new()
            .about("Gear for every trail")
            .description("Outdoor gear")
            .email("help@example.com")
            .websites(["https://example.com/"])
            .vertical(Vertical::Retail)
            .picture("4::aW…");
        api.change_profile(access, &change).await.expect("changes");
        api.change_profile(access, &ProfileChange::new().address("10 Ridge Rd"))
            .await
            .expect("adds");
        let profile = api.profile(access).await.expect("reads");
        assert_eq!(profile.about.as_deref(), Some("Gear for every trail"));
        assert_eq!(profile.address.as_deref(), Some("10 Ridge Rd"));
        assert_eq!((profile.websites.len(), profile.vertical), (1, Some(Vertical::Retail)));
        assert!(profile.picture_url.is_some());
        let other = api.profile(&stage.other).await.expect("reads");
        assert_eq!(other.about, None, "another number's profile is its own");
    }
}

#[tokio::test]
async fn qr_codes_come_change_and_go() {
    for stage in stages().await {
        let (api, access) = (&stage.api, &stage.access);
        let wish = NewQrCode::new("Hello Nimbus").with_image(QrImage::Svg);
        let made = api.create_qr_code(access, &wish).await.expect("makes");
        assert!(made.deep_link.as_ref().is_some_and(|link| link.ends_with(&made.code)));
        assert!(made.image_url.is_some() && made.code.len() == 14);
        let changed = api.change_qr_code(access, &made.code, "Hello again").await.expect("changes");
        assert_eq!(
            (&changed.code, changed.prefilled_message.as_deref()),
            (&made.code, Some("Hello again"))
        );
        for _ in 0..26 {
            api.create_qr_code(access, &NewQrCode::new("More")).await.expect("makes");
        }
        let first = api.qr_codes(access, None).await.expect("lists");
        let next = first.next.as_deref().expect("more than a page");
        let second = api.qr_codes(access, Some(next)).await.expect("lists");
        assert_eq!((first.items.len(), second.items.len(), second.next), (25, 2, None));
        assert!(api.qr_code(access, &made.code).await.expect("reads").is_some());
        api.delete_qr_code(access, &made.code).await.expect("deletes");
        assert_eq!(api.qr_code(access, &made.code).await.expect("reads"), None);
        assert_eq!(refusal(api.change_qr_code(access, &made.code, "x").await).0, 100);
    }
}

#[tokio::test]
async fn starters_cart_settings_and_flow_key_are_read_back_as_they_were_set() {
    for stage in stages().await {
        let (api, access) = (&stage.api, &stage.access);
        let starters =
            ConversationStarters::new().prompt("Where is my order?").command("track", "Track");
        api.set_conversation_starters(access, &starters).await.expect("sets");
        assert_eq!(api.conversation_starters(access).await, Ok(starters));
        api.change_commerce_settings(access, Some(false), None).await.expect("changes");
        let shop = api.commerce_settings(access).await.expect("reads");
        assert_eq!((shop.cart, shop.catalog), (Some(false), Some(false)));
        let change = SettingsChange::new().calling(Switch::Enabled).identity_check(true);
        api.change_number_settings(access, &change).await.expect("changes");
        let storage = SettingsChange::new().storage(Storage::NoStorage, Some(60));
        api.change_number_settings(access, &storage).await.expect("changes");
        let settings = api.number_settings(access).await.expect("reads");
        assert_eq!(settings.calling.and_then(|own| own.status), Some(Switch::Enabled));
        assert_eq!(settings.identity.and_then(|own| own.check), Some(true));
        assert_eq!(settings.storage.and_then(|own| own.retention_minutes), Some(60));
        assert_eq!(api.flow_key(access).await.expect("reads").key, None);
        let pem = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----";
        api.set_flow_key(access, pem).await.expect("sets");
        let key = api.flow_key(access).await.expect("reads");
        assert_eq!((key.key.as_deref(), key.signature), (Some(pem), Some(KeySignature::Valid)));
    }
}

#[tokio::test]
async fn a_username_is_one_number_s_until_it_is_given_up_or_transferred() {
    for stage in stages().await {
        let (api, access, other) = (&stage.api, &stage.access, &stage.other);
        let claim = api.claim_username(access, "casa.aurora", false).await;
        assert_eq!(claim, Ok(UsernameStatus::Approved));
        let has = api.username(access).await.expect("reads");
        assert_eq!(has.username.as_deref(), Some("casa.aurora"));
        assert_eq!(refusal(api.claim_username(other, "casa.aurora", false).await).0, 147_005);
        api.claim_username(other, "casa.aurora", true).await.expect("moves");
        assert_eq!(api.username(access).await.expect("reads").username, None);
        let stranger = stage.world.sign_up(json!({})).await;
        let mut theirs = access.clone();
        theirs.phone_number_id = word(&stranger, "phone_number_id");
        assert_eq!(refusal(api.claim_username(&theirs, "casa.aurora", true).await).0, 147_001);
        api.release_username(other).await.expect("gives it back");
        assert_eq!(refusal(api.claim_username(&theirs, "casa.aurora", false).await).0, 147_002);
        assert!(!api.username_suggestions(access).await.expect("proposes").is_empty());
    }
}

#[tokio::test]
async fn accounts_tell_of_themselves_and_of_who_works_on_them() {
    for stage in stages().await {
        let (api, access) = (&stage.api, &stage.access);
        let account = api.account(access).await.expect("tells");
        assert_eq!(
            (account.review_status, account.insights),
            (Some(ReviewStatus::Approved), Some(false))
        );
        api.change_account(access, &WabaChange::new().with_insights()).await.expect("changes");
        assert_eq!(api.account(access).await.expect("tells").insights, Some(true));
        assert!(!api.account_health(access).await.expect("tells").is_blocked());
        api.assign_user(access, "122100445566778", &[AssignedTask::Manage]).await.expect("assigns");
        let users = api.assigned_users(access, "360190044827715", None).await.expect("lists");
        assert_eq!(users.items[0].tasks, [AssignedTask::Manage]);
        api.unassign_user(access, "122100445566778").await.expect("unassigns");
        let users = api.assigned_users(access, "360190044827715", None).await.expect("lists");
        assert!(users.items.is_empty());
        let new = NewNumber::new("55", "21987654321", "Casa Aurora");
        let id = api.add_number(access, &new).await.expect("adds");
        let numbers = api.business_numbers(access, None).await.expect("lists").items;
        assert_eq!((&numbers[0].id, numbers.len()), (&id, 2), "the newest first");
        assert_eq!(numbers[0].verified_name.as_deref(), Some("Casa Aurora"));
        assert_eq!(refusal(api.add_number(access, &new).await).0, 100, "it is there already");
    }
}

#[tokio::test]
async fn flows_are_drafted_published_withdrawn_and_only_drafts_are_deleted() {
    for stage in stages().await {
        let (api, access) = (&stage.api, &stage.access);
        let wish = NewFlow::new("survey", FlowCategory::Survey);
        let id = api.create_flow(access, &wish).await.expect("makes").id.expect("an id");
        assert_eq!(refusal(api.create_flow(access, &wish).await).0, 100, "one name, one flow");
        let wrong = api.set_flow_json(access, &id, "{").await.expect("an answer");
        assert_eq!(wrong.faults.len(), 1);
        assert_eq!(refusal(api.publish_flow(access, &id).await).0, 139_002);
        let right = r#"{"version":"7.0","screens":[]}"#;
        assert!(api.set_flow_json(access, &id, right).await.expect("sets").faults.is_empty());
        assert_eq!(api.flow_assets(access, &id).await.expect("lists").items.len(), 1);
        api.publish_flow(access, &id).await.expect("publishes");
        assert_eq!(refusal(api.delete_flow(access, &id).await).0, 139_004);
        assert_eq!(refusal(api.set_flow_json(access, &id, right).await).0, 139_001);
        api.deprecate_flow(access, &id).await.expect("withdraws");
        assert_eq!(
            api.flow(access, &id).await.expect("reads").status,
            Some(FlowStatus::Deprecated)
        );
        let copy = NewFlow::new("again", FlowCategory::Survey).copy_of(&id);
        let copy = api.create_flow(access, &copy).await.expect("copies").id.expect("an id");
        api.delete_flow(access, &copy).await.expect("deletes a draft");
        assert_eq!(api.flows(access, None).await.expect("lists").items.len(), 1);
    }
}

#[tokio::test]
async fn figures_are_counted_from_what_was_sent() {
    for stage in stages().await {
        let (api, access) = (&stage.api, &stage.access);
        stage.world.write(ANA, &access.phone_number_id).await;
        for _ in 0..3 {
            let hi = OutgoingMessage::new(Recipient::from_address(ANA), Content::text("Hi"));
            api.send(access, &hi).await.expect("accepted");
        }
        let (start, end) = (Timestamp::from_seconds(0), Timestamp::from_seconds(4_000_000_000));
        let query = AnalyticsQuery::new(start, end, Granularity::Day);
        let counted = api.message_analytics(access, &query).await.expect("counts");
        let total: i64 = counted.points.iter().filter_map(|point| point.sent).sum();
        assert_eq!((total, counted.points.len()), (3, 1));
        let by_price = query.clone().by(Dimension::PricingCategory).by(Dimension::Country);
        let points = api.pricing_analytics(access, &by_price).await.expect("counts");
        let volume: i64 = points.iter().filter_map(|point| point.volume).sum();
        assert_eq!(volume, 3);
        assert_eq!(points[0].pricing_category.as_deref(), Some("SERVICE"));
        assert_eq!(points[0].country.as_deref(), Some("BR"));
        let old = api.conversation_analytics(access, &query).await.expect("counts");
        assert_eq!(old[0].conversations, Some(3));
        let nobody = query.number("4479110000");
        assert!(api.message_analytics(access, &nobody).await.expect("counts").points.is_empty());
    }
}

/// What Meta's side says to what our client would not send.
async fn raw(path: &[&str], body: Value) -> i64 {
    let meta = scene().meta;
    let access = meta.access(0).expect("a number");
    let path: Vec<&str> =
        [access.phone_number_id.as_str()].into_iter().chain(path.iter().copied()).collect();
    let refused = meta.exchange(GraphRequest::post(&access.token, path, body)).await;
    refused.expect_err("refused").provider().expect("Meta's body").code
}

#[tokio::test]
async fn meta_s_side_keeps_the_same_limits() {
    let long = |count: usize| "x".repeat(count);
    let of = |mut body: Value| {
        body["messaging_product"] = json!("whatsapp");
        body
    };
    for (path, body) in [
        ("whatsapp_business_profile", json!({"about": "no product"})),
        ("whatsapp_business_profile", of(json!({"about": long(140)}))),
        ("whatsapp_business_profile", of(json!({"vertical": "SPACE_TRAVEL"}))),
        (
            "whatsapp_business_profile",
            of(
                json!({"websites": ["https://a.example", "https://b.example", "https://c.example"]}),
            ),
        ),
        ("message_qrdls", json!({"prefilled_message": long(141)})),
        ("message_qrdls", json!({})),
        ("conversational_automation", json!({"prompts": ["1", "2", "3", "4", "5"]})),
        (
            "conversational_automation",
            json!({"commands": [{"command_name": "a b", "command_description": "x"}]}),
        ),
        ("username", json!({"username": "No"})),
        ("register", of(json!({"pin": "12"}))),
        ("register", of(json!({"pin": "123456", "data_localization_region": "FR"}))),
        ("block_users", of(json!({"block_users": []}))),
        ("groups", of(json!({"subject": long(129)}))),
        ("settings", json!({})),
        ("smb_app_data", of(json!({"sync_type": "history"}))),
    ] {
        assert_eq!(raw(&[path], body.clone()).await, 100, "{path}: {body}");
    }
    assert_eq!(raw(&["nothing"], json!({})).await, 2_500);
    assert_eq!(raw(&[], json!({"pin": "1"})).await, 100);
}

#[tokio::test]
async fn only_the_app_s_own_token_changes_where_its_webhooks_go() {
    let stage = inside();
    let to = NewSubscription::new(
        "https://app.example.com/hook",
        "t".into(),
        ["messages", "account_update"],
    );
    stage.api.subscribe_app_fields(&stage.app, &to).await.expect("subscribes");
    let told = stage.api.app_subscriptions(&stage.app).await.expect("lists");
    assert_eq!(told[0].callback_url.as_deref(), Some("https://app.example.com/hook"));
    assert_eq!(told[0].fields.len(), 2);
    let wrong = AppAccess::new(stage.app.id.clone(), "another".into());
    let refused = stage.api.subscribe_app_fields(&wrong, &to).await.expect_err("refused");
    assert!(refused.provider().is_some(), "{refused:?}");
    assert!(matches!(refused, CloudError::Refused(_) | CloudError::Token(_)));
}

#[tokio::test]
async fn what_was_set_up_is_there_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = || {
        let data = Some(folder.path().to_owned());
        serve(SimulatorConfig { data, ..SimulatorConfig::default() })
    };
    let running = start().await.expect("starts");
    let (api, access) = (wire::client(&running.url()), wire::access(&running.world));
    let control = wire::Control { base: running.url() };
    let signed = control.ask("POST", "/_sim/signup", &json!({})).await;
    let app = AppAccess::new(
        word(&running.world["app"], "id"),
        Secret::new(word(&running.world["app"], "secret")),
    );
    let code = CodeExchange::new(Secret::new(word(&signed, "code")));
    let token = api.exchange_code(&app, &code).await.expect("a token").token;
    api.change_profile(&access, &ProfileChange::new().about("Here")).await.expect("changes");
    api.create_group(&access, &NewGroup::new("Hike")).await.expect("asks");
    let qr = api.create_qr_code(&access, &NewQrCode::new("Hello")).await.expect("makes");
    running.stop().await;
    let running = start().await.expect("starts again");
    let api = wire::client(&running.url());
    let theirs = Access::new(token, word(&signed, "phone_number_id"), word(&signed, "waba_id"));
    let number = api.business_number(&theirs).await.expect("the customer is there");
    assert_eq!(number.status, Some(NumberStatus::Pending));
    assert_eq!(refusal(api.exchange_code(&app, &code).await), (100, Some(36_009)));
    assert_eq!(api.profile(&access).await.expect("reads").about.as_deref(), Some("Here"));
    assert_eq!(
        api.qr_code(&access, &qr.code).await.expect("reads").map(|qr| qr.code),
        Some(qr.code)
    );
    running.stop().await;
}

#[tokio::test]
async fn a_form_is_as_good_as_an_object() {
    let meta = wire::meta().await;
    let path = format!(
        "/v25.0/{}/username?access_token={}",
        meta.access.phone_number_id,
        meta.access.token.expose()
    );
    let kind = "application/x-www-form-urlencoded";
    let answer = meta.control.send("POST", &path, kind, "username=casa.aurora").await;
    assert_eq!(answer["status"], "approved");
    let name = meta.client.username(&meta.access).await.expect("reads");
    assert_eq!(name.username.as_deref(), Some("casa.aurora"));
    meta.running.stop().await;
}
