//! Signing in and out, and what a session is worth at each moment.

use whatsapp_core::{Grants, Permission, Role, Secret, Span};
use whatsapp_platform::testing::TestPlatform;
use whatsapp_platform::{Error, NewUser, Platform, ProfilePatch, SignedIn};
use whatsapp_storage::{Mode, Store};

use crate::{PASSWORD, code, hire, open_world, seen_by, shop};

const ANA: &str = "ana@example.com";
const HERE: &str = "203.0.113.7";

async fn sign_in(platform: &Platform) -> Result<SignedIn, Error> {
    platform.login(ANA, &PASSWORD.into(), HERE).await
}

async fn with_ana() -> TestPlatform {
    let (world, shop) = shop().await;
    hire(&world.platform, shop.tenant, ANA, Role::Member).await;
    world
}

#[tokio::test]
async fn a_person_signs_in_and_is_known_by_the_token() {
    let world = with_ana().await;
    let signed_in = world.platform.login(" ANA@example.com ", &PASSWORD.into(), HERE).await;
    let signed_in = signed_in.expect("signs in");
    assert_eq!(signed_in.token.expose().len(), 43);
    let principal = world.platform.principal(&signed_in.token).await.expect("is known");
    assert_eq!(principal.user.email.as_str(), ANA);
    let tenant = principal.tenant.as_ref().expect("works in a shop");
    assert_eq!(tenant.name, "Casa Aurora");
    let actor = principal.actor().expect("acts in the shop");
    assert!(actor.grants().allow(Permission::InboxReply));
    assert!(!actor.grants().allow(Permission::ChannelsManage));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_get_the_same_answer() {
    let world = with_ana().await;
    let wrong = world.platform.login(ANA, &"lantern violin tundra 43".into(), HERE).await;
    let unknown = world.platform.login("eve@example.com", &PASSWORD.into(), HERE).await;
    let nonsense = world.platform.login("no address", &PASSWORD.into(), HERE).await;
    let texts = [wrong, unknown, nonsense].map(|r| r.expect_err("refused").to_string());
    assert_eq!(texts[0], texts[1]);
    assert_eq!(texts[0], texts[2]);
}

#[tokio::test]
async fn each_sign_in_has_a_token_of_its_own_and_nobody_else_s_token_is_good() {
    let world = with_ana().await;
    let first = sign_in(&world.platform).await.expect("signs in");
    let second = sign_in(&world.platform).await.expect("signs in");
    assert_ne!(first.token, second.token);
    let chosen = Secret::from("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(code(world.platform.principal(&chosen).await), "UNAUTHENTICATED");
    assert_eq!(code(world.platform.principal(&Secret::from("")).await), "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_token_is_worth_nothing_after_signing_out() {
    let world = with_ana().await;
    let here = sign_in(&world.platform).await.expect("signs in");
    let there = sign_in(&world.platform).await.expect("signs in");
    world.platform.logout(&here.principal).await.expect("signs out");
    assert_eq!(code(world.platform.principal(&here.token).await), "UNAUTHENTICATED");
    world.platform.principal(&there.token).await.expect("the other browser stays");
}

#[tokio::test]
async fn a_session_ends_after_twelve_idle_hours() {
    let world = with_ana().await;
    let session = sign_in(&world.platform).await.expect("signs in");
    world.clock.advance(Span::hours(11));
    world.platform.principal(&session.token).await.expect("is known and noted");
    world.clock.advance(Span::hours(11));
    world.platform.principal(&session.token).await.expect("was seen 11 hours ago");
    world.clock.advance(Span::hours(12));
    assert_eq!(code(world.platform.principal(&session.token).await), "SESSION_EXPIRED");
}

#[tokio::test]
async fn a_session_ends_after_seven_days_however_busy() {
    let world = with_ana().await;
    let session = sign_in(&world.platform).await.expect("signs in");
    for _ in 0..16 {
        world.clock.advance(Span::hours(10));
        world.platform.principal(&session.token).await.expect("is busy");
    }
    world.clock.advance(Span::hours(8));
    assert_eq!(code(world.platform.principal(&session.token).await), "SESSION_EXPIRED");
}

#[tokio::test]
async fn who_runs_the_platform_is_signed_out_after_half_an_hour() {
    let world = TestPlatform::start().await;
    let root = NewUser {
        email: ANA.into(),
        name: "Ana".into(),
        password: PASSWORD.into(),
        superadmin: true,
        tenant: None,
    };
    world.platform.create_user(root).await.expect("is added");
    let session = sign_in(&world.platform).await.expect("signs in without a business");
    assert_eq!(code(session.principal.actor()), "NO_TENANT");
    world.clock.advance(Span::minutes(30));
    assert_eq!(code(world.platform.principal(&session.token).await), "SESSION_EXPIRED");
}

#[tokio::test]
async fn a_demotion_takes_effect_at_once() {
    let (mut world, store) = open_world().await;
    let shop = world.tenant("Casa Aurora").await;
    let ana = hire(&world.platform, shop.tenant, ANA, Role::Admin).await;
    let session = sign_in(&world.platform).await.expect("signs in");
    let before = world.platform.principal(&session.token).await.expect("is known");
    let workspace = world.platform.workspace(before.actor().expect("acts"));
    workspace.api_keys().list().await.expect("an admin may see keys");

    let mut tx = store.tenant(shop.tenant, Mode::Write).await.expect("opens");
    let mut member = tx.members().find(ana.id).await.expect("reads").expect("is there");
    (member.role, member.grants) = (Role::Member, Grants::of_role(Role::Member));
    assert!(tx.members().update(&member).await.expect("writes"));
    tx.commit().await.expect("commits");

    let after = world.platform.principal(&session.token).await.expect("is still signed in");
    let workspace = world.platform.workspace(after.actor().expect("acts"));
    assert_eq!(code(workspace.api_keys().list().await), "PERMISSION_DENIED");
}

#[tokio::test]
async fn who_leaves_the_team_is_out_at_once() {
    let (mut world, store) = open_world().await;
    let shop = world.tenant("Casa Aurora").await;
    let ana = hire(&world.platform, shop.tenant, ANA, Role::Admin).await;
    let session = sign_in(&world.platform).await.expect("signs in");
    let mut tx = store.tenant(shop.tenant, Mode::Write).await.expect("opens");
    assert!(tx.members().remove(ana.id).await.expect("writes"));
    tx.commit().await.expect("commits");
    world.platform.principal(&session.token).await.expect_err("is out");
    assert_eq!(code(sign_in(&world.platform).await), "NO_TENANT");
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions_and_the_old_password() {
    let world = with_ana().await;
    let here = sign_in(&world.platform).await.expect("signs in");
    let there = sign_in(&world.platform).await.expect("signs in");
    let new = Secret::from("granite otter saxophone 7");
    let platform = &world.platform;
    let wrong =
        platform.change_password(&here.principal, &"not the present one".into(), &new).await;
    assert_eq!(code(wrong), "PASSWORD_WRONG");
    let weak = Secret::from("Casa Aurora Casa Aurora");
    let refused = platform.change_password(&here.principal, &PASSWORD.into(), &weak).await;
    assert_eq!(code(refused), "PASSWORD_WEAK");
    platform.change_password(&here.principal, &PASSWORD.into(), &new).await.expect("changes");
    platform.principal(&here.token).await.expect("this browser stays");
    assert_eq!(code(platform.principal(&there.token).await), "UNAUTHENTICATED");
    assert_eq!(code(sign_in(platform).await), "LOGIN_FAILED");
    platform.login(ANA, &new, HERE).await.expect("the new one holds");
}

#[tokio::test]
async fn from_the_fifth_failure_on_even_the_right_password_waits() {
    let world = with_ana().await;
    let platform = &world.platform;
    for _ in 0..5 {
        let wrong = platform.login(ANA, &"wrong wrong wrong".into(), HERE).await;
        assert_eq!(code(wrong), "LOGIN_FAILED");
    }
    assert_eq!(code(sign_in(platform).await), "LOGIN_THROTTLED");
    world.clock.advance(Span::seconds(4));
    let early = sign_in(platform).await.expect_err("still waits");
    assert!(matches!(early, Error::Limited { after, .. } if after == Span::seconds(1)));
    world.clock.advance(Span::seconds(1));
    sign_in(platform).await.expect("has waited");
    let wrong = platform.login(ANA, &"wrong wrong wrong".into(), HERE).await;
    assert_eq!(code(wrong), "LOGIN_FAILED", "a success forgets the failures");
}

#[tokio::test]
async fn guesses_at_the_same_moment_count_too() {
    let world = with_ana().await;
    let guesses = (0..40).map(|n| {
        let platform = world.platform.clone();
        let from = format!("198.51.100.{n}");
        tokio::spawn(async move { platform.login(ANA, &"wrong wrong wrong".into(), &from).await })
    });
    let mut looked_at = 0;
    for guess in guesses.collect::<Vec<_>>() {
        match code(guess.await.expect("ends")).as_str() {
            "LOGIN_FAILED" => looked_at += 1,
            other => assert_eq!(other, "LOGIN_THROTTLED"),
        }
    }
    assert_eq!(looked_at, 5);
}

#[tokio::test]
async fn one_address_has_twenty_tries_a_minute() {
    let world = with_ana().await;
    let platform = &world.platform;
    for n in 0..20 {
        let email = format!("somebody{n}@example.com");
        assert_eq!(code(platform.login(&email, &PASSWORD.into(), HERE).await), "LOGIN_FAILED");
    }
    assert_eq!(code(sign_in(platform).await), "LOGIN_THROTTLED");
    platform.login(ANA, &PASSWORD.into(), "203.0.113.8").await.expect("others are not held up");
    world.clock.advance(Span::minutes(1));
    sign_in(platform).await.expect("the next minute is free");
}

#[tokio::test]
async fn after_a_hundred_failures_only_a_new_password_opens_the_account() {
    let (mut world, store) = open_world().await;
    let shop = world.tenant("Casa Aurora").await;
    hire(&world.platform, shop.tenant, ANA, Role::Member).await;
    let platform = &world.platform;
    assert_eq!(code(platform.login(ANA, &"wrong wrong wrong".into(), HERE).await), "LOGIN_FAILED");
    // The other 99, without the work of hashing.
    let digest = <sha2::Sha256 as sha2::Digest>::digest(ANA.as_bytes());
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let mut tx = store.system(Mode::Write).await.expect("opens");
    let now = platform.env().now();
    for _ in 0..99 {
        let key = format!("login:{hex}");
        tx.throttles().fail(&key, now, now - Span::days(1)).await.expect("writes");
    }
    tx.commit().await.expect("commits");
    world.clock.advance(Span::hours(20));
    assert_eq!(code(sign_in(platform).await), "LOGIN_LOCKED");
    let new = Secret::from("granite otter saxophone 7");
    platform.reset_password(ANA, &new).await.expect("resets");
    platform.login(ANA, &new, HERE).await.expect("is open again");
}

#[tokio::test]
async fn people_change_their_name_language_and_theme() {
    let world = with_ana().await;
    let session = sign_in(&world.platform).await.expect("signs in");
    let patch = ProfilePatch {
        name: Some(" Ana Maria ".into()),
        locale: Some(Some("pt-BR".into())),
        theme: Some("dark".into()),
    };
    let changed = world.platform.update_profile(&session.principal, patch).await.expect("changes");
    assert_eq!((changed.user.name.as_str(), changed.user.theme.as_str()), ("Ana Maria", "dark"));
    let read = world.platform.principal(&session.token).await.expect("is known");
    assert_eq!(read.user.locale.as_deref(), Some("pt-BR"));
    let wrong = ProfilePatch { theme: Some("neon".into()), ..ProfilePatch::default() };
    let refused = world.platform.update_profile(&session.principal, wrong).await;
    assert_eq!(code(refused), "INVALID_THEME");
}

#[tokio::test]
async fn an_address_belongs_to_one_person() {
    let (world, shop) = shop().await;
    hire(&world.platform, shop.tenant, ANA, Role::Member).await;
    let again = NewUser {
        email: "ANA@example.com".into(),
        name: "Another Ana".into(),
        password: PASSWORD.into(),
        superadmin: false,
        tenant: Some((shop.tenant, Role::Member)),
    };
    assert_eq!(code(world.platform.create_user(again).await), "USER_EXISTS");
}

#[tokio::test]
async fn nobody_acts_in_a_team_he_is_not_in() {
    let (mut world, shop) = shop().await;
    let other = world.tenant("Blue Harbor").await;
    let ana = hire(&world.platform, shop.tenant, ANA, Role::Admin).await;
    let refused = world.platform.act_as(other.tenant, ana.id).await;
    assert_eq!(code(refused), "MEMBER_NOT_FOUND");
    let team = seen_by(&world.platform, shop.tenant, &ana).await.members().list().await;
    assert_eq!(team.expect("lists").len(), 2);
}
