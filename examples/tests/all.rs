//! Every example runs, and says what its page promises.
#![expect(clippy::expect_used, reason = "a helper of a test may fail the test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

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

/// One request over a connection of its own; gives the answer's body.
fn ask(address: &str, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("connects");
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .expect("asks");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answers");
    answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()
}

#[test]
fn the_echo_bot_says_back_what_it_is_told() {
    let bot = Command::new(env!("CARGO_BIN_EXE_echo_bot")).stdout(Stdio::piped()).spawn();
    let mut bot = bot.expect("the example starts");
    let mut line = String::new();
    BufReader::new(bot.stdout.take().expect("piped")).read_line(&mut line).expect("says where");
    let address = line.trim().strip_prefix("write to it: http://").expect("an address");
    let address = address.strip_suffix("/_sim/phone").expect("a page").to_owned();
    let hello = r#"{"from": "+5511981234567", "type": "text", "text": {"body": "Hello, bot"}}"#;
    ask(&address, "POST", "/_sim/inbound", hello);
    // It answers on its own time; each question is an exchange over the network, which takes its time too.
    let mut asked = (0..20_000).map(|_| ask(&address, "GET", "/_sim/sends", ""));
    let answered = asked.any(|sends| sends.contains("You said: Hello, bot"));
    bot.kill().and_then(|()| bot.wait()).expect("it stops");
    assert!(answered, "it never answered");
}

#[test]
fn the_echo_bot_is_a_page_long() {
    let source = include_str!("../src/bin/echo_bot.rs");
    assert!(source.lines().count() <= 40, "{} lines", source.lines().count());
}
