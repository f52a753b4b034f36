//! Keys for programs: what they open, when they end, how often they may call.

use whatsapp_core::{ApiKey, Content, Permission, Role, Secret, Span};
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::workspace::{Destination, To};

use crate::{call, code, hire, seen_by, shop};

const JOAO: &str = "+5511981234567";
const SCOPES: [Permission; 2] = [Permission::ContactsView, Permission::InboxReply];

async fn with_key() -> (TestPlatform, TestTenant, ApiKey, Secret) {
    let (world, shop) = shop().await;
    let made = shop.workspace.api_keys().create("Shop system", &SCOPES, None).await;
    let (key, secret) = made.expect("makes a key");
    (world, shop, key, secret)
}

#[tokio::test]
async fn a_key_opens_its_tenant_and_its_scopes() {
    let (world, shop, key, secret) = with_key().await;
    let holder = world.platform.api_key(secret.expose()).await.expect("is known");
    assert_eq!((holder.tenant.id, holder.key.id), (shop.tenant, key.id));
    let workspace = world.platform.workspace(holder.actor);
    workspace.contacts().page(Default::default(), Default::default()).await.expect("is in scope");
    assert_eq!(code(workspace.api_keys().list().await), "PERMISSION_DENIED");
    let listed = shop.workspace.api_keys().list().await.expect("lists");
    assert_eq!(listed.len(), 1);
    assert!(listed[0].last_used_at.is_some());
    assert!(!secret.expose().contains(&format!("{:?}", listed[0].secret_hash)));
}

#[tokio::test]
async fn a_program_that_may_only_send_gets_its_message_back_and_sees_no_other() {
    let (mut world, _, _, secret) = with_key().await;
    world.customer(JOAO).says("Do you have bread?").await;
    let holder = world.platform.api_key(secret.expose()).await.expect("is known");
    let workspace = world.platform.workspace(holder.actor);
    let to = || Destination { to: To::Phone(JOAO.parse().expect("valid")), channel: None };
    let key = call("send", 1);
    let messages = workspace.messages();
    let sent = messages.send_to(to(), Content::text("Yes"), Some(&key)).await.expect("sends");
    let again = messages.send_to(to(), Content::text("Yes"), Some(&key)).await.expect("answers");
    assert_eq!(sent.message.id, again.message.id);
    assert_eq!(sent.author_name.as_deref(), Some("Shop system"));
    assert_eq!(code(messages.find(sent.message.id).await), "PERMISSION_DENIED");
    world.settle().await;
    assert_eq!(world.transcript(), ["+5511981234567 ← Yes"]);
}

#[tokio::test]
async fn a_revoked_key_is_refused_at_the_next_call() {
    let (world, shop, key, secret) = with_key().await;
    world.platform.api_key(secret.expose()).await.expect("is known");
    shop.workspace.api_keys().revoke(key.id).await.expect("revokes");
    assert_eq!(code(world.platform.api_key(secret.expose()).await), "API_KEY_REVOKED");
    assert_eq!(code(shop.workspace.api_keys().revoke(key.id).await), "API_KEY_NOT_FOUND");
}

#[tokio::test]
async fn a_key_ends_when_it_was_said_to() {
    let (world, shop) = shop().await;
    let end = world.platform.env().now() + Span::days(1);
    let keys = shop.workspace.api_keys();
    let (_, secret) = keys.create("For a day", &SCOPES, Some(end)).await.expect("makes a key");
    world.clock.advance(Span::hours(23));
    world.platform.api_key(secret.expose()).await.expect("is live");
    world.clock.advance(Span::hours(1));
    assert_eq!(code(world.platform.api_key(secret.expose()).await), "API_KEY_REVOKED");
    assert_eq!(code(keys.create("Too late", &SCOPES, Some(end)).await), "API_KEY_FIELDS");
}

#[tokio::test]
async fn a_wrong_secret_and_a_wrong_text_are_the_same_nothing() {
    let (world, shop, _, secret) = with_key().await;
    let (_, other) =
        shop.workspace.api_keys().create("Another", &SCOPES, None).await.expect("makes a key");
    // The public part of one with the secret part of the other.
    let mixed =
        secret.expose().chars().take(12).chain(other.expose().chars().skip(12)).collect::<String>();
    for raw in ["", "wak_", "Bearer x", &mixed, "wak_abcdefgh_short"] {
        assert_eq!(code(world.platform.api_key(raw).await), "API_KEY_UNKNOWN", "{raw}");
    }
}

#[tokio::test]
async fn nobody_gives_a_key_more_than_he_has() {
    let (world, shop) = shop().await;
    let bruno = hire(&world.platform, shop.tenant, "bruno@example.com", Role::Member).await;
    let bruno = seen_by(&world.platform, shop.tenant, &bruno).await;
    assert_eq!(code(bruno.api_keys().create("Mine", &SCOPES, None).await), "PERMISSION_DENIED");
    let keys = shop.workspace.api_keys();
    assert_eq!(code(keys.create("None", &[], None).await), "API_KEY_FIELDS");
    assert_eq!(code(keys.create("  ", &SCOPES, None).await), "API_KEY_FIELDS");
}

#[tokio::test]
async fn a_key_calls_thirty_times_a_minute() {
    let (world, _, key, _) = with_key().await;
    for left in (0..30).rev() {
        let verdict = world.platform.rate(&key).await.expect("counts");
        assert!(verdict.allowed);
        assert_eq!((verdict.limit, verdict.remaining), (30, left));
    }
    let verdict = world.platform.rate(&key).await.expect("counts");
    assert!(!verdict.allowed);
    let now = world.platform.env().now();
    assert!(verdict.retry_after > Span::ZERO && verdict.retry_after <= Span::minutes(1));
    assert_eq!(verdict.reset_at, now + verdict.retry_after);
    world.clock.advance(verdict.retry_after);
    assert!(world.platform.rate(&key).await.expect("counts").allowed);
}

#[tokio::test]
async fn calls_at_the_same_moment_are_counted_one_by_one() {
    let (world, _, key, _) = with_key().await;
    let calls = (0..50).map(|_| {
        let (platform, key) = (world.platform.clone(), key.clone());
        tokio::spawn(async move { platform.rate(&key).await.expect("counts").allowed })
    });
    let mut allowed = 0;
    for call in calls.collect::<Vec<_>>() {
        allowed += i32::from(call.await.expect("ends"));
    }
    assert_eq!(allowed, 30);
}

#[tokio::test]
async fn the_day_has_a_limit_too() {
    let (world, shop) = shop().await;
    let made =
        shop.workspace.api_keys().create_limited("Small", &SCOPES, None, 100, Some(15)).await;
    let (key, _) = made.expect("makes a key");
    for _ in 0..15 {
        assert!(world.platform.rate(&key).await.expect("counts").allowed);
    }
    let verdict = world.platform.rate(&key).await.expect("counts");
    assert!(!verdict.allowed);
    assert!(verdict.retry_after > Span::minutes(1), "the next minute does not help");
    world.clock.advance(verdict.retry_after);
    assert!(world.platform.rate(&key).await.expect("counts").allowed);
}
