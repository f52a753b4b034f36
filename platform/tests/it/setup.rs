//! The first start.

use whatsapp_core::Secret;
use whatsapp_platform::SetupRequest;
use whatsapp_platform::testing::TestPlatform;

use crate::{PASSWORD, code};

fn request(token: &Secret, email: &str) -> SetupRequest {
    SetupRequest {
        token: token.clone(),
        name: "Marina Alves".into(),
        email: email.into(),
        password: PASSWORD.into(),
        business_name: "Casa Aurora".into(),
        timezone: "America/Sao_Paulo".into(),
    }
}

#[tokio::test]
async fn whoever_holds_the_printed_token_makes_the_first_account() {
    let world = TestPlatform::start().await;
    let platform = &world.platform;
    assert!(platform.setup_needed().await.expect("reads"));
    let token = platform.setup_token().await.expect("makes").expect("nobody is there");
    let signed_in = platform.setup(request(&token, "marina@example.com")).await.expect("sets up");
    let principal = platform.principal(&signed_in.token).await.expect("is signed in");
    let workspace = platform.workspace(principal.actor().expect("acts"));
    workspace.api_keys().list().await.expect("is an admin");

    assert!(!platform.setup_needed().await.expect("reads"));
    assert!(platform.setup_token().await.expect("reads").is_none());
    assert_eq!(code(platform.setup(request(&token, "eve@example.com")).await), "SETUP_DONE");
    platform.login("marina@example.com", &PASSWORD.into(), "::1").await.expect("signs in");
}

#[tokio::test]
async fn a_wrong_token_or_a_weak_password_makes_nothing() {
    let world = TestPlatform::start().await;
    let platform = &world.platform;
    let guess = Secret::from("guess");
    let without = platform.setup(request(&guess, "eve@example.com")).await;
    assert_eq!(code(without), "SETUP_TOKEN_INVALID");
    let token = platform.setup_token().await.expect("makes").expect("nobody is there");
    assert_eq!(code(platform.setup(request(&guess, "a@example.com")).await), "SETUP_TOKEN_INVALID");
    let mut weak = request(&token, "marina@example.com");
    weak.password = "casa aurora marina".into();
    assert_eq!(code(platform.setup(weak).await), "PASSWORD_WEAK");
    assert!(platform.setup_needed().await.expect("reads"));
    assert!(platform.tenants().await.expect("reads").is_empty());
}

#[tokio::test]
async fn the_token_of_an_earlier_start_still_holds() {
    let world = TestPlatform::start().await;
    let first = world.platform.setup_token().await.expect("makes").expect("nobody is there");
    let second = world.platform.setup_token().await.expect("makes").expect("nobody is there");
    assert_ne!(first, second);
    world.platform.setup(request(&first, "marina@example.com")).await.expect("sets up");
}

#[tokio::test]
async fn of_many_at_once_one_sets_up() {
    let world = TestPlatform::start().await;
    let token = world.platform.setup_token().await.expect("makes").expect("nobody is there");
    let tries = (0..10).map(|n| {
        let (platform, request) =
            (world.platform.clone(), request(&token, &format!("m{n}@example.com")));
        tokio::spawn(async move { platform.setup(request).await })
    });
    let mut done = 0;
    for attempt in tries.collect::<Vec<_>>() {
        match attempt.await.expect("ends") {
            Ok(_) => done += 1,
            refused => assert_eq!(code(refused), "SETUP_DONE"),
        }
    }
    assert_eq!(done, 1);
    assert_eq!(world.platform.tenants().await.expect("reads").len(), 1);
}
