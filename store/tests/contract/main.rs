//! What every engine of the `Store` port must do. A case is a fact, named so, and runs on each engine by name.
#![cfg(test)]

mod caching;
mod channels;
mod checking;
mod delivery;
mod durability;
mod engines;
mod fan_out;
mod history;
mod instance;
mod lists;
mod people;
mod products;
mod proxies;
mod recording;
mod trackings;
mod watchlist;
mod world;

/// Runs the cases of claiming on an engine: `Engine::new()` is an empty database.
macro_rules! claims {
    ($name:ident, $engine:path) => {
        mod $name {
            use crate::engines::Engine;
            cases! { $engine;
                checking: a_new_product_is_due_at_once, a_leased_product_is_claimed_by_nobody_else,
                    a_lease_that_ended_makes_the_product_due_again, the_most_overdue_are_claimed_first,
                    a_sample_is_a_stretch_of_the_tracked_products, claimers_at_once_never_get_the_same_product, claimers_of_several_programs_never_get_the_same_product,
                    a_deferred_product_is_due_at_its_own_time,
                    a_product_that_is_not_leased_cannot_be_deferred, a_product_can_be_claimed_now_unless_leased_or_unknown,
                    leased_products_are_found_only_while_leased, a_leased_product_knows_the_nearest_target,
                    recording_ends_the_lease, only_products_with_an_active_tracking_are_due,
                    a_first_tracking_of_a_leased_product_does_not_end_the_lease;
                delivery: a_notification_is_claimed_once_until_its_lease_ends, claimers_at_once_never_get_the_same_notification,
                    a_sent_notification_is_never_due_again, a_retry_is_due_at_its_time, a_failed_notification_says_why_and_ends,
                    a_late_result_does_not_undo_a_delivery, channels_do_not_see_each_others_notifications,
                    the_inbox_shows_each_alert_with_its_deliveries, reading_is_marked_for_the_owner_only
            }
        }
    };
}

/// Runs every other case on an engine.
macro_rules! contract {
    ($name:ident, $engine:path) => {
        mod $name {
            use crate::engines::Engine;
            cases! { $engine;
                recording: a_first_price_begins_a_run_and_makes_an_event, an_unchanged_check_only_extends_the_open_run,
                    another_price_ends_the_run_as_it_was_last_seen, a_failed_check_changes_nothing_but_attempts,
                    a_suspect_price_is_kept_beside_the_good_one, a_change_of_stock_keeps_the_previous_price,
                    a_record_from_a_stale_revision_is_returned_and_not_written,
                    an_older_observation_is_returned_and_not_written, two_workers_with_one_product_record_once,
                    recorders_of_overlapping_batches_record_each_product_once, a_zero_character_does_not_stop_a_batch,

                    the_first_of_two_records_of_one_product_counts, a_bad_record_leaves_nothing_of_its_batch,
                    an_event_recorded_again_is_one_event, an_unknown_product_is_returned,
                    everything_about_a_product_survives_to_the_microsecond, facts_replace_facts,
                    evidence_is_that_of_the_last_reading_worth_keeping;
                history: the_run_in_force_when_the_window_opens_is_carried_in, runs_after_the_window_are_left_out,
                    an_unknown_product_has_no_history, recent_runs_are_the_newest_of_each_product,
                    recent_runs_carry_in_the_run_in_force, recent_runs_keep_the_order_asked_for;
                products: search_wants_every_word_in_any_case_in_name_or_url, search_takes_wildcards_as_text,
                    better_matches_come_first, a_word_is_found_inside_of_another, a_wrong_letter_still_finds,
                    a_wrong_letter_finds_nothing_more_where_the_word_itself_is_found,
                    search_is_narrowed_to_a_platform, search_pages_never_overlap_and_miss_nothing;
                trackings: tracking_a_product_twice_updates_the_first, two_people_share_a_product, many_who_track_a_new_product_at_once_are_all_counted,
                    a_person_who_tracks_twice_at_once_has_one_tracking, pausing_and_resuming_at_once_keeps_the_count,

                    a_target_already_met_is_looked_at_at_once, a_product_without_a_price_is_not_revisited,
                    a_target_takes_the_currency_of_the_product, other_rules_arm_the_tracking_afresh,
                    the_same_rules_leave_the_alert_as_it_is, a_change_leaves_out_what_it_does_not_name,
                    a_paused_tracking_resumed_is_looked_at_again, somebody_elses_tracking_is_not_found,
                    removing_a_tracking_takes_its_notifications_and_leaves_the_history, trackers_count_active_trackings,
                    a_tracking_survives_with_every_rule_and_channel;
                watchlist: counts_are_the_totals_of_the_filtered_lists, each_filter_shows_what_it_says,
                    every_sort_is_total_and_pages_miss_nothing, sorts_order_as_they_say, a_person_without_trackings_has_zeros;
                fan_out: a_thousand_trackings_are_each_a_candidate_once, only_trackings_that_the_price_touches_are_candidates,
                    a_page_recorded_twice_counts_once, a_page_of_another_cursor_is_refused, an_event_without_a_price_is_done_at_once,
                    an_event_nobody_waits_for_is_done_after_one_page, pending_events_come_oldest_first,
                    an_event_waits_for_the_earlier_ones_of_its_product,
                    a_tracking_edited_during_its_fan_out_is_revisited_not_told, a_tracking_removed_during_its_fan_out_is_not_told,
                    a_risen_price_arms_the_fired, a_held_alert_is_due_when_its_hour_is_over,
                    a_revisit_decided_from_an_older_revision_is_due_again, the_first_price_settles_targets_without_a_currency,
                    fan_outs_at_once_tell_each_tracking_once,
                    edits_during_a_fan_out_stand_and_are_looked_at, removing_during_a_fan_out_leaves_no_notification;
                channels: a_way_survives_with_everything_and_belongs_to_its_owner, ways_are_found_for_many_people_by_channel,
                    what_is_wrong_with_a_way_is_noted_and_nothing_else_changes, a_code_verifies_once_within_its_time_and_tries,
                    preferences_are_found_for_those_who_have_some, a_held_notification_waits_and_counts_no_attempt,
                    ways_that_have_a_message_are_known_until_the_tracking_goes, a_kept_setting_is_the_first_ones_for_all;
                people: an_email_address_has_one_account, an_email_address_taken_twice_at_once_has_one_account, the_first_account_is_made_once, sessions_end_at_their_time,
                    a_session_can_be_ended, a_new_password_ends_every_session, a_change_of_an_account_leaves_out_what_it_does_not_name,
                    tokens_have_a_holder_and_a_scope_until_they_expire;
                lists: words_and_a_shop_narrow_a_persons_own_list, changes_and_falls_of_late_are_found_by_their_time,
                    the_same_thing_is_found_by_its_gtin, what_fails_is_listed_until_it_is_read_again,
                    alerts_of_a_product_are_the_owners, a_share_is_found_by_its_token_until_it_ends,
                    a_token_is_listed_and_revoked_by_its_owner, accounts_are_listed_with_what_they_track;
                proxies: proxies_are_added_replaced_and_removed, a_proxys_address_is_taken_once;
                instance: settings_are_written_replaced_and_removed, totals_count_everything, it_answers_until_it_is_closed;
                durability: what_was_acknowledged_is_there_after_a_close, what_was_acknowledged_is_there_without_a_close
            }
        }
    };
}

macro_rules! cases {
    ($engine:path; $($topic:ident: $($case:ident),+);+) => {
        $(mod $topic { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let engine = <$engine as super::Engine>::new().await;
                crate::$topic::$case(&engine).await;
            }
        )+ })+
    };
}

contract!(sqlite, crate::engines::Sqlite);
contract!(postgres, crate::engines::Postgres);
contract!(cached, crate::engines::Cached);
claims!(sqlite_claims, crate::engines::Sqlite);
claims!(postgres_claims, crate::engines::Postgres);
claims!(cached_claims, crate::engines::Cached);
// Elsewhere the statements are the same.
claims!(sharded_claims, crate::engines::Sharded);
