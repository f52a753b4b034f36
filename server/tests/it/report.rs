//! The proof report of a campaign as it is downloaded.

use std::collections::BTreeSet;

use serde_json::json;

use crate::requests::{Answer, Ask};
use crate::world::World;

const HEAD: &str = "n,message_id,address,name,state,attempts,attempt_id,wamid,error_code,error_message,\
queued_at,sending_at,ambiguous_at,unconfirmed_at,accepted_at,sent_at,delivered_at,read_at,failed_at,skipped_at,earlier_attempts,route,gave_up";

/// The lines of a file in which no cell has a line end.
fn lines(answer: &Answer) -> Vec<String> {
    let text = answer.text();
    let body = text.strip_suffix("\r\n").expect("the last line ends as the others");
    body.split("\r\n").map(str::to_owned).collect()
}

fn cell(line: &str, at: usize) -> &str {
    line.split(',').nth(at).expect("a cell")
}

async fn campaign(world: &World, phones: Vec<String>) -> String {
    let template = world.template().await;
    let audience = json!({ "phones": phones });
    let body = json!({ "name": "Autumn", "template_id": template, "audience": audience });
    world.owner_posts("/api/console/campaigns", body).await
}

async fn start(world: &World, id: &str) {
    let path = format!("/api/console/campaigns/{id}/start");
    Ask::post(path, &json!({})).cookie(&world.owner).send(&world.app).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_and_a_program_download_the_same_file() {
    let mut world = World::new().await;
    let person = json!({ "phone": "+5511955550001", "name": "=Lia" });
    world.owner_posts("/api/console/contacts", person).await;
    let id = campaign(&world, vec!["+5511955550001".into(), "+5511955550002".into()]).await;
    start(&world, &id).await;
    world.test.settle().await;
    let path = |api: &str| format!("/api/{api}/campaigns/{id}/report");
    let shown = Ask::get(path("console")).cookie(&world.owner).send(&world.app).await.expect(200);
    let given = Ask::get(path("v1")).key(&world.key).send(&world.app).await.expect(200);
    for answer in [&shown, &given] {
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
        let name = format!("attachment; filename=\"campaign-{id}-report.csv\"");
        assert_eq!(answer.header("content-disposition"), name);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(shown.text(), given.text());
    let found = lines(&given);
    assert_eq!((found.len(), found[0].as_str()), (3, HEAD));
    let sends = world.test.simulator.sends();
    for (at, line) in found.iter().enumerate().skip(1) {
        let sent = sends.iter().find(|sent| sent.wamid == cell(line, 7)).expect("Meta knows it");
        assert_eq!(cell(line, 0), at.to_string());
        assert_eq!((cell(line, 2), cell(line, 5)), (sent.to.as_str(), "1"));
        assert_eq!(Some(cell(line, 6)), sent.callback_data.as_deref());
        assert_eq!(cell(line, 4), sent.status);
    }
    let lia = found.iter().find(|line| line.contains("+5511955550001")).expect("she has a line");
    assert_eq!(cell(lia, 3), "'=Lia", "a name runs nothing in a spreadsheet");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_report_counts_through_all_its_pages() {
    let mut world = World::new().await;
    let phones: Vec<_> = (0..2_345).map(|n| format!("+5511{:09}", 900_000_000 + n)).collect();
    let id = campaign(&world, phones.clone()).await;
    let path = format!("/api/v1/campaigns/{id}/report");
    let draft = Ask::get(&path).key(&world.key).send(&world.app).await.expect(200);
    assert_eq!(lines(&draft), [HEAD], "a draft has nobody yet");
    start(&world, &id).await;
    let mut found = Vec::new();
    for _ in 0..50 {
        world.test.step().await.expect("a step of the background");
        let answer = Ask::get(&path).key(&world.key).send(&world.app).await.expect(200);
        found = lines(&answer).split_off(1);
        if !found.is_empty() {
            break;
        }
    }
    let numbers: Vec<_> = found.iter().map(|line| cell(line, 0).to_owned()).collect();
    let expected: Vec<_> = (1..=phones.len()).map(|n| n.to_string()).collect();
    assert_eq!(numbers, expected, "no gap, and nothing twice");
    let told: BTreeSet<_> = found.iter().map(|line| cell(line, 2).to_owned()).collect();
    assert_eq!(told, phones.into_iter().collect());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_nobody_has_is_an_error_and_no_file() {
    let world = World::new().await;
    let path = format!("/api/v1/campaigns/{}/report", crate::bodies::nobody("camp"));
    let missing = Ask::get(path).key(&world.key).send(&world.app).await;
    assert_eq!(missing.verdict(), (404, "CAMPAIGN_NOT_FOUND".into()));
    assert_eq!(missing.header("content-disposition"), "");
}
