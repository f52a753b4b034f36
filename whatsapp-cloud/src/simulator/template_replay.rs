//! What happened to templates is read back from the log as it was, also what is still to come.

use serde_json::{Value, json};
use whatsapp_core::{Span, Timestamp};

use super::fact::Fact;
use super::world::World;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

/// What can be seen of a world's templates at a moment, with what it posts until then.
fn seen(world: &mut World, at: Timestamp) -> (Vec<Value>, Vec<Vec<u8>>) {
    world.settle(at);
    let posted = world.due_calls(at).into_iter().map(|call| call.body).collect();
    (world.wabas.iter().flat_map(|waba| waba.templates.clone()).collect(), posted)
}

fn lived() -> (World, Vec<Fact>) {
    let mut world = World::new(7);
    let mut facts = Vec::new();
    let waba = world.wabas.first().expect("an account").id.clone();
    let draft = json!({
        "name": "parcel", "language": "en_US", "category": "UTILITY",
        "components": [{"type": "BODY", "text": "The parcel has left us."}],
    });
    let made = world.create_template(START, &waba, &draft).expect("taken");
    let id = made["id"].as_str().expect("an id").to_owned();
    let steps = [
        (60, json!({"quality": "RED"})),
        (120, json!({"category": "MARKETING", "in_seconds": 86_400})),
        (4 * 3_600, json!({"quality": "RED"})),
    ];
    for (after, decision) in steps {
        let now = START + Span::seconds(after);
        world.settle(now); // as every call does
        world.decide_in_words(now, &id, decision).expect("understood");
    }
    facts.extend(world.take_facts());
    (world, facts)
}

#[test]
fn a_log_read_back_means_the_same_at_every_later_moment() {
    let (mut first, facts) = lived();
    let mut again = World::new(7);
    for fact in &facts {
        let line = serde_json::to_string(fact).expect("writes");
        again.apply(serde_json::from_str(&line).expect("reads"));
    }
    let last = START + Span::hours(4);
    for hours in [0, 1, 6, 7, 24, 48] {
        let at = last + Span::hours(hours);
        assert_eq!(seen(&mut first, at), seen(&mut again, at), "after {hours} hours");
    }
    let template = first.wabas.iter().flat_map(|waba| &waba.templates);
    let parcel = template.into_iter().find(|t| t["name"] == "parcel").expect("is there");
    assert_eq!((&parcel["status"], &parcel["category"]), (&json!("APPROVED"), &json!("MARKETING")));
}

#[test]
fn the_stored_words_of_facts_stay() {
    let (_, facts) = lived();
    let words: Vec<String> = facts
        .iter()
        .map(|fact| serde_json::to_value(fact).expect("writes"))
        .map(|fact| format!("{} {}", fact["fact"], fact["change"]["what"]))
        .collect();
    let expected = [
        r#""template" "created""#,
        r#""template" "judged""#,
        r#""template" "category""#,
        r#""template" "judged""#,
    ];
    assert_eq!(words, expected);
}
