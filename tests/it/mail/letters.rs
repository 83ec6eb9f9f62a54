//! The contents of mails: every kind of mail is composed and read back as a mail program would read
//! it.

use accesswatch::model::expect::Expectation;
use std::collections::BTreeMap;
use std::path::Path;

use accesswatch::alert::compose::{compose, compose_digest, preview};
use accesswatch::alert::remind;
use accesswatch::i18n::mail::texts;
use accesswatch::model::event::{Event, EventKind, PassOutcome};
use accesswatch::model::incident::{MailState, MailThread};
use accesswatch::model::mail::Notice;
use accesswatch::model::rule::Saying;
use accesswatch::model::settings::{Language, Topic};
use accesswatch::model::{Code, Finding, Level};

use crate::support::letters::{
    COMPOSERS, Setting, contains_all, digest, ended, event, flapping, in_turn, old, samples,
    samples_in, thesis, unsteady,
};
use crate::support::mail_fixture::{self, incident, time};
use crate::support::mime;

/// The golden files and the checks of other programs (`.ci/run`) are made of the examples.
#[test]
fn every_file_that_composes_a_mail_has_an_example() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/alert/compose");
    let examples: Vec<&str> = samples().iter().map(|(kind, _)| *kind).collect();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if !std::fs::read_to_string(&path)
            .unwrap()
            .contains("MailHeaders {")
        {
            continue;
        }
        seen += 1;
        let known = COMPOSERS.iter().find(|(file, _)| *file == name);
        let (_, example) = known.unwrap_or_else(|| {
            panic!("{name} composes a mail: add an example to tests/support/letters.rs")
        });
        assert!(examples.contains(example), "{name}: no example {example}");
    }
    assert_eq!(seen, COMPOSERS.len());
}

#[test]
fn an_opening_says_everything_in_order() {
    let mail = Setting::of(vec![thesis()]).only(&[Notice::Opened { incident: 12 }]);
    let read = mime::parse(&mail.eml);
    let flat = read.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = flat.as_str();
    for part in [
        "Serious for readers of CNKI (dissertations) who need the full text: it is not offered to 2 of the 3 places we watch from.",
        "Since 23 November 02:20 the full-text button is not shown (seen from Berlin office and Seoul reading room). Before: everything expected was there.",
        "Still works: journals, home page. Use instead: Wanfang Data 万方数据, interlibrary loan.",
        "Seen from each place (Berlin time):",
        "Berlin office: full-text button not shown; since: 23 November 02:20",
        "Boston server: ok",
        "First seen: 23 November 2026 02:20 Berlin time; 09:20 Beijing time; 01:20 UTC",
        "Not affected: journals, home page",
        "Alternatives: Wanfang Data 万方数据; interlibrary loan",
        "What this does not show: Why,",
        "Next look: 23 November 2026 09:20 Berlin time; 16:20 Beijing time; 08:20 UTC",
        "Earlier: no report of this in the last 90 days",
        "For the catalogue: - CNKI, dissertations: the full text is not offered at present; the abstract is.",
        "Open https://link.cnki.net/doi/10.27038/d.cnki.example in a browser.",
        "It works for me: <mailto:it@library.example?subject=%2312%20ok>",
        "I am refused: <mailto:it@library.example?subject=%2312%20refused>",
        "It works in part: <mailto:it@library.example?subject=%2312%20partial>",
        "I look after it: <mailto:it@library.example?subject=%2312%20ack>",
        "accesswatch incidents observe 12 --browser ok",
        "accesswatch incidents ack 12",
        "For the technician:",
        "Address (cnki/thesis): https://link.cnki.net/doi/10.27038/d.cnki.example",
        "Verdict: content.withdrawn, HTTP 200 from Berlin office (DE, office) and Seoul reading room (KR, campus)",
        "Finding: the site answers, and part of its content is not there (withdrawn)",
        "Checks: 8 bad of 8; controls: 3 of 3 passed",
        &format!("Measurement 0193-a, SHA-256 {}", "9f".repeat(32)),
    ] {
        let at = rest
            .find(part)
            .unwrap_or_else(|| panic!("`{part}` is not there in order:\n{}", read.text));
        rest = &rest[at..];
    }
    // A click opens a form.
    assert!(
        read.html
            .contains("mailto:it@library.example?subject=%2312%20ok&#38;body=From%20which")
    );
    assert_eq!(mail.incidents, [12]);
    assert_eq!(mail.topic, Some(Topic::Regression));
}

#[test]
fn readers_hear_of_what_they_follow_and_asked_for() {
    let wind = incident(14, "wind/edb", Code::ContentEmpty, Finding::Withdrawn);
    let mut setting = Setting::of(vec![thesis(), wind, mail_fixture::offline(15)]);
    setting.settings.alerts.to = vec![
        mail_fixture::recipient("all@x.example", &["*"]),
        mail_fixture::recipient("academic@x.example", &["group:academic"]),
        mail_fixture::recipient("wind@x.example", &["wind"]),
        mail_fixture::recipient("nobody@x.example", &[]),
        mail_fixture::recipient("not an address", &["*"]),
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
        &setting.tracker,
        &setting.catalogue,
        &setting.settings,
        &setting.notes,
        setting.now,
    );
    let read = mime::parse(&mails[0].eml);
    contains_all(
        &read.text,
        &[
            "CNKI, dissertations: open again for readers, as before.",
            "From 23 November 02:20 to 23 November 09:00, 7 hours in all, the full-text button was not shown (seen from Berlin office and Seoul reading room).",
            "Evidence of the time when it lasted: Measurement 0193-a",
        ],
    );
    contains_all(
        &read.text,
        &[
            "Over: 23 November 2026 09:00 Berlin time; 16:00 Beijing time; 08:00 UTC",
            "ok, as before; since: 23 November 09:00",
        ],
    );
    contains_all(
        &read.text,
        &["The note on CNKI, dissertations can be taken out."],
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
            "Serious if it lasts, for readers of Wind (economic series): out of reach of every place we watch from (2).",
            "the server does not answer",
            "This cannot tell an outage from a closing to foreign addresses.",
        ],
    );
    contains_all(
        &text("vantage"),
        &[
            "Not the sources' fault: we cannot look from Seoul reading room at present.",
            "its control pages do not answer.",
            "not counted as up or down",
            "accesswatch doctor",
        ],
    );
    contains_all(
        &text("network"),
        &[
            "2 pages failed at once",
            "CNKI, home page",
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
            "2 of 4 pages that we could look at give readers less than hoped for, or nothing.",
            "CNKI, home page: not yet seen from Boston server",
            "Seoul reading room: works, 3 of 3 control pages answered",
            "Boston server: its controls did not answer, 0 of 3 control pages answered",
        ],
    );
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}"));
    assert!(
        at("naming the region") < at("check for people"),
        "worst first"
    );
    assert!(at("check for people") < at("Not seen:") && at("Not seen:") < at("As expected:"));

    let mut setting = Setting::of(Vec::new());
    setting.tracker.statuses.clear();
    let mail = setting.only(&[Notice::FirstLetter]);
    contains_all(
        &mime::parse(&mail.eml).text,
        &["Nothing could be checked today."],
    );
}

#[test]
fn the_digest_tells_the_day_and_is_silent_without_news() {
    let setting = Setting::of(vec![thesis()]);
    let text = mime::parse(&digest(&setting).unwrap().eml).text;
    contains_all(
        &text,
        &[
            "Since the last digest: 3 changes that were not mailed to you.",
            "Still going on: 1 report.",
            "CNKI, home page, from Seoul reading room: the page was served, but something expected on it was missing; before: everything expected was there",
            "seen once, and not confirmed by a second look: the page was served",
            "the control page https://control.example/ fails from every place",
            "#12 CNKI, dissertations",
        ],
    );
    assert!(
        !text.contains("22 November 02:00"),
        "older than the digest before"
    );

    let nothing = |setting: &Setting| {
        let to = &setting.settings.alerts.to[0];
        compose_digest(&setting.context(), to, &[], time("2026-11-23T01:29:00Z"))
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
    let told = compose_digest(&quiet.context(), to, &[], since).unwrap();
    contains_all(
        &mime::parse(&told.unwrap().eml).text,
        &["Reports that were not mailed to you", "#12"],
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
        &["Reports that were not mailed to you", "#20"],
    );
}

#[test]
fn reminders_wait_and_stop_when_somebody_took_it() {
    let mut setting = Setting::of(vec![thesis()]);
    setting.now = time("2026-11-24T02:00:00Z");
    let last = |_| Some(time("2026-11-23T01:30:00Z"));
    assert_eq!(remind::due(&setting.context(), last).len(), 1);
    assert!(remind::due(&setting.context(), |_| Some(setting.now)).is_empty());
    assert!(
        remind::due(&setting.context(), |_| None).is_empty(),
        "never mailed"
    );
    let mut taken = thesis();
    taken.acknowledged_by = Some("Kim".to_owned());
    setting.tracker = mail_fixture::tracker_state(vec![taken], Vec::new());
    assert!(remind::due(&setting.context(), last).is_empty());
}

#[test]
fn a_preview_is_what_would_be_mailed() {
    let setting = Setting::of(vec![thesis()]);
    let mail = setting.only(&[Notice::Opened { incident: 12 }]);
    let seen = preview(&thesis(), &setting.context()).unwrap();
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
        part.observed.limits = vec![old("latest", "2026-10-29", 25, 12)];
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
        part.observed.missing = vec![Expectation::parse("level fulltext: #pdfDown | #cajDown")];
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
    assert_eq!(mail.subject, "CNKI 中国知网: unsteady (23 November 2026)");
    contains_all(
        &mime::parse(&mail.eml).text,
        &[
            "it goes back and forth.",
            "Seen from Seoul reading room and Berlin office.",
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
    contains_all(
        &mime::parse(&mail.eml).text,
        &["Checks: 1 bad of 1; controls"],
    );
}

/// Golden files: the text part of each kind of mail in three languages.
#[test]
fn letters_are_as_they_were_read_and_found_good() {
    let languages = [Language::En, Language::Ko, Language::Zh];
    let all = languages.map(samples_in);
    for (at, (kind, _)) in all[0].iter().enumerate() {
        let each = all.iter().map(|mails| {
            let mail = &mails[at].1;
            let text = mime::parse(&mail.eml).text;
            format!("Subject: {}\n\n{}\n", mail.subject, text.trim_end())
        });
        let rule = format!("\n{}\n\n", "=".repeat(40));
        let together = each.collect::<Vec<_>>().join(&rule);
        let together = together.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(format!("letter__{kind}"), together);
        });
    }
}

/// Words that may appear only in the technical part.
fn jargon(line: &str) -> Option<&'static str> {
    const WORDS: [&str; 8] = [
        "attempt", "selector", "SHA-256", "HTTP", "probe", "vantage", "#pdf", "level",
    ];
    let codes = Code::ALL.iter().map(|c| c.as_str());
    let codes = codes.filter(|c| c.contains('.'));
    codes.chain(WORDS).find(|word| line.contains(word))
}

/// The rules for every mail about an incident, in every language.
#[test]
fn letters_are_short_and_begin_with_what_matters() {
    for language in [Language::En, Language::Ko, Language::Zh] {
        for (kind, mail) in samples_in(language) {
            let text = mime::parse(&mail.eml).text;
            let lines = text.trim_end().lines().count();
            let most = match kind {
                "digest" | "first-letter" | "links-weekly" => 200,
                kind if kind.starts_with("reminder") => 10,
                _ => 40,
            };
            assert!(lines <= most, "{kind}: {lines} lines\n{text}");
            let technician = texts(language).heading.technician;
            let above = text.split(technician).next().unwrap();
            let is_command = |line: &&str| line.starts_with("    accesswatch");
            for line in above.lines().filter(|line| !is_command(line)) {
                assert_eq!(jargon(line), None, "{language:?} {kind}: {line}");
            }
        }
    }
}

#[test]
fn a_longer_story_makes_no_longer_letter_and_show_has_all_of_it() {
    let mut long = thesis();
    for n in 0..30 {
        long.changes.push(long.changes[0].clone());
        long.evidence.push(format!("0193-{n}").as_str().into());
        long.human_checks.push(long.human_checks[0].clone());
    }
    for part in long.vantages.values_mut() {
        part.observed.words = Some("很".repeat(900));
    }
    let setting = Setting::of(vec![long.clone()]);
    let seen = preview(&long, &setting.context()).unwrap();
    assert!(seen.text.trim_end().lines().count() <= 40, "{}", seen.text);
    for kept in [
        "What the page says: “很",
        "Not affected",
        "incidents ack 12",
        "Verdict:",
    ] {
        assert!(seen.text.contains(kept), "{kept}: {}", seen.text);
    }
    assert!(seen.whole.contains("0193-29") && seen.whole.lines().count() > 90);
    assert!(!seen.whole.contains(&"很".repeat(201)));
}

/// A redesign seen from three vantages is one change, and what was mailed with a report is not
/// repeated.
#[test]
fn the_digest_counts_events_and_leaves_out_what_was_mailed() {
    let mut mailed = in_turn();
    mailed.thread = Some(MailThread {
        root: 21,
        begun: mailed.confirmed,
        shared: false,
    });
    let setting = Setting::of(vec![mailed]);
    let changed = |vantage: &str, probe: &str, at: &str| Event {
        vantage: Some(vantage.into()),
        probe: Some(probe.parse().unwrap()),
        ..event(EventKind::Changed, at)
    };
    let events = [
        changed("seoul", "cnki/home", "2026-11-23T01:00:00Z"),
        changed("berlin", "cnki/home", "2026-11-23T01:00:40Z"),
        changed("boston", "cnki/home", "2026-11-23T01:02:00Z"),
        // This change was mailed with the opening of its report.
        changed("seoul", "wind/edb", "2026-11-23T01:20:00Z"),
    ];
    let to = &setting.settings.alerts.to[0];
    let since = time("2026-11-22T07:00:00Z");
    let told = compose_digest(&setting.context(), to, &events, since);
    let text = mime::parse(&told.unwrap().unwrap().eml).text;
    contains_all(
        &text,
        &[
            "Since the last digest: 1 change that was not mailed to you",
            "CNKI, home page, from Seoul reading room, Berlin office and Boston server:",
        ],
    );
    assert!(!text.contains("Wind, economic series, from"), "{text}");
    // A reader who gets no regressions at once gets them here.
    let mut quiet = setting.settings.alerts.to[0].clone();
    quiet.on.clear();
    let told = compose_digest(&setting.context(), &quiet, &events, since);
    let text = mime::parse(&told.unwrap().unwrap().eml).text;
    assert!(text.contains("Wind, economic series, from Seoul"), "{text}");
}

#[test]
fn what_waits_for_a_persons_word_is_repeated_weekly_until_it_is_accepted() {
    let mut setting = Setting::of(Vec::new());
    let key = ("cnki/thesis".parse().unwrap(), "boston".into());
    let status = setting.tracker.statuses.get_mut(&key).unwrap();
    status.observed.code = Code::ContentUnproven;
    status.baseline = Some(Code::Ok);
    let begun = status.since;
    let digest = |setting: &Setting, day: i64| {
        let mut context = setting.context();
        context.now = begun + chrono::TimeDelta::days(day) + chrono::TimeDelta::hours(1);
        let to = &setting.settings.alerts.to[0];
        let since = context.now - chrono::TimeDelta::days(1);
        compose_digest(&context, to, &[], since).map(|m| mime::parse(&m.unwrap().eml).text)
    };
    let days: Vec<i64> = (0..30)
        .filter(|day| digest(&setting, *day).is_some())
        .collect();
    assert_eq!(days, [7, 14, 21, 28]);
    contains_all(
        &digest(&setting, 7).unwrap(),
        &[
            "Waiting for somebody to look:",
            "CNKI, dissertations: the way to the full text could not be seen any more",
            "accesswatch baseline accept cnki/thesis",
        ],
    );
    let status = setting.tracker.statuses.get_mut(&key).unwrap();
    status.baseline = Some(Code::ContentUnproven);
    assert!((0..30).all(|day| digest(&setting, day).is_none()));
}

#[test]
fn what_happened_before_is_counted_with_the_longest() {
    let mut once = ended(thesis());
    once.id = 3;
    once.first_bad = time("2026-10-01T00:00:00Z");
    once.ended = Some(time("2026-10-04T23:59:59Z"));
    let setting = Setting::of(vec![once, thesis()]);
    let mail = setting.only(&[Notice::Opened { incident: 12 }]);
    contains_all(
        &mime::parse(&mail.eml).text,
        &[
            "Earlier: 1 report of this in the last 90 days, the longest of 4 days, the last until 5 October",
        ],
    );
}

/// A note fits this loss. An unexplained failure has none, and its end removes none.
#[test]
fn a_catalogue_note_is_true_of_its_loss_or_is_not_there() {
    let read = |code, finding, is_over: bool| {
        let one = incident(12, "cnki/thesis", code, finding);
        let (one, notice) = if is_over {
            (ended(one), Notice::Recovered { incident: 12 })
        } else {
            (one, Notice::Opened { incident: 12 })
        };
        mime::parse(&Setting::of(vec![one]).only(&[notice]).eml).text
    };
    for (code, finding, note) in [
        (
            Code::ContentWithdrawn,
            Finding::Withdrawn,
            "the full text is not offered at present; the abstract is.",
        ),
        (
            Code::ContentUnproven,
            Finding::Withdrawn,
            "we are looking into whether the full text is still offered",
        ),
        (
            Code::ContentReplaced,
            Finding::Replaced,
            "another page is shown in its place",
        ),
        (
            Code::ContentNulls,
            Finding::Withdrawn,
            "some of the values are empty or not current",
        ),
        (
            Code::SiteGeoBlock,
            Finding::GeoRestricted,
            "refuses access by region",
        ),
        (
            Code::SiteLogin,
            Finding::AccessControl,
            "a log-in, a subscription or a recognised institution",
        ),
        (
            Code::HttpNotFound,
            Finding::Rot,
            "no longer leads to the item",
        ),
    ] {
        contains_all(&read(code, finding, false), &["For the catalogue:", note]);
        contains_all(
            &read(code, finding, true),
            &["The note on CNKI, dissertations can be taken out."],
        );
    }
    for (code, finding) in [
        (Code::SiteChallenge, Finding::ProgramRefused),
        (Code::TcpTimeout, Finding::Insufficient),
        (Code::TcpTimeout, Finding::Unreachable),
        (Code::SiteEdition, Finding::Changed),
    ] {
        for is_over in [false, true] {
            let text = read(code, finding, is_over);
            assert!(!text.contains("For the catalogue"), "{code}: {text}");
            assert!(!text.contains("can be taken out"), "{code}: {text}");
        }
    }
}

/// A button that stands and is dead is not said to be missing.
#[test]
fn a_button_that_no_longer_works_is_said_to_be_shown() {
    let mut one = thesis();
    for part in one.vantages.values_mut() {
        part.observed.saying = Saying::LinkDiverted(Level::Fulltext);
    }
    let mail = Setting::of(vec![one.clone()]).only(&[Notice::Opened { incident: 12 }]);
    let text = mime::parse(&mail.eml).text;
    contains_all(
        &text,
        &[
            "the way to the full text is shown, and no longer leads there",
            "way to the full text no longer works",
        ],
    );
    assert!(!text.contains("not shown:"), "{text}");
    assert!(!text.contains("button is not shown"), "{text}");
    // One place where the button is gone altogether: what all of them see is less.
    let first = one.vantages.values_mut().next().unwrap();
    first.observed.saying = Saying::NotShown(Level::Fulltext);
    let mail = Setting::of(vec![one]).only(&[Notice::Opened { incident: 12 }]);
    let text = mime::parse(&mail.eml).text;
    contains_all(
        &text,
        &["the full-text button is not shown", "no longer works"],
    );
}
