//! Every example runs, and says what its page promises.
#![expect(clippy::expect_used, reason = "a helper of a test may fail the test")]

use std::process::Command;

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().expect("the example starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_first_message_is_accepted() {
    assert!(said(env!("CARGO_BIN_EXE_first_message"), &[]).starts_with("accepted as wamid."));
}

#[test]
fn a_dry_run_delivers_to_everybody() {
    let told = said(env!("CARGO_BIN_EXE_campaign_dry_run"), &[]);
    assert_eq!(told.trim(), "completed: 20 delivered of 20");
}

#[test]
fn the_router_mounts_in_an_application_of_one_s_own() {
    let told = said(env!("CARGO_BIN_EXE_in_your_axum_app"), &["--check"]);
    assert!(told.starts_with("listening on 127.0.0.1:"));
}
