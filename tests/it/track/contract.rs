//! The rules of settling, confirming, tracking and mailing, one by one, and the tests that show
//! each. A rule whose test does not exist fails here; the tests themselves are next to what they
//! test.

use std::fs;
use std::path::{Path, PathBuf};

/// A rule and the names of its tests.
type Rule = (&'static str, &'static [&'static str]);

const SETTLING: &[Rule] = &[
    (
        "A verdict whose code is not the status is re-probed in the same round, after 20, 60 and 180 s; a recovery after 20 and 60 s; one-shot runs too.",
        &[
            "suspicion_is_tried_after_20_60_and_180_s",
            "recovery_is_tried_after_20_and_60_s",
            "what_passes_while_it_is_confirmed_is_no_incident",
        ],
    ),
    (
        "Attempts of one vantage decide that vantage alone.",
        &["attempts_of_one_vantage_decide_that_vantage_alone"],
    ),
    (
        "Settled: attempt 0 equals the status, or every attempt differs from it in the same direction: the commonest code, at a tie the latest. Else the standing status stays.",
        &[
            "attempt_zero_equal_to_the_status_settles",
            "commonest_code_wins_and_a_tie_goes_to_the_latest",
            "different_directions_leave_the_status_standing",
            "equal_severity_is_a_direction_of_its_own",
            "a_refuted_suspicion_stops_at_once_and_the_status_stands",
            "one_attempt_alone_moves_nothing",
            "single_transient_failures_never_open_an_incident",
        ],
    ),
    (
        "Codes that demand manners need no re-probe; their back-off starts at once; rounds skipped for it say nothing; a challenge that is the baseline does not double it.",
        &[
            "explicit_codes_need_no_second_look",
            "a_back_off_keeps_us_away_also_after_a_restart",
            "unobserved_rounds_count_as_neither_up_nor_down",
            "a_baseline_challenge_and_a_fetch_under_way_do_not_double_it",
        ],
    ),
    (
        "Controls run before a vantage's round, and again before any status of it turns worse on a transport code. All failing: the vantage is unusable, no status moves, one vantage incident.",
        &[
            "an_unusable_vantage_moves_no_status_and_makes_one_incident_of_its_own",
            "a_turn_on_a_transport_code_needs_the_controls_again",
            "a_status_never_moves_on_an_unusable_vantage",
            "rounds_of_a_vantage_that_proves_unusable_count_for_nothing_and_stay_due",
        ],
    ),
    (
        "One control failing is shown. The same control failing from every one of several vantages is its own fault and is said so.",
        &[
            "one_control_failing_is_shown_and_keeps_nobody_from_working",
            "one_control_failing_from_every_vantage_is_its_own_fault",
        ],
    ),
    (
        "First sight: one ok sets the status. A first confirmed status worse than ok opens nothing, and is listed in the first letter.",
        &[
            "first_sight_one_ok_sets_the_status",
            "first_sight_worse_needs_confirmation",
            "already_restricted_at_first_sight_opens_nothing",
            "the_first_letter_goes_from_worst_to_well_and_names_what_is_unseen",
        ],
    ),
    (
        "The baseline is the declared one, else the best confirmed; transport, 5xx and vantage codes never become it; it rises with a confirmed improvement and falls only by acceptance.",
        &[
            "transport_5xx_and_our_own_end_never_become_normal",
            "it_rises_and_never_falls_by_itself",
            "a_declared_one_stays",
            "unreachable_at_first_sight_opens_nothing_and_is_no_baseline",
            "accepting_a_baseline_ends_the_incident_and_it_may_rise_again",
            "what_looks_like_an_outage_is_never_accepted_nor_what_is_declared",
        ],
    ),
    (
        "On ingest a round's own attempts settle it; a round with only attempt 0 that differs leaves the status standing; other programs' records settle over three hours in a row.",
        &[
            "a_round_with_only_attempt_zero_leaves_the_status_standing",
            "a_change_needs_three_hours_in_a_row",
            "records_of_others_are_put_into_hourly_rounds",
        ],
    ),
    (
        "Order is by time, attempt and uid, not by line; late records re-derive what they touch; no gap is derived on ingest.",
        &[
            "any_order_any_parts_any_twice",
            "a_loss_told_backwards_one_record_at_a_time",
            "rounds_may_stand_in_a_pass_in_any_order",
        ],
    ),
    (
        "Flapping: Nagios' weights over the last 21 settled states, start 30 %, stop 20 %; it silences mail, never incidents.",
        &[
            "weights_run_from_0_75_to_1_25",
            "starts_at_30_and_stops_at_20_percent",
            "only_21_are_remembered",
            "flapping_silences_mail_but_never_incidents",
        ],
    ),
    (
        "A round that should have been and was not is a gap: never counted as up or down.",
        &[
            "a_staggered_round_that_was_kept_leaves_no_gap",
            "unobserved_rounds_count_as_neither_up_nor_down",
        ],
    ),
];

const INCIDENTS: &[Rule] = &[
    (
        "One open incident per probe; vantages join and leave; it closes when the last is back. The finding is derived anew while they join and frozen once recovery starts.",
        &[
            "the_table_as_it_stands_in_the_comment",
            "vantages_join_and_leave_and_the_last_one_back_ends_it",
            "histories_never_panic_and_keep_the_invariants",
        ],
    ),
    (
        "It opens at severity 2 and more; severity 1 is an event for the digest.",
        &["severity_2_opens_severity_1_is_an_event"],
    ),
    (
        "What is kept of it.",
        &[
            "an_incident_keeps_what_a_reader_needs",
            "show_tells_the_whole_incident",
        ],
    ),
    (
        "Correlated change: at least 5 sources and over 20 % of those measured turn, from one vantage and no other: one incident of its network, the sources' changes folded in.",
        &[
            "many_sources_turning_together_are_one_incident_of_the_network",
            "four_sources_or_a_fifth_are_not_many",
            "what_the_site_did_or_another_vantage_shares_is_not_folded",
            "turns_of_passes_within_90_minutes_add_up_and_swallow_what_was_held",
            "what_stays_down_after_the_network_is_back_opens_on_its_own",
        ],
    ),
    (
        "Path controls failing together make it the path to China.",
        &["path_controls_failing_together_make_it_the_path_to_china"],
    ),
    (
        "A probe whose parent has an open incident opens none.",
        &[
            "a_probe_whose_parent_has_an_open_incident_opens_none",
            "what_is_folded_or_hangs_on_a_parent_opens_nothing_and_joins_all_the_same",
        ],
    ),
    (
        "Improvement over baseline is an event and is mailed.",
        &["improvement_raises_the_baseline_and_is_told_once"],
    ),
    (
        "A level unobserved for 14 days is blind, shown and mailed.",
        &[
            "a_level_unobserved_for_14_days_is_blind_and_told_once",
            "a_challenge_hides_the_level_and_another_vantage_shows_it",
        ],
    ),
    (
        "What a person saw is recorded, and the finding is derived anew.",
        &[
            "a_look_from_inside_the_mainland_tells_an_outage",
            "what_a_person_saw_is_kept_with_the_incident",
        ],
    ),
    (
        "Measurements are committed as they are made; statuses, incidents and mails once per pass, in one transaction.",
        &[
            "a_pass_that_was_cut_short_leaves_its_rounds_due",
            "killed_fifty_times_nothing_reported_is_missing_and_no_alert_is_lost",
        ],
    ),
    (
        "Deriving it again is living through it, with what people did.",
        &[
            "deriving_it_again_is_living_through_it",
            "a_network_that_fails_for_many_is_derived_again_as_one",
            "what_a_pass_says_is_dated_by_what_was_seen_and_not_by_its_end",
        ],
    ),
];

const MAILING: &[Rule] = &[
    (
        "At once: severity 3 and more, their recovery, improvements, vantage and path events.",
        &[
            "severity_3_and_more_is_mailed_at_once",
            "vantage_network_and_path_are_mailed_at_once",
            "a_grave_refusal_is_mailed_at_once_and_so_is_its_recovery",
        ],
    ),
    (
        "Held: transport and 5xx with locus unknown, until they fail again after 90 minutes; those first seen in the site's night, until a failure after 09:30.",
        &[
            "an_ambiguous_failure_is_held_until_it_fails_again_after_90_minutes",
            "time_alone_does_not_end_the_hold",
            "first_seen_in_the_sites_night_waits_for_half_past_nine",
            "a_server_error_known_to_be_the_sites_is_not_held",
            "a_bounce_within_the_hold_sends_nothing_and_is_in_the_events",
        ],
    ),
    (
        "For the digest: severity 1 and 2, program_refused, provisional probes that have never been ok here.",
        &[
            "severity_2_is_for_the_digest_and_so_is_its_end",
            "program_refused_is_for_the_digest_until_it_is_found_to_be_more",
            "provisional_probes_mail_nothing_until_they_were_ok_once",
        ],
    ),
    (
        "The first pass mails one letter.",
        &["the_first_letter_is_asked_for_once_and_only_when_something_was_seen"],
    ),
    (
        "A recovery is mailed if and only if the opening was.",
        &[
            "silence_holds_mail_back_and_a_mailed_opening_still_gets_its_recovery",
            "silenced_and_never_mailed_ends_without_a_word",
        ],
    ),
];

fn sources(folder: &Path, into: &mut String) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_rule_has_its_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    sources(&root.join("src"), &mut text);
    sources(&root.join("tests/it"), &mut text);
    for (rule, tests) in SETTLING.iter().chain(INCIDENTS).chain(MAILING) {
        assert!(!tests.is_empty(), "no test shows: {rule}");
        for test in *tests {
            assert!(
                text.contains(&format!("fn {test}(")),
                "`{test}` is no test; it is to show: {rule}"
            );
        }
    }
}
