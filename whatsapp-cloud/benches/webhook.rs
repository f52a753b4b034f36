//! How fast webhook calls are verified and read, beside the bare work that nobody can avoid: the HMAC over the same
//! bytes and a plain JSON parse of them. And how long a template message takes to build and write.
//!
//! Prints `name value unit`, one line each, and fails if a figure misses what it must reach. Run it by
//! `cargo xtask bench webhook`.
#![expect(clippy::expect_used, reason = "a bench may stop at what it cannot read")]
#![expect(clippy::print_stdout, reason = "a bench says what it measured, or fails")]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use whatsapp_cloud::message::TemplateMessage;
use whatsapp_cloud::send::to_wire;
use whatsapp_cloud::webhook::{parse, sign, verify_signature};
use whatsapp_cloud::{OutgoingMessage, Recipient};
use whatsapp_core::message::TemplateContent;
use whatsapp_core::{Content, Id, Secret, Template, Timestamp};

const ROUNDS: usize = 11;
/// Verifying and reading must be so fast, or take at most so many times what the bare work takes.
const SPEED: f64 = 150.0;
const TIMES_BARE: f64 = 1.5;
/// Building and writing a template message must take less, in microseconds.
const TEMPLATE: f64 = 5.0;
/// So long each round lasts, about.
const ROUND: Duration = Duration::from_millis(200);
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A call as it comes: the bytes without line breaks, and their signature.
struct Call {
    body: Vec<u8>,
    header: String,
}

fn main() -> Result<(), &'static str> {
    let secret = Secret::from(SECRET);
    let calls = calls(&secret);
    let bytes: usize = calls.iter().map(|call| call.body.len()).sum();
    report("webhook_calls", calls.len() as f64, "calls");
    report("webhook_bytes", bytes as f64, "bytes");

    let (mut bare, mut ours, mut times) = (Vec::new(), Vec::new(), Vec::new());
    // In turns, so that whatever else the machine does meets both.
    for _ in 0..ROUNDS {
        let bare_round = seconds(|| calls.iter().for_each(read_bare));
        let our_round = seconds(|| calls.iter().for_each(|call| read(&secret, call)));
        bare.push(bare_round);
        ours.push(our_round);
        times.push(our_round / bare_round);
    }
    let (bare_best, bare_median) = best_and_median(&mut bare);
    let (ours_best, ours_median) = best_and_median(&mut ours);
    let speed = |seconds: f64| bytes as f64 / seconds / 1e6;
    report("webhook_bare_best", speed(bare_best), "MB/s");
    report("webhook_bare_median", speed(bare_median), "MB/s");
    report("webhook_verify_parse_best", speed(ours_best), "MB/s");
    report("webhook_verify_parse_median", speed(ours_median), "MB/s");
    let (_, ratio) = best_and_median(&mut times);
    report("webhook_ratio_best", ours_best / bare_best, "times-bare");
    report("webhook_ratio_median", ratio, "times-bare");

    let id: Id<Template> =
        serde_json::from_value(json!("tpl_01k62a0vrydwgb4jv3m5q7f4wh")).expect("an id");
    let mut template: Vec<f64> = (0..ROUNDS).map(|_| seconds(|| send_template(id))).collect();
    let (best, median) = best_and_median(&mut template);
    report("template_build_best", best * 1e6, "us");
    report("template_build_median", median * 1e6, "us");
    let mut typed: Vec<f64> = (0..ROUNDS).map(|_| seconds(send_typed_template)).collect();
    let (typed_best, typed_median) = best_and_median(&mut typed);
    report("template_typed_best", typed_best * 1e6, "us");
    report("template_typed_median", typed_median * 1e6, "us");

    if speed(ours_median) < SPEED && ratio > TIMES_BARE {
        return Err("webhooks are read too slowly");
    }
    // Its least disturbed round: there is no baseline that the rest of the machine's work slows down too.
    if best.max(typed_best) * 1e6 > TEMPLATE {
        return Err("a template message takes too long");
    }
    Ok(())
}

/// The calls of the reference, each as Meta writes it: one line.
fn calls(secret: &Secret) -> Vec<Call> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the reference's calls")
        .map(|file| file.expect("a file").path())
        .filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("webhook_"))
        })
        .collect();
    files.sort();
    let call = |path| {
        let value: Value =
            serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON");
        let body = serde_json::to_vec(&value).expect("JSON");
        Call { header: sign(secret, &body), body }
    };
    files.iter().map(call).collect()
}

fn read_bare(call: &Call) {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
    mac.update(black_box(&call.body));
    black_box(mac.finalize());
    black_box(serde_json::from_slice::<Value>(black_box(&call.body)).expect("JSON"));
}

fn read(secret: &Secret, call: &Call) {
    let body = black_box(&call.body);
    black_box(verify_signature(secret, Some(&call.header), body).expect("signed"));
    black_box(parse(body, Timestamp::ZERO).expect("a call"));
}

/// One line of a campaign: from the person's values to the bytes of the request.
fn send_template(id: Id<Template>) {
    let parameters =
        ["Aylin", "NB-20417", "Friday"].map(|text| json!({"type": "text", "text": text}));
    let mut body = json!({"type": "body"});
    if let Some(map) = body.as_object_mut() {
        map.insert("parameters".to_owned(), Value::Array(parameters.into()));
    }
    let button = json!({"type": "button", "sub_type": "url", "index": "0",
        "parameters": [{"type": "text", "text": "NB-20417"}]});
    let template = TemplateContent {
        template: id,
        name: black_box("autumn_sale_v2").to_owned(),
        language: "en_US".to_owned(),
        components: Value::Array(vec![body, button]),
        header: None,
        body: "Hi Aylin, your parcel NB-20417 comes on Friday.".to_owned(),
        footer: None,
        buttons: Vec::new(),
    };
    let to = Recipient::from_address("+905550100234");
    let mut message = OutgoingMessage::new(to, Content::Template(template));
    message.callback_data = "cmp:8f1c|rcpt:20417".to_owned();
    let wire = to_wire(&message).expect("a form that Meta takes");
    black_box(serde_json::to_vec(&wire).expect("JSON"));
}

/// The same with the typed message of this crate.
fn send_typed_template() {
    let template = TemplateMessage::new(black_box("autumn_sale_v2"), "en_US")
        .body(["Aylin", "NB-20417", "Friday"])
        .url_button(0, "NB-20417");
    let mut message = OutgoingMessage::new(Recipient::from_address("+905550100234"), template);
    message.callback_data = "cmp:8f1c|rcpt:20417".to_owned();
    let wire = to_wire(&message).expect("a form that Meta takes");
    black_box(serde_json::to_vec(&wire).expect("JSON"));
}

/// How long one run takes, from as many runs as fill a round.
#[expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
fn seconds(mut run: impl FnMut()) -> f64 {
    let begin = Instant::now();
    let mut runs = 0_u32;
    while begin.elapsed() < ROUND {
        for _ in 0..8 {
            run();
        }
        runs += 8;
    }
    begin.elapsed().as_secs_f64() / f64::from(runs)
}

fn best_and_median(rounds: &mut [f64]) -> (f64, f64) {
    rounds.sort_by(f64::total_cmp);
    let at = |index: usize| rounds.get(index).copied().unwrap_or(f64::NAN);
    (at(0), at(rounds.len() / 2))
}

fn report(name: &str, value: f64, unit: &str) {
    println!("{name} {value:.3} {unit}");
}
