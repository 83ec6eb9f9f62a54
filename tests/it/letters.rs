//! What mails say: every kind of letter is composed and read back as a mail program would.

use std::collections::BTreeMap;

use accesswatch::alert::compose::{compose, compose_digest, preview};
use accesswatch::alert::remind;
use accesswatch::model::event::PassOutcome;
use accesswatch::model::incident::MailState;
use accesswatch::model::mail::Notice;
use accesswatch::model::settings::Topic;
use accesswatch::model::{Code, Finding};

use crate::support::letters::{
    Setting, contains_all, digest, ended, flapping, samples, thesis, unsteady,
};
use crate::support::library::{self, incident, time};
use crate::support::mime;

#[test]
fn an_opening_says_everything_in_order() {
    let mail = Setting::of(vec![thesis()]).only(&[Notice::Opened { incident: 12 }]);
    let read = mime::parse(&mail.eml);
    let flat = read.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = flat.as_str();
    for part in [
        "CNKI 中国知网, dissertations: the full-text button was not shown on 8 of 8 checks from Berlin office and Seoul reading room. Before: everything expected was there.",
        "Report: #12",
        "Source: CNKI 中国知网",
        "Level: abstract",
        "URL: https://link.cnki.net/doi/10.27038/d.cnki.example",
        "Before: everything expected was there (ok)",
        "Now: the full-text button was not shown (content.withdrawn)",
        "Berlin office (DE, office): the full-text button was not shown (content.withdrawn, HTTP 200); since: 2026-11-23 01:20 UTC",
        "Seoul reading room (KR, campus)",
        "Boston server (US, datacentre): everything expected was there (ok, HTTP 200)",
        "Controls: 3 of 3 passed",
        "Checks: 8 bad of 8",
        "First bad: 2026-11-23 01:20 UTC; 2026-11-23 09:20 Beijing; 2026-11-23 02:20 Europe/Berlin",
        "Last good: 2026-11-22 19:20 UTC",
        "Not affected: abstracts; CNKI search",
        "Alternatives: Wanfang Data 万方数据; interlibrary loan",
        "suspended overseas since 2023-04-01",
        "since 2026-11-20: Announced by the vendor (https://notice.example/1)",
        "What this does not show: Why,",
        "What to look at in a browser: Open https://link.cnki.net/doi/10.27038/d.cnki.example in a browser",
        "accesswatch incidents observe 12 --browser ok",
        "campus: works in part",
        "Suggested catalogue note: Access to CNKI 中国知网 (dissertations) may be interrupted",
        &format!("Measurement 0193-a, SHA-256 {}", "9f".repeat(32)),
        "Measurement 0193-b",
        "Write to it@library.example",
        "accesswatch incidents ack 12",
    ] {
        let at = rest
            .find(part)
            .unwrap_or_else(|| panic!("`{part}` is not there in order:\n{}", read.text));
        rest = &rest[at..];
    }
    assert!(
        read.html.contains(
            "mailto:it@library.example?subject=Acknowledged%3A%20access%20report%20%2312"
        )
    );
    assert_eq!(mail.incidents, [12]);
    assert_eq!(mail.topic, Some(Topic::Regression));
}

#[test]
fn readers_hear_of_what_they_follow_and_asked_for() {
    let wind = incident(14, "wind/edb", Code::ContentEmpty, Finding::Withdrawn);
    let mut setting = Setting::of(vec![thesis(), wind, library::offline(15)]);
    setting.settings.alerts.to = vec![
        library::recipient("all@x.example", &["*"]),
        library::recipient("academic@x.example", &["group:academic"]),
        library::recipient("wind@x.example", &["wind"]),
        library::recipient("nobody@x.example", &[]),
        library::recipient("not an address", &["*"]),
    ];
    setting.settings.alerts.to[2].on = vec![Topic::Recovery];
    let mails = setting.mails(&[12, 14, 15].map(|incident| Notice::Opened { incident }));
    let told: Vec<_> = mails
        .iter()
        .map(|m| (m.recipient.as_str(), m.incidents[0]))
        .collect();
    assert_eq!(
        told,
        [
            ("all@x.example", 12),
            ("all@x.example", 14),
            ("all@x.example", 15),
            ("academic@x.example", 12),
            ("academic@x.example", 15),
            ("nobody@x.example", 15),
        ]
    );
}

#[test]
fn silence_holds_back_all_but_the_end() {
    let mut quiet = thesis();
    quiet.silenced_until = Some(time("2026-12-01T00:00:00Z"));
    let setting = Setting::of(vec![quiet.clone()]);
    assert!(
        setting
            .mails(&[
                Notice::Opened { incident: 12 },
                Notice::Updated { incident: 12 }
            ])
            .is_empty()
    );
    assert_eq!(
        Setting::of(vec![ended(quiet)])
            .mails(&[Notice::Recovered { incident: 12 }])
            .len(),
        1
    );
}

#[test]
fn the_pass_outcome_is_newer_than_the_book() {
    let setting = Setting::of(vec![thesis()]);
    let outcome = PassOutcome {
        incidents: vec![ended(thesis())],
        notices: vec![Notice::Recovered { incident: 12 }],
        ..PassOutcome::default()
    };
    let mails = compose(
        &outcome,
        &setting.book,
        &setting.catalogue,
        &setting.settings,
        &setting.notes,
        setting.now,
    );
    let read = mime::parse(&mails[0].eml);
    contains_all(
        &read.text,
        &[
            "restored. Seen from Berlin office and Seoul reading room: everything expected was there. It lasted 6 h.",
        ],
    );
    contains_all(
        &read.text,
        &[
            "Restored: 2026-11-23 08:00 UTC",
            "as before: everything expected was there (ok); since: 2026-11-23 08:00 UTC",
        ],
    );
    contains_all(
        &read.text,
        &["The note on CNKI 中国知网 (dissertations) can be taken out."],
    );
    assert!(
        !read.text.contains("incidents ack"),
        "nothing to acknowledge any more"
    );
}

#[test]
fn time_outs_and_own_ends_accuse_nobody() {
    for (kind, mail) in samples() {
        let read = mime::parse(&mail.eml);
        let low = format!("{} {}", read.text, read.html).to_lowercase();
        assert!(
            !low.contains("blocked") && !low.contains("censor"),
            "{kind}"
        );
    }
    let samples: BTreeMap<_, _> = samples().into_iter().collect();
    let text = |kind: &str| mime::parse(&samples[kind].eml).text;
    contains_all(
        &text("unreachable"),
        &[
            "Wind 万得, economic series: the server did not answer on 8 of 8 checks",
            "This cannot tell an outage from a closing to foreign addresses.",
        ],
    );
    contains_all(
        &text("vantage"),
        &[
            "Vantage Seoul reading room: its controls did not answer.",
            "not counted as up or down",
            "accesswatch doctor",
        ],
    );
    contains_all(
        &text("network"),
        &[
            "2 probes turned at once",
            "CNKI 中国知网, home page",
            "does not show where on the way",
        ],
    );
}

#[test]
fn the_first_letter_goes_from_worst_to_well_and_names_what_is_unseen() {
    let mail = Setting::of(Vec::new()).only(&[Notice::FirstLetter]);
    let text = mime::parse(&mail.eml).text;
    contains_all(
        &text,
        &[
            "2 of 4 probes that could be observed are restricted or disturbed today.",
            "CNKI 中国知网, home page: not yet observed from Boston server",
            "Seoul reading room (KR, campus): works, 3 of 3 controls passed",
            "Boston server (US, datacentre): its controls did not answer, 0 of 3 controls passed",
        ],
    );
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}"));
    assert!(
        at("named the region") < at("programs do not pass"),
        "worst first"
    );
    assert!(
        at("programs do not pass") < at("Not observed:")
            && at("Not observed:") < at("As expected:")
    );

    let mut setting = Setting::of(Vec::new());
    setting.book.statuses.clear();
    let mail = setting.only(&[Notice::FirstLetter]);
    contains_all(
        &mime::parse(&mail.eml).text,
        &["Nothing could be observed today."],
    );
}

#[test]
fn the_digest_tells_the_day_and_is_silent_without_news() {
    let setting = Setting::of(vec![thesis()]);
    let text = mime::parse(&digest(&setting).unwrap().eml).text;
    contains_all(
        &text,
        &[
            "Changes that were not mailed at once: 3. Reports still open: 1.",
            "CNKI 中国知网, home page, from Seoul reading room: the page was served, but something expected on it was missing; before: everything expected was there",
            "seen once, and not confirmed by a second look: the page was served",
            "the control https://control.example/ fails from every vantage",
            "#12 CNKI 中国知网, dissertations",
        ],
    );
    assert!(
        !text.contains("2026-11-22 01:00"),
        "older than the digest before"
    );

    let nothing = |setting: &Setting| {
        let to = &setting.settings.alerts.to[0];
        compose_digest(&setting.world(), to, &[], time("2026-11-23T01:29:00Z"))
    };
    assert!(nothing(&Setting::of(Vec::new())).is_none());
    assert!(
        nothing(&Setting::of(vec![thesis()])).is_none(),
        "open, and mailed at once: reminders see to it"
    );
    let mut quiet = Setting::of(vec![thesis()]);
    quiet.settings.alerts.to[0].on.clear();
    let to = &quiet.settings.alerts.to[0];
    let since = time("2026-11-23T01:24:00Z");
    let told = compose_digest(&quiet.world(), to, &[], since).unwrap();
    contains_all(
        &mime::parse(&told.unwrap().eml).text,
        &["Reports that were not mailed at once", "#12"],
    );
    let mut small = incident(
        20,
        "cnki/home",
        Code::SiteChallenge,
        Finding::ProgramRefused,
    );
    small.mail = MailState::Digest;
    small.confirmed = time("2026-11-23T01:29:30Z");
    small.acknowledged_by = Some("Kim".to_owned());
    let held = nothing(&Setting::of(vec![small])).unwrap().unwrap();
    contains_all(
        &mime::parse(&held.eml).text,
        &["Reports that were not mailed at once", "#20"],
    );
}

#[test]
fn reminders_wait_and_stop_when_somebody_took_it() {
    let mut setting = Setting::of(vec![thesis()]);
    setting.now = time("2026-11-24T02:00:00Z");
    let last = |_| Some(time("2026-11-23T01:30:00Z"));
    assert_eq!(remind::due(&setting.world(), last).len(), 1);
    assert!(remind::due(&setting.world(), |_| Some(setting.now)).is_empty());
    assert!(
        remind::due(&setting.world(), |_| None).is_empty(),
        "never mailed"
    );
    let mut taken = thesis();
    taken.acknowledged_by = Some("Kim".to_owned());
    setting.book = library::book(vec![taken], Vec::new());
    assert!(remind::due(&setting.world(), last).is_empty());
}

#[test]
fn a_preview_is_what_would_be_mailed() {
    let setting = Setting::of(vec![thesis()]);
    let mail = setting.only(&[Notice::Opened { incident: 12 }]);
    let seen = preview(&thesis(), &setting.world()).unwrap();
    let read = mime::parse(&seen.eml);
    assert_eq!(seen.eml, mail.eml);
    assert_eq!(
        (seen.text.trim_end(), seen.html.trim_end()),
        (read.text.trim_end(), read.html.trim_end())
    );
}

#[test]
fn a_value_beyond_its_limit_is_named_with_both() {
    let limit = "value `latest`: the newest date is 2026-10-29, 25 days old; 12 are allowed";
    let mut stale = incident(12, "cnki/thesis", Code::ContentStale, Finding::Withdrawn);
    for part in stale.vantages.values_mut() {
        part.limit = Some(limit.to_owned());
    }
    let mail = Setting::of(vec![stale]).only(&[Notice::Opened { incident: 12 }]);
    let read = mime::parse(&mail.eml);
    contains_all(&read.text, &[&format!("Limit: {limit}")]);
    assert_eq!(
        read.text.matches("Limit: ").count(),
        1,
        "once, though two vantages saw it"
    );
}

#[test]
fn markers_that_are_missed_are_named_in_both_parts() {
    let mut gone = thesis();
    for part in gone.vantages.values_mut() {
        part.missed = Some("level fulltext: #pdfDown | #cajDown".to_owned());
    }
    let mail = Setting::of(vec![gone]).only(&[Notice::Opened { incident: 12 }]);
    let read = mime::parse(&mail.eml);
    let told = "level fulltext: #pdfDown | #cajDown";
    contains_all(&read.text, &[&format!("Not as expected: {told}")]);
    assert_eq!(read.text.matches(told).count(), 1, "once for all vantages");
    contains_all(&read.html, &[told]);
}

#[test]
fn what_goes_back_and_forth_is_one_note_a_source() {
    let mail = unsteady().only(&[flapping("seoul"), flapping("berlin")]);
    assert_eq!(mail.subject, "CNKI 中国知网: access note of 2026-11-23");
    contains_all(
        &mime::parse(&mail.eml).text,
        &[
            "it keeps changing, seen from Seoul reading room and Berlin office.",
            "6 changes in the last 6 checks",
            "single changes are not mailed",
        ],
    );
}

#[test]
fn one_check_is_no_checks() {
    let mut once = thesis();
    (once.checks, once.checks_bad, once.attempts_bad) = (1, 1, 1);
    let mail = Setting::of(vec![once]).only(&[Notice::Opened { incident: 12 }]);
    contains_all(&mime::parse(&mail.eml).text, &["on 1 of 1 check from"]);
}
