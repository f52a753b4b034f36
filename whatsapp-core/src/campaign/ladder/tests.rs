//! Stories of failures, and what the rules make of each.

use super::*;
use crate::template::TemplateStatus;
use crate::{Id, Quality};
use serde_json::json;

const NOON: Timestamp = Timestamp::from_seconds(1_700_000_000);
const HELD: i64 = 131_049;

fn failed(code: i64) -> SendError {
    SendError { code: format!("META_{code}"), message: "no".into() }
}
fn rules(waits: u8, marketing_messages: bool, fallback: bool) -> CampaignRules {
    CampaignRules {
        hold_back_tries: waits,
        marketing_messages,
        fallback_template: fallback.then(|| Id::from_uuid(uuid::Uuid::nil())),
        ..CampaignRules::default()
    }
}
/// What follows each failure of a story, when each failed at noon.
fn story(rules: CampaignRules, codes: &[i64]) -> Vec<Next> {
    let failures: Vec<_> = codes.iter().map(|code| failed(*code)).collect();
    let nth = failures.iter().enumerate();
    nth.map(|(n, error)| rules.next(error, &failures[..n], NOON)).collect()
}
fn at_once(route: Route) -> Next {
    Next::Try { route, at: NOON }
}
fn a_day_later() -> Next {
    Next::Try { route: Route::Usual, at: NOON + HOLD_BACK }
}
const TRIED: Next = Next::End(Some(GaveUp::Tried));
const FINAL: Next = Next::End(None);

#[test]
fn the_whole_ladder_is_climbed_step_by_step() {
    let all = story(rules(2, true, true), &[HELD, HELD, HELD, HELD, HELD]);
    let expected =
        [a_day_later(), a_day_later(), at_once(Route::Marketing), at_once(Route::Fallback), TRIED];
    assert_eq!(all, expected);
}

#[test]
fn a_way_that_was_not_chosen_is_left_out() {
    assert_eq!(story(rules(0, false, false), &[HELD]), [FINAL], "nothing was chosen");
    assert_eq!(story(rules(1, false, false), &[HELD, HELD]), [a_day_later(), TRIED]);
    assert_eq!(story(rules(0, true, false), &[HELD, HELD]), [at_once(Route::Marketing), TRIED]);
    assert_eq!(
        story(rules(1, false, true), &[HELD, HELD, HELD]),
        [a_day_later(), at_once(Route::Fallback), TRIED]
    );
}

#[test]
fn where_marketing_is_off_the_other_way_is_taken_at_once_whatever_was_waited() {
    let off = 131_063;
    assert_eq!(story(rules(3, true, false), &[off]), [at_once(Route::Marketing)]);
    let held_there = story(rules(3, true, true), &[HELD, off, HELD]);
    let expected = [a_day_later(), at_once(Route::Marketing), at_once(Route::Fallback)];
    assert_eq!(held_there, expected);
    // Somebody has to mend that: no utility template replaces what an account does not allow.
    assert_eq!(story(rules(3, false, true), &[off]), [FINAL]);
}

#[test]
fn what_the_marketing_api_does_not_take_falls_back() {
    for code in [131_055, 131_063, 134_100, 134_102] {
        let told = story(rules(0, true, true), &[HELD, code]);
        assert_eq!(told, [at_once(Route::Marketing), at_once(Route::Fallback)], "{code}");
        let told = story(rules(0, true, false), &[HELD, code]);
        assert_eq!(told, [at_once(Route::Marketing), TRIED], "{code}");
    }
}

#[test]
fn other_failures_end_it_on_every_step_and_count_for_none() {
    for code in [131_026, 131_050, 132_015] {
        assert_eq!(story(rules(3, true, true), &[code]), [FINAL], "{code}");
        let told = story(rules(0, true, true), &[HELD, code]);
        assert_eq!(told, [at_once(Route::Marketing), FINAL], "{code}");
    }
    // A template that is being prepared, a limit: the same try again.
    let waits = [HELD, 134_101, 130_429].map(failed);
    assert_eq!(rules(0, true, true).route(&waits), Route::Marketing);
}

#[test]
fn who_is_sent_to_again_by_hand_stays_on_the_step_on_which_it_ended() {
    let ended = [HELD; 4].map(failed);
    assert_eq!(rules(1, false, false).route(&ended), Route::Usual);
    assert_eq!(rules(0, true, false).route(&ended), Route::Marketing);
    assert_eq!(rules(0, true, true).route(&ended), Route::Fallback);
}

#[test]
fn no_step_begins_at_the_deadline_or_after() {
    let with = |deadline| CampaignRules { deadline: Some(deadline), ..rules(1, true, true) };
    let a_moment = Span::micros(1);
    let over = Next::End(Some(GaveUp::Over));
    let next = |deadline, before: &[SendError]| with(deadline).next(&failed(HELD), before, NOON);
    assert_eq!(next(NOON + HOLD_BACK, &[]), over);
    assert_eq!(next(NOON + HOLD_BACK + a_moment, &[]), a_day_later());
    assert_eq!(next(NOON, &[failed(HELD)]), over);
    assert_eq!(next(NOON + a_moment, &[failed(HELD)]), at_once(Route::Marketing));
}

#[test]
fn the_reason_tells_whether_a_try_was_left() {
    let rules = rules(1, true, false);
    assert_eq!(rules.gave_up(&failed(HELD), &[]), Some(GaveUp::Over), "the campaign ended");
    let before = [HELD; 2].map(failed);
    assert_eq!(rules.gave_up(&failed(HELD), &before), Some(GaveUp::Tried));
    assert_eq!(rules.gave_up(&failed(131_026), &before), None, "Meta's word says it all");
    assert_eq!(CampaignRules::default().gave_up(&failed(HELD), &[]), None);
}

fn template(category: Category, body: &str) -> Template {
    Template {
        id: Id::from_uuid(uuid::Uuid::nil()),
        channel: Id::from_uuid(uuid::Uuid::nil()),
        meta_id: "1".into(),
        name: "sale".into(),
        language: "en".into(),
        category,
        status: TemplateStatus::Approved,
        quality: Quality::Unknown,
        rejected_reason: None,
        named: false,
        components: json!([{"type": "BODY", "text": body}]),
        updated_at: Timestamp::ZERO,
    }
}

#[test]
fn a_fallback_is_an_approved_utility_template_that_needs_no_other_values() {
    let usual = template(Category::Marketing, "Hi {{1}}, {{2}} off");
    for good in ["Hi", "Hi {{1}}", "{{2}} for {{1}}"] {
        assert_eq!(template(Category::Utility, good).stands_in_for(&usual), Ok(()), "{good}");
    }
    let more = template(Category::Utility, "{{1}} {{2}} {{3}}");
    let marketing = template(Category::Marketing, "Hi");
    let pending = Template { status: TemplateStatus::Pending, ..template(Category::Utility, "Hi") };
    for (bad, why) in [(more, "body.3"), (marketing, "is marketing"), (pending, "is pending")] {
        let refused = bad.stands_in_for(&usual).expect_err("is refused");
        assert!(matches!(refused, Error::Invalid { code: "CAMPAIGN_FALLBACK", .. }));
        assert!(refused.to_string().contains(why), "{refused}");
    }
}

#[test]
fn other_ways_are_for_marketing() {
    let utility = template(Category::Utility, "Hi");
    assert!(rules(3, false, false).check_ways(&utility).is_ok());
    for rules in [rules(0, true, false), rules(0, false, true)] {
        assert!(rules.check_ways(&utility).is_err());
        assert!(rules.check_ways(&template(Category::Marketing, "Hi")).is_ok());
    }
}
