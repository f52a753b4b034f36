//! The suite that proves a store: ours, and a third party's. Every test is a sentence about the traits; none
//! looks below them. It writes into the store it is given, so give it an empty one.
//!
//! ```no_run
//! # async fn example(mine: impl whatsapp_storage::Store) {
//! whatsapp_storage::conformance::run_all(&mine).await;
//! # }
//! ```

mod attempts;
mod campaigns;
mod channels;
mod claims;
mod contacts;
mod conversations;
mod doubts;
mod event_log;
mod found;
mod groups;
mod idempotency;
mod job_queue;
mod journal;
mod leak;
mod leases;
mod messages;
mod people;
mod portfolios;
mod recipients;
mod sends;
mod sends_learn;
mod small;
mod templates;
mod units;
mod world;

use crate::{StorageError, Store};
use world::World;

type Outcome = Result<(), StorageError>;

/// Runs the named tests one after the other; a failure names the sentence that does not hold.
macro_rules! suite {
    ($world:expr; $($file:ident: $($test:ident),+;)+) => {
        $($(
            tracing::debug!(test = concat!(stringify!($file), "::", stringify!($test)));
            told(concat!(stringify!($file), "::", stringify!($test)), $file::$test($world).await);
        )+)+
    };
}

#[expect(clippy::panic, reason = "a suite of tests speaks by panicking")]
fn told(test: &str, outcome: Outcome) {
    if let Err(error) = outcome {
        panic!("{test}: the store answered an error: {error:?}");
    }
}

/// Every test. The store must be empty; it is migrated first.
///
/// # Panics
/// When the store does not keep a promise, naming which.
pub async fn run_all(store: &dyn Store) {
    let world = &World::new(store);
    told("migrate", store.migrate().await);
    told("migrating twice changes nothing", store.migrate().await);
    Box::pin(units_and_leak(world)).await;
    Box::pin(people_and_talk(world)).await;
    Box::pin(sending(world)).await;
    Box::pin(platform(world)).await;
}

async fn units_and_leak(world: &World<'_>) {
    suite! { world;
        units: what_is_dropped_did_not_happen, what_is_committed_is_there,
            a_savepoint_that_is_dropped_costs_only_itself, a_savepoint_that_is_committed_stays,
            a_failed_statement_ends_the_unit, a_failed_statement_ends_only_its_savepoint,
            a_reading_unit_changes_nothing, a_reading_unit_sees_one_moment, the_store_can_be_written;
        leak: another_tenants_things_do_not_exist, another_tenants_things_cannot_be_changed,
            another_tenants_ledger_cannot_be_moved, lists_hold_only_ones_own;
    }
}

async fn people_and_talk(world: &World<'_>) {
    suite! { world;
        channels: a_number_is_connected_once_on_the_platform, a_changed_channel_is_read_back,
            why_campaigns_wait_is_kept_beside_the_channel,
            the_latest_inbound_time_only_grows, a_deleted_channel_takes_its_conversations,
            a_number_and_an_account_lead_to_their_tenant, only_brought_apps_have_secrets;
        contacts: a_contact_is_read_back_as_it_was_kept, a_handle_belongs_to_one_person,
            phone_wins_over_business_scoped_id, many_are_found_as_each_would_be, a_number_has_one_owner_however_it_is_spelt, pages_hold_every_contact_once,
            filters_narrow_the_list, a_deleted_contact_takes_its_conversations,
            an_audience_holds_each_person_once_in_order, an_audience_is_walked_in_steps;
        found: words_are_found_by_their_beginning_without_case_and_accents,
            numbers_are_found_by_their_front_and_their_end, nothing_typed_is_special_in_a_search,
            every_word_must_be_found, found_people_are_walked_in_pages,
            what_somebody_was_called_finds_nobody, nobody_finds_another_tenants_people,
            a_search_is_narrowed_as_the_list_is, conversations_are_found_by_their_people;
        groups: the_count_of_members_is_kept, a_name_is_taken_once, a_deleted_group_leaves_its_members;
        conversations: a_contact_and_a_channel_have_one_thread, touching_moves_only_forward,
            what_is_said_at_once_counts_as_said_one_by_one, many_threads_are_opened_at_once,
            what_a_customer_says_reopens, the_inbox_is_walked_by_activity,
            the_inbox_is_narrowed, assigning_checks_who_had_it, counts_say_what_lists_hold;
        messages: a_message_is_read_back_as_it_was_kept, metas_id_is_known_once_on_a_channel,
            of_many_only_the_new_ones_are_kept,
            an_outgoing_message_is_found_by_the_ledgers_wamid, the_timeline_is_walked_newest_first,
            reactions_stand_beside_the_timeline, content_can_be_replaced;
        people: an_address_belongs_to_one_person, membership_leads_to_the_tenant,
            who_leaves_loses_sessions_and_conversations, sessions_end, keys_lead_to_their_tenant;
        small: snippets_have_one_shortcut_each, files_are_read_back, the_audit_log_is_newest_first;
    }
}

async fn sending(world: &World<'_>) {
    suite! { world;
        templates: metas_id_names_one_template_of_a_channel, an_unchanged_template_is_not_reported,
            templates_are_listed_by_name_and_language;
        campaigns: a_campaign_is_read_back_as_it_was_kept, a_change_names_the_revision_it_saw, a_campaign_with_somebody_undecided_does_not_complete,
            counts_are_added_up, only_drafts_are_deleted, what_is_due_is_found;
        recipients: each_address_is_in_a_campaign_once, recipients_show_the_ledgers_state,
            the_report_neither_skips_nor_repeats_anybody, the_report_tells_all_that_the_ledger_knows,
            a_report_does_not_pass_over_who_has_no_line, causes_of_failure_are_counted;
        sends: lines_are_read_back_as_they_were_kept, the_best_priority_is_claimed_first,
            a_line_is_claimed_once, lines_that_must_wait_stay, campaign_lines_go_only_while_sending,
            campaigns_that_are_not_named_stay, an_attempt_begins_once_and_not_under_an_older_epoch, unclaimed_lines_wait_or_are_skipped,
            a_new_holder_recovers_what_the_old_one_left, what_stays_unknown_is_given_up,
            a_cancelled_campaign_is_skipped_in_steps, the_tally_equals_the_moves, busy_channels_have_work;
        claims: room_is_kept_for_whom_somebody_waits_for, campaigns_take_turns, a_person_gets_one_line_at_a_time,
            whom_nothing_may_reach_waits_in_every_lane, what_was_sent_back_is_known_to_a_new_holder,
            codes_are_given_up_sooner, only_running_campaigns_with_somebody_left_run;
        portfolios: a_person_counts_once_and_for_a_day, a_failed_line_gives_its_place_back,
            the_oldest_are_found_by_their_place, a_changed_limit_is_seen_on_every_number;
        sends_learn: what_is_learnt_is_monotone, every_order_of_lessons_ends_alike,
            delivered_overrides_failed, a_lesson_is_found_by_wamid,
            a_lesson_of_another_channel_changes_nothing, an_old_attempt_changes_nothing,
            proof_of_non_acceptance_requeues_only_what_is_sending, doubt_concerns_only_what_is_sending,
            a_late_status_overrides_unconfirmed, many_lessons_in_one_batch;
        attempts: a_try_that_was_not_accepted_is_remembered,
            only_what_failed_or_is_unconfirmed_is_sent_again,
            whom_to_try_again_is_chosen_by_state_cause_and_time,
            what_arrived_after_all_is_not_sent_again,
            what_meta_refused_for_a_time_and_accepted_all_the_same_is_not_sent_again, what_becomes_of_an_earlier_try_is_noted;
        doubts: what_waits_is_counted, what_waited_before_a_moment_is_doubted_in_steps,
            what_was_begun_is_not_doubted_behind_its_statuses;
    }
}

async fn platform(world: &World<'_>) {
    suite! { world;
        idempotency: a_new_key_is_fresh, the_same_call_is_answered_again, another_body_is_a_mismatch,
            a_key_is_forgotten_after_a_day, a_call_that_failed_leaves_no_key, one_of_two_at_once_is_fresh;
        event_log: positions_are_given_in_order_without_gaps, a_cursor_stands_where_it_was_put,
            trimming_keeps_the_head, an_event_of_a_dropped_unit_never_happened;
        job_queue: a_job_is_claimed_once_when_due, a_waiting_key_is_not_doubled, a_lost_claim_changes_nothing,
            a_dead_workers_job_comes_back, a_retried_job_waits, a_buried_job_is_kept,
            a_waiting_job_is_taken_back, lanes_do_not_meet;
        journal: a_repetition_falls_away, any_bytes_are_kept_as_they_came, what_waits_is_oldest_first, a_postponed_call_waits,
            a_settled_call_stays_as_it_was_settled, each_call_is_listed_under_its_one_outcome,
            a_settled_call_is_applied_again_when_somebody_asks,
            settled_calls_are_trimmed, outcomes_are_counted_and_listed;
        leases: a_lease_has_one_holder, an_ended_lease_gets_a_greater_epoch, a_kept_lease_keeps_its_epoch,
            all_leases_can_be_seized;
        small: failures_in_a_row_are_counted, calls_are_counted_by_window, settings_are_kept;
    }
}
