//! A customer's way in: signup, code, token, subscription, verification, registration, first message. And the ways
//! on which it ends early.

use serde_json::json;
use whatsapp_cloud::api::*;
use whatsapp_cloud::signup::{FinishKind, SignupEvent, read_event};
use whatsapp_cloud::{Access, CloudError, OutgoingMessage, Recipient};
use whatsapp_core::{Content, Secret};

use crate::scene::ANA;
use crate::stage::*;

fn hello() -> OutgoingMessage {
    OutgoingMessage::new(Recipient::from_address(ANA), Content::text("Welcome"))
}

fn pin(digits: &str) -> Pin {
    Pin::new(digits).expect("six digits")
}

async fn exchange(stage: &Stage, code: &str) -> Result<ExchangedToken, CloudError> {
    stage.api.exchange_code(&stage.app, &CodeExchange::new(Secret::from(code))).await
}

/// Somebody who went through the signup, and their credential.
async fn customer(stage: &Stage, wish: serde_json::Value) -> Access {
    let signed = stage.world.sign_up(wish).await;
    let token = exchange(stage, &word(&signed, "code")).await.expect("a token").token;
    Access::new(token, word(&signed, "phone_number_id"), word(&signed, "waba_id"))
}

#[tokio::test]
async fn from_the_signup_to_the_first_message() {
    for stage in stages().await {
        let api = &stage.api;
        let signed = stage.world.sign_up(json!({"verified": false})).await;
        let event = read_event("https://www.facebook.com", &signed["event"].to_string());
        let Ok(SignupEvent::Finished(shared)) = event else { panic!("{signed}") };
        let exchanged = exchange(&stage, &word(&signed, "code")).await.expect("a token");
        let info = api.inspect_token(&stage.app.token(), &exchanged.token).await.expect("tells");
        assert!(info.is_valid && info.permits("whatsapp_business_messaging"));
        assert_eq!(info.shared_wabas(), [shared.waba_id.as_deref().expect("an account")]);
        let access = Access::new(
            exchanged.token,
            shared.phone_number_id.expect("a number"),
            shared.waba_id.expect("an account"),
        );
        assert_eq!(api.subscribed_apps(&access).await.expect("lists"), []);
        api.subscribe_app(&access, None).await.expect("subscribes");
        assert_eq!(api.subscribed_apps(&access).await.expect("lists").len(), 1);
        stage.world.write(ANA, &access.phone_number_id).await;
        assert_eq!(refusal(api.send(&access, &hello()).await).0, 133_010, "not registered");
        assert_eq!(refusal(api.register_number(&access, &pin("482913"), None).await).0, 133_006);
        let before = api.business_number(&access).await.expect("tells");
        assert_eq!(before.status, Some(NumberStatus::Pending));
        assert!(before.health.is_some_and(|health| health.is_blocked()));
        api.request_code(&access, CodeMethod::Sms, "pt_BR").await.expect("sends a code");
        assert_eq!(refusal(api.verify_code(&access, "000000").await).0, 136_025);
        let code = stage.world.code(&access.phone_number_id).await;
        api.verify_code(&access, &code).await.expect("is ours");
        api.register_number(&access, &pin("482913"), Some("BR")).await.expect("registers");
        let number = api.business_number(&access).await.expect("tells");
        assert_eq!(number.status, Some(NumberStatus::Connected));
        assert_eq!(number.has_pin, Some(true));
        assert_eq!(number.code_verification, Some(CodeVerification::Verified));
        api.send(&access, &hello()).await.expect("the first message");
    }
}

#[tokio::test]
async fn a_customer_s_token_reaches_only_what_the_customer_shared() {
    for stage in stages().await {
        let access = customer(&stage, json!({})).await;
        let mut elsewhere = stage.access.clone();
        elsewhere.token = access.token.clone();
        let api = &stage.api;
        assert_eq!(refusal(api.business_number(&elsewhere).await), (100, Some(33)));
        assert_eq!(refusal(api.account(&elsewhere).await), (100, Some(33)));
        assert_eq!(refusal(api.send(&elsewhere, &hello()).await), (100, Some(33)));
        let business = api.account(&access).await.expect("its own").owner.expect("somebody").id;
        assert_eq!(refusal(api.owned_accounts(&access.token, &business, None).await).0, 200);
        let owned = api.owned_accounts(&stage.access.token, &business, None).await.expect("lists");
        assert_eq!(owned.items.len(), 1);
    }
}

#[tokio::test]
async fn a_code_is_good_for_thirty_seconds_once_and_only_for_its_app_and_address() {
    for stage in stages().await {
        let signed = stage.world.sign_up(json!({"redirect_uri": "https://a.example/back"})).await;
        let code = Secret::new(word(&signed, "code"));
        let plain = CodeExchange::new(code.clone());
        assert_eq!(refusal(stage.api.exchange_code(&stage.app, &plain).await), (100, Some(36_008)));
        let right = CodeExchange::from_redirect(code, "https://a.example/back");
        let wrong = AppAccess::new(stage.app.id.clone(), Secret::from("another"));
        assert_eq!(refusal(stage.api.exchange_code(&wrong, &right).await).0, 1);
        stage.api.exchange_code(&stage.app, &right).await.expect("a token");
        assert_eq!(refusal(stage.api.exchange_code(&stage.app, &right).await), (100, Some(36_009)));
        let late = stage.world.sign_up(json!({})).await;
        stage.world.advance(31).await;
        assert_eq!(refusal(exchange(&stage, &word(&late, "code")).await), (100, Some(36_007)));
    }
}

#[tokio::test]
async fn tokens_end_at_their_moment_and_the_channel_is_told_to_reconnect() {
    for stage in stages().await {
        let access = customer(&stage, json!({"token_seconds": 3_600})).await;
        stage.api.account(&access).await.expect("good for an hour");
        stage.world.advance(3_600).await;
        let error = stage.api.account(&access).await.expect_err("expired");
        assert!(matches!(error, CloudError::Token(_)), "{error:?}");
        let info = stage.api.inspect_token(&stage.app.token(), &access.token).await.expect("tells");
        assert!(!info.is_valid && info.expires().is_some());
        assert_eq!(info.error.and_then(|error| error.subcode), Some(463));
        stage.world.end_token(None, true).await;
        assert_eq!(refusal(stage.api.account(&stage.access).await), (190, Some(458)));
        stage.world.end_token(None, false).await;
        stage.api.account(&stage.access).await.expect("good again");
    }
}

#[tokio::test]
async fn each_way_out_of_the_signup_has_its_event() {
    for stage in stages().await {
        let event = async |wish| {
            let signed = stage.world.sign_up(wish).await;
            read_event("https://www.facebook.com", &signed["event"].to_string()).expect("an event")
        };
        let left = event(json!({"variant": "cancel"})).await;
        let at = "PHONE_NUMBER_VERIFICATION";
        assert!(matches!(left, SignupEvent::Cancelled { step: Some(step), .. } if step == at));
        assert!(matches!(event(json!({"variant": "error"})).await, SignupEvent::Failed(_)));
        for (variant, kind) in
            [("only_waba", FinishKind::AccountOnly), ("coexistence", FinishKind::Coexistence)]
        {
            let done = event(json!({ "variant": variant })).await;
            let SignupEvent::Finished(done) = done else { panic!("{done:?}") };
            assert_eq!((done.kind, done.phone_number_id), (kind, None));
            assert!(done.waba_id.is_some());
        }
    }
}

#[tokio::test]
async fn a_number_on_the_app_is_found_by_its_account_and_synchronised_once() {
    for stage in stages().await {
        let mut access = customer(&stage, json!({"variant": "coexistence"})).await;
        access.phone_number_id.clear();
        let page = stage.api.business_numbers(&access, None).await.expect("lists");
        let [number] = page.items.as_slice() else { panic!("{page:?}") };
        assert_eq!((number.is_on_app, number.messages_per_second()), (Some(true), 20));
        access.phone_number_id = number.id.clone();
        let refused = stage.api.register_number(&access, &pin("482913"), None).await;
        assert_eq!(refusal(refused).0, 100, "it stays on the app");
        for kind in [SyncKind::Contacts, SyncKind::History] {
            stage.api.ask_for_sync(&access, kind.clone()).await.expect("asks");
            assert_eq!(refusal(stage.api.ask_for_sync(&access, kind).await).0, 2_593_107);
        }
        let late = customer(&stage, json!({"variant": "coexistence"})).await;
        stage.world.advance(24 * 3_600 + 1).await;
        let refused = stage.api.ask_for_sync(&late, SyncKind::Contacts).await;
        assert_eq!(refusal(refused).0, 2_593_108);
    }
}

#[tokio::test]
async fn a_wrong_pin_is_refused_and_guessing_does_not_pay() {
    for stage in stages().await {
        let access = customer(&stage, json!({"pin": "111111"})).await;
        let guess = async |digits| stage.api.register_number(&access, &pin(digits), None).await;
        assert_eq!(refusal(guess("222222").await).0, 133_005);
        assert_eq!(refusal(guess("111111").await).0, 133_009, "too fast");
        for _ in 0..4 {
            stage.world.advance(3).await;
            assert_eq!(refusal(guess("333333").await).0, 133_005);
        }
        stage.world.advance(3).await;
        assert_eq!(refusal(guess("111111").await).0, 133_008, "too many");
        stage.world.advance(12 * 3_600).await;
        guess("111111").await.expect("the right one, after the wait");
        stage.api.set_pin(&access, &pin("444444")).await.expect("changes it");
        assert_eq!(refusal(guess("111111").await).0, 133_005);
    }
}

#[tokio::test]
async fn a_number_is_registered_and_deregistered_at_most_ten_times_in_72_hours() {
    for stage in stages().await {
        let access = customer(&stage, json!({})).await;
        for _ in 0..5 {
            stage.api.register_number(&access, &pin("111111"), None).await.expect("registers");
            stage.api.deregister_number(&access).await.expect("deregisters");
        }
        let again = stage.api.register_number(&access, &pin("111111"), None).await;
        assert_eq!(refusal(again).0, 133_016);
        stage.world.advance(72 * 3_600).await;
        stage.api.register_number(&access, &pin("111111"), None).await.expect("registers again");
    }
}
