//! The proof report of a campaign as a table: its columns, in their order.

use whatsapp_core::campaign::{CampaignRules, GaveUp, Route};
use whatsapp_core::{self as core, Attempt, PastAttempt, ReportLine, SendState};

use super::time;
use crate::http::csv::Sheet;

/// What stands in a line before its moments.
const FACTS: [&str; 10] = [
    "n",
    "message_id",
    "address",
    "name",
    "state",
    "attempts",
    "attempt_id",
    "wamid",
    "error_code",
    "error_message",
];

/// The states whose moments are told, each in a column of its own.
const MOMENTS: [(SendState, &str); 10] = [
    (SendState::Queued, "queued_at"),
    (SendState::Sending, "sending_at"),
    (SendState::Ambiguous, "ambiguous_at"),
    (SendState::Unconfirmed, "unconfirmed_at"),
    (SendState::Accepted, "accepted_at"),
    (SendState::Sent, "sent_at"),
    (SendState::Delivered, "delivered_at"),
    (SendState::Read, "read_at"),
    (SendState::Failed, "failed_at"),
    (SendState::Skipped, "skipped_at"),
];

/// The attempts before the latest one; by which way the latest one went; why the campaign gave somebody up.
const HISTORY: [&str; 3] = ["earlier_attempts", "route", "gave_up"];

/// The names of the columns.
pub(crate) fn head(table: &mut Sheet) -> Result<(), csv::Error> {
    table.row(FACTS.into_iter().chain(MOMENTS.map(|(_, column)| column)).chain(HISTORY))
}

/// Adds the `n`th line of a campaign with these rules.
pub(crate) fn add(
    table: &mut Sheet,
    n: u64,
    line: &ReportLine,
    rules: &CampaignRules,
) -> Result<(), csv::Error> {
    let message = line.send.cast::<core::Message>().to_string();
    let (n, attempts) = (n.to_string(), line.attempts.to_string());
    let attempt = line.attempt.map(Attempt::callback_data).unwrap_or_default();
    let error = line.error.as_ref().map(|error| (error.code.as_str(), error.message.as_str()));
    let (code, why) = error.unwrap_or_default();
    let earlier: Vec<_> = line.earlier_by_route(rules).map(earlier).collect();
    let earlier = earlier.join("; ");
    let route = if line.attempts > 0 { line.route(rules).as_str() } else { "" };
    let gave_up = line.gave_up(rules).map(GaveUp::why).unwrap_or_default();
    let history: [&str; HISTORY.len()] = [&earlier, route, gave_up];
    let facts: [&str; FACTS.len()] = [
        &n,
        &message,
        &line.address,
        line.name.as_deref().unwrap_or_default(),
        line.state.as_str(),
        &attempts,
        &attempt,
        line.wamid.as_deref().unwrap_or_default(),
        code,
        why,
    ];
    let moments = MOMENTS.map(|(state, _)| line.reached(state).map(time).unwrap_or_default());
    table.row(facts.into_iter().chain(moments.iter().map(String::as_str)).chain(history))
}

/// An earlier attempt in words: its id, how far it came, why it failed, Meta's id, the way if it was not the usual one.
fn earlier((route, past): (Route, &PastAttempt)) -> String {
    let (attempt, state) = (past.attempt.callback_data(), past.state.as_str());
    let code = past.error.as_ref().map(|error| error.code.as_str());
    let by = (route != Route::Usual).then(|| format!("by {}", route.as_str()));
    [Some(attempt.as_str()), Some(state), code, past.wamid.as_deref(), by.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use whatsapp_core::{Id, SendError, Timestamp};

    use super::*;

    fn line() -> ReportLine {
        ReportLine {
            send: Id::from_uuid(uuid::Uuid::from_u128(1)),
            address: "+5511981234567".into(),
            name: Some("=Ana, \"B\"".into()),
            state: SendState::Queued,
            attempts: 2,
            earlier: vec![PastAttempt {
                send: Id::from_uuid(uuid::Uuid::from_u128(1)),
                attempt: Attempt::from_bytes([0xCD; 16]),
                state: SendState::Failed,
                wamid: Some("wamid.w".into()),
                error: Some(SendError { code: "META_131049".into(), message: "held".into() }),
                at: Timestamp::from_seconds(30),
            }],
            attempt: Some(Attempt::from_bytes([0xAB; 16])),
            wamid: Some("wamid.x".into()),
            error: Some(SendError { code: "META_1".into(), message: "no".into() }),
            timeline: vec![
                (SendState::Queued, Timestamp::from_seconds(0)),
                (SendState::Skipped, Timestamp::from_seconds(60)),
            ],
        }
    }

    #[test]
    fn every_column_has_its_name_and_its_cell() {
        let mut table = Sheet::new();
        head(&mut table)
            .and_then(|()| add(&mut table, 7, &line(), &CampaignRules::default()))
            .expect("as many cells");
        let table = String::from_utf8(table.finish().expect("a table")).expect("text");
        let expected = [
            "n,message_id,address,name,state,attempts,attempt_id,wamid,error_code,error_message,",
            "queued_at,sending_at,ambiguous_at,unconfirmed_at,accepted_at,sent_at,delivered_at,read_at,failed_at,skipped_at,earlier_attempts,route,gave_up\r\n",
            "7,msg_00000000000000000000000001,+5511981234567,\"'=Ana, \"\"B\"\"\",queued,2,",
            "abababababababababababababababab,wamid.x,META_1,no,",
            "1970-01-01T00:00:00Z,,,,,,,,,1970-01-01T00:01:00Z,",
            "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd failed META_131049 wamid.w,usual,\r\n",
        ];
        assert_eq!(table, expected.concat());
    }

    #[test]
    fn another_way_than_the_usual_one_is_named_and_so_is_the_reason_for_giving_up() {
        let held = SendError { code: "META_131049".into(), message: "held".into() };
        let mut line = line();
        let earlier = line.earlier.clone();
        line.earlier.extend(earlier);
        (line.state, line.error) = (SendState::Failed, Some(held));
        let rules = CampaignRules { marketing_messages: true, ..CampaignRules::default() };
        let mut table = Sheet::new();
        add(&mut table, 1, &line, &rules).expect("as many cells");
        let table = String::from_utf8(table.finish().expect("a table")).expect("text");
        let end = "failed META_131049 wamid.w by marketing_messages,marketing_messages,Every way that the campaign's rules allow was tried.\r\n";
        assert!(table.ends_with(end), "{table}");
    }

    #[test]
    fn every_state_has_its_moment() {
        for state in SendState::ALL {
            let told = MOMENTS.iter().find(|(told, _)| told == state);
            assert_eq!(
                told.map(|(_, column)| *column),
                Some(format!("{}_at", state.as_str()).as_str())
            );
        }
    }
}
