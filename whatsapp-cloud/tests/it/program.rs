//! The simulator as a program with a log: it may be killed at any moment.

use serde_json::{Value, json};
use whatsapp_cloud::simulator::{SimulatorConfig, serve};
use whatsapp_cloud::webhook::{Inbound, parse};
use whatsapp_cloud::{AccountApi, Messaging};
use whatsapp_core::{DeliveryStatus, Timestamp};

use crate::wire::*;

/// The binary, which a test may kill.
struct Program {
    child: tokio::process::Child,
    world: Value,
}

impl Program {
    async fn start(folder: &std::path::Path) -> Self {
        use tokio::io::{AsyncBufReadExt, BufReader};
        let mut child = tokio::process::Command::new(env!("CARGO_BIN_EXE_meta-simulator"))
            .args(["--json", "--seed", "11", "--data"])
            .arg(folder)
            .stdout(std::process::Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("starts");
        let out = child.stdout.take().expect("piped");
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).await.expect("a first line");
        Self { child, world: serde_json::from_str(&line).expect("JSON") }
    }
    fn url(&self) -> String {
        self.world.get("url").and_then(Value::as_str).expect("a url").to_owned()
    }
}

#[tokio::test]
async fn a_killed_simulator_knows_what_it_accepted_and_tells_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    let (url, mut received) = endpoint(Vec::new()).await;
    let mut program = Program::start(folder.path()).await;
    let access = access(&program.world);
    let control = Control { base: program.url() };
    let slow = json!({"speed": {"sent_ms": [1_000, 1_000], "delivered_ms": [1, 1], "read_ms": [1, 1], "read_probability": 1.0}});
    control.ask("PUT", "/_sim/faults", &slow).await;
    let one = client(&program.url());
    one.subscribe_app(&access, callback(&url, "my-token")).await.expect("verified");
    control.ask("POST", "/_sim/inbound", &json!({"from": ANA, "text": {"body": "Hi"}})).await;
    next(&mut received).await;
    let mut wamids = Vec::new();
    for _ in 0..5 {
        wamids.push(one.send(&access, &hello()).await.expect("accepted").wamid);
    }
    program.child.kill().await.expect("killed");

    let program = Program::start(folder.path()).await;
    let control = Control { base: program.url() };
    let again: Vec<_> = control.accepted().await;
    let kept: Vec<_> = again.iter().map(|s| s["wamid"].as_str().expect("a wamid")).collect();
    assert_eq!(kept, wamids);
    assert!(again.iter().all(|s| s["biz_opaque_callback_data"] == "attempt-1"));
    let mut read = Vec::new();
    while read.len() < 5 {
        let (_, body) = next(&mut received).await;
        for change in parse(&body, Timestamp::ZERO).expect("reads") {
            if let Inbound::Status(status) = change.inbound
                && status.status == DeliveryStatus::Read
                && !read.contains(&status.wamid)
            {
                read.push(status.wamid);
            }
        }
    }
    let more = client(&program.url()).send(&access, &hello()).await.expect("accepted").wamid;
    assert!(!wamids.contains(&more), "an id is never given twice");
}

#[tokio::test]
async fn two_simulators_do_not_share_a_folder_and_a_seed_belongs_to_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = Some(folder.path().to_path_buf());
    let config = SimulatorConfig { data, ..SimulatorConfig::default() };
    let running = serve(config.clone()).await.expect("starts");
    assert!(serve(config.clone()).await.is_err());
    running.stop().await;
    assert!(serve(SimulatorConfig { seed: 8, ..config.clone() }).await.is_err());
    let torn = folder.path().join("log.jsonl");
    let mut log = std::fs::read(&torn).expect("reads");
    log.extend_from_slice(br#"{"fact":"sent","wam"#);
    std::fs::write(&torn, log).expect("writes");
    serve(config).await.expect("a line cut by a kill is left out").stop().await;
}
