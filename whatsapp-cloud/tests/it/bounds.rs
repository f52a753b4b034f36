//! What goes over one of Meta's limits is refused before anything is sent, with field, limit and actual value.

use std::pin::Pin as Boxed;

use serde_json::json;
use whatsapp_cloud::api::*;
use whatsapp_cloud::{Access, CallbackOverride, CloudError};
use whatsapp_core::Secret;

use crate::answers::{access, canned};

type Meta<'a> = &'a dyn ManagementApi;
type Called<'a> = Boxed<Box<dyn Future<Output = Result<(), CloudError>> + Send + 'a>>;
type Try = for<'a> fn(Meta<'a>, &'a Access) -> Called<'a>;

/// What a call came to, by field, limit and actual value; a wrong form has the last two as zero.
async fn refused(attempt: Try) -> (String, u64, u64) {
    let (meta, access) = (canned(json!({"success": true})), access());
    let error = attempt(&meta, &access).await.expect_err("over a limit");
    assert!(meta.asked.lock().expect("lock").is_empty(), "nothing was sent: {error:?}");
    assert!(error.proof_not_accepted());
    match error {
        CloudError::OverLimit { field, limit, actual, .. } => (field, limit, actual),
        CloudError::Invalid { field, .. } => (field, 0, 0),
        other => panic!("{other:?}"),
    }
}

fn long(count: usize) -> String {
    "é".repeat(count)
}

type OverLimit<'a> = (&'a str, u64, u64, Try);

async fn over(tries: &[OverLimit<'_>]) {
    for (field, limit, actual, attempt) in tries {
        assert_eq!(refused(*attempt).await, ((*field).to_owned(), *limit, *actual), "{field}");
    }
}

#[tokio::test]
async fn each_limit_of_a_profile_is_checked_before_the_call() {
    over(&[
        ("about", 139, 140, |m, a| {
            Box::pin(
                async move { m.change_profile(a, &ProfileChange::new().about(long(140))).await },
            )
        }),
        ("address", 256, 257, |m, a| {
            Box::pin(
                async move { m.change_profile(a, &ProfileChange::new().address(long(257))).await },
            )
        }),
        ("description", 512, 513, |m, a| {
            let change = ProfileChange::new().description(long(513));
            Box::pin(async move { m.change_profile(a, &change).await })
        }),
        ("email", 128, 129, |m, a| {
            let change = ProfileChange::new().email(format!("{}@a", long(127)));
            Box::pin(async move { m.change_profile(a, &change).await })
        }),
        ("websites", 2, 3, |m, a| {
            let change = ProfileChange::new().websites(["https://a.example"; 3]);
            Box::pin(async move { m.change_profile(a, &change).await })
        }),
        ("websites[0]", 256, 257, |m, a| {
            let url = format!("https://a.example/{}", "a".repeat(239));
            let change = ProfileChange::new().websites([url]);
            Box::pin(async move { m.change_profile(a, &change).await })
        }),
        ("vertical", 0, 0, |m, a| {
            let change = ProfileChange::new().vertical(Vertical::from_meta("SPACE_TRAVEL"));
            Box::pin(async move { m.change_profile(a, &change).await })
        }),
    ])
    .await;
}

#[tokio::test]
async fn each_limit_of_what_people_see_is_checked_before_the_call() {
    over(&[
        ("prefilled_message", 140, 141, |m, a| {
            Box::pin(async move { m.create_qr_code(a, &NewQrCode::new(long(141))).await.map(drop) })
        }),
        ("prefilled_message", 140, 141, |m, a| {
            Box::pin(
                async move { m.change_qr_code(a, "4O4YGZEG3RIVE7", &long(141)).await.map(drop) },
            )
        }),
        ("prompts", 4, 5, |m, a| {
            let set = (0..5).fold(ConversationStarters::new(), |set, _| set.prompt("Hi"));
            Box::pin(async move { m.set_conversation_starters(a, &set).await })
        }),
        ("prompts[0]", 80, 81, |m, a| {
            let set = ConversationStarters::new().prompt(long(81));
            Box::pin(async move { m.set_conversation_starters(a, &set).await })
        }),
        ("commands", 30, 31, |m, a| {
            let set = (0..31).fold(ConversationStarters::new(), |set, _| set.command("a", "b"));
            Box::pin(async move { m.set_conversation_starters(a, &set).await })
        }),
        ("commands[0].command_name", 32, 33, |m, a| {
            let set = ConversationStarters::new().command("a".repeat(33), "b");
            Box::pin(async move { m.set_conversation_starters(a, &set).await })
        }),
        ("commands[0].command_description", 256, 257, |m, a| {
            let set = ConversationStarters::new().command("a", long(257));
            Box::pin(async move { m.set_conversation_starters(a, &set).await })
        }),
        ("block_users", 64_000, 64_001, |m, a| {
            let people = PeopleToBlock::new(vec!["+905550100234"; 64_001]);
            Box::pin(async move { m.block_people(a, &people).await.map(drop) })
        }),
    ])
    .await;
}

#[tokio::test]
async fn each_other_limit_is_checked_before_the_call() {
    over(&[
        ("username", 35, 36, |m, a| {
            Box::pin(async move { m.claim_username(a, &"a".repeat(36), false).await.map(drop) })
        }),
        ("subject", 128, 129, |m, a| {
            Box::pin(async move { m.create_group(a, &NewGroup::new(long(129))).await.map(drop) })
        }),
        ("description", 2_048, 2_049, |m, a| {
            let group = NewGroup::new("Hike").description(long(2_049));
            Box::pin(async move { m.create_group(a, &group).await.map(drop) })
        }),
        ("participants", 8, 9, |m, a| {
            Box::pin(async move { m.remove_from_group(a, "g", &["+905550100234"; 9]).await })
        }),
        ("new_display_name", 75, 76, |m, a| {
            Box::pin(async move { m.set_display_name(a, &long(76)).await })
        }),
        ("override_callback_uri", 200, 201, |m, a| {
            let url = format!("https://a.example/{}", "a".repeat(183));
            let to = CallbackOverride { url, verify_token: Secret::from("t") };
            Box::pin(async move { m.override_number_callback(a, &to).await })
        }),
        ("biz_opaque_callback_data", 512, 513, |m, a| {
            let call = NewCall::new(Recipient::from_address("+905550100234"), "v=0\r\n");
            let call = call.callback_data(long(513));
            Box::pin(async move { m.start_call(a, &call).await.map(drop) })
        }),
    ])
    .await;
}

#[tokio::test]
async fn an_account_s_callback_has_the_same_limits_as_a_number_s() {
    let (meta, access) = (canned(json!({"success": true})), access());
    let to = |url: String| Some(CallbackOverride { url, verify_token: Secret::from("t") });
    let long =
        meta.subscribe_app(&access, to(format!("https://a.example/{}", "a".repeat(183)))).await;
    assert!(matches!(long, Err(CloudError::OverLimit { limit: 200, actual: 201, .. })), "{long:?}");
    let odd = meta.subscribe_app(&access, to("a.example".into())).await;
    assert!(matches!(odd, Err(CloudError::Invalid { .. })), "{odd:?}");
    assert!(meta.asked.lock().expect("lock").is_empty(), "nothing was sent");
    let good = to(format!("https://a.example/{}", "a".repeat(182)));
    assert_eq!(meta.subscribe_app(&access, good).await, Ok(()));
}

#[tokio::test]
async fn what_meta_says_was_not_done_is_not_told_as_done() {
    let (meta, access) = (canned(json!({"success": false})), access());
    let ids = ["1".to_owned()];
    for told in [
        meta.mark_read(&access, "wamid.1").await,
        meta.show_typing(&access, "wamid.1").await,
        meta.subscribe_app(&access, None).await,
        meta.unsubscribe_app(&access).await,
        MediaApi::delete(&meta, &access, "1").await,
        meta.delete_template(&access, "1", "hello").await,
        meta.delete_templates(&access, &ids).await,
        meta.archive_templates(&access, &ids).await,
        meta.delete_template_group(&access, "1").await,
        meta.remove_from_group(&access, "g", &["+905550100234"]).await,
    ] {
        assert!(matches!(told, Err(CloudError::Ambiguous { .. })), "{told:?}");
    }
    assert!(meta.archive_templates(&access, &[]).await.is_err(), "nothing to archive");
}

#[tokio::test]
async fn what_has_not_its_form_is_refused_before_the_call() {
    let tries: &[(&str, Try)] = &[
        ("code", |m, a| Box::pin(async move { m.verify_code(a, "12345").await })),
        ("data_localization_region", |m, a| {
            Box::pin(async move { m.register_number(a, &Pin::new("123456")?, Some("FR")).await })
        }),
        ("profile", |m, a| {
            Box::pin(async move { m.change_profile(a, &ProfileChange::new()).await })
        }),
        ("about", |m, a| {
            Box::pin(async move { m.change_profile(a, &ProfileChange::new().about("")).await })
        }),
        ("settings", |m, a| {
            Box::pin(async move { m.change_number_settings(a, &SettingsChange::new()).await })
        }),
        ("settings", |m, a| {
            Box::pin(async move { m.change_commerce_settings(a, None, None).await })
        }),
        ("business_public_key", |m, a| {
            let private = "-----BEGIN PRIVATE KEY-----";
            Box::pin(async move { m.set_flow_key(a, private).await })
        }),
        ("session.sdp", |m, a| {
            Box::pin(async move { m.accept_call(a, "wacid.1", &CallSession::answer("no")).await })
        }),
        ("block_users[0].user", |m, a| {
            Box::pin(async move { m.block_people(a, &PeopleToBlock::new([" "])).await.map(drop) })
        }),
        ("username", |m, a| {
            Box::pin(async move { m.claim_username(a, "www.shop", false).await.map(drop) })
        }),
        ("is_enabled_for_insights", |m, a| {
            let mut change = WabaChange::new();
            change.is_enabled_for_insights = Some(false);
            Box::pin(async move { m.change_account(a, &change).await })
        }),
    ];
    for (field, attempt) in tries {
        assert_eq!(refused(*attempt).await, ((*field).to_owned(), 0, 0), "{field}");
    }
    assert!(Pin::new("12345a").is_err());
    assert!(!format!("{:?}", Pin::new("482913").expect("six digits")).contains("482913"));
}

#[tokio::test]
async fn no_secret_is_shown_where_a_request_is() {
    let meta = canned(json!({"access_token": "EAAnew", "token_type": "bearer"}));
    let app = AppAccess::new("7701", Secret::from("the-app-secret"));
    let code = CodeExchange::from_redirect(Secret::from("the-code"), "https://a.example/back");
    let token = meta.exchange_code(&app, &code).await.expect("a token");
    meta.inspect_token(&app.token(), &token.token).await.expect("an answer");
    let shown = format!("{:?} {app:?} {code:?} {token:?}", meta.asked.lock().expect("lock"));
    for secret in ["the-app-secret", "the-code", "EAAnew"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert!(shown.contains("https://a.example/back"));
}
