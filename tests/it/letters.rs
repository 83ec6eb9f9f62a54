//! What mails say: every kind of letter is composed, read back as a mail program would, and compared.

use std::collections::{BTreeMap, BTreeSet};

use accesswatch::alert::compose::{compose, compose_digest, compose_in, preview, test_mail};
use accesswatch::alert::remind;
use accesswatch::alert::{World, assign_threads};
use accesswatch::model::book::Book;
use accesswatch::model::event::{Event, EventKind, PassOutcome};
use accesswatch::model::incident::{Change, MailState, MailThread};
use accesswatch::model::mail::{NewMail, Notice};
use accesswatch::model::note::Note;
use accesswatch::model::settings::Topic;
use accesswatch::model::{
    Catalogue, Code, Finding, Incident, IncidentKind, MeasurementUid, Settings, Time,
};
use proptest::prelude::*;

use crate::support::library::{self, incident, time};
use crate::support::mime::{self, Mail};

/// A world of its own, to be bent by each test.
struct Setting {
    book: Book,
    catalogue: Catalogue,
    settings: Settings,
    notes: Vec<Note>,
    hashes: BTreeMap<MeasurementUid, String>,
    now: Time,
}

impl Setting {
    fn of(incidents: Vec<Incident>) -> Self {
        let statuses = vec![
            library::status("cnki/thesis", "boston", Code::Ok),
            library::status("cnki/journal", "seoul", Code::Ok),
            library::status("cnki/home", "seoul", Code::SiteChallenge),
            library::status("cnki/home", "berlin", Code::SiteChallenge),
            library::status("wind/edb", "seoul", Code::SiteGeoBlock),
        ];
        Self {
            book: library::book(incidents, statuses),
            catalogue: library::catalogue(),
            settings: library::settings(),
            notes: vec![Note {
                id: 1,
                source: "cnki".into(),
                from: "2026-11-20".parse().unwrap(),
                to: None,
                text: "Announced by the vendor".to_owned(),
                reference: Some("https://notice.example/1".to_owned()),
                planned: true,
            }],
            hashes: [(MeasurementUid::from("0193-a"), "9f".repeat(32))].into(),
            now: time("2026-11-23T01:30:00Z"),
        }
    }

    fn world(&self) -> World<'_> {
        World {
            book: &self.book,
            outcome: None,
            catalogue: &self.catalogue,
            settings: &self.settings,
            notes: &self.notes,
            hashes: &self.hashes,
            now: self.now,
        }
    }

    fn mails(&self, notices: &[Notice]) -> Vec<NewMail> {
        compose_in(&self.world(), notices)
    }

    fn only(&self, notices: &[Notice]) -> NewMail {
        let mails = self.mails(notices);
        assert_eq!(mails.len(), 1);
        mails.into_iter().next().unwrap()
    }
}

fn thesis() -> Incident {
    incident(
        12,
        "cnki/thesis",
        Code::ContentWithdrawn,
        Finding::Withdrawn,
    )
}

fn journal() -> Incident {
    incident(
        13,
        "cnki/journal",
        Code::ContentWithdrawn,
        Finding::Withdrawn,
    )
}

fn ended(mut incident: Incident) -> Incident {
    let at = time("2026-11-23T08:00:00Z");
    incident.ended = Some(at);
    incident
        .vantages
        .values_mut()
        .for_each(|part| part.back = Some(at));
    incident
}

/// One of each kind, by name.
fn samples() -> Vec<(&'static str, NewMail)> {
    let open = Setting::of(vec![thesis()]);
    let both = together();
    let mut over = Setting::of(vec![ended(thesis())]);
    over.now = time("2026-11-23T08:05:00Z");
    let mut joined = thesis();
    joined.changes.push(Change {
        at: time("2026-11-23T03:00:00Z"),
        text: "Boston server joined".to_owned(),
    });
    let joined = Setting::of(vec![joined]);
    let down = incident(14, "wind/edb", Code::TcpTimeout, Finding::Unreachable);
    let down = Setting::of(vec![down]);
    let offline = Setting::of(vec![library::offline(15)]);
    let mut network = library::offline(16);
    network.kind = IncidentKind::Network;
    network.to = Code::TcpTimeout;
    network.folded = vec!["cnki/home".parse().unwrap(), "wind/edb".parse().unwrap()];
    let network = Setting::of(vec![network]);
    let mut late = Setting::of(vec![thesis()]);
    late.now = time("2026-11-24T02:00:00Z");
    let reminder = remind::due(&late.world(), |_| Some(time("2026-11-23T01:30:00Z")));
    let letter = Setting::of(Vec::new());
    vec![
        ("opening", open.only(&[Notice::Opened { incident: 12 }])),
        (
            "opening-two",
            both.only(&[12, 13].map(|incident| Notice::Opened { incident })),
        ),
        ("recovery", over.only(&[Notice::Recovered { incident: 12 }])),
        ("update", joined.only(&[Notice::Updated { incident: 12 }])),
        ("reminder", reminder.into_iter().next().unwrap()),
        ("unreachable", down.only(&[Notice::Opened { incident: 14 }])),
        ("vantage", offline.only(&[Notice::Opened { incident: 15 }])),
        ("network", network.only(&[Notice::Opened { incident: 16 }])),
        (
            "improvement",
            open.only(&[improved("seoul"), improved("berlin")]),
        ),
        ("blind", open.only(&[blind()])),
        ("first-letter", letter.only(&[Notice::FirstLetter])),
        ("digest", digest(&open).unwrap()),
        (
            "test",
            test_mail(&open.world(), &open.settings.alerts.to[0]).unwrap(),
        ),
    ]
}

fn improved(vantage: &str) -> Notice {
    Notice::Improved {
        probe: "cnki/home".parse().unwrap(),
        vantage: vantage.into(),
        from: Code::SiteChallenge,
        to: Code::Ok,
    }
}

fn blind() -> Notice {
    Notice::Blind {
        probe: "cnki/home".parse().unwrap(),
        vantage: "boston".into(),
        since: time("2026-11-09T01:00:00Z"),
    }
}

fn event(kind: EventKind, at: &str) -> Event {
    Event {
        at: time(at),
        kind,
        probe: Some("cnki/home".parse().unwrap()),
        vantage: Some("seoul".into()),
        incident: None,
        from: Some(Code::Ok),
        to: Some(Code::ContentChanged),
        text: "the title is another one".to_owned(),
    }
}

fn digest(setting: &Setting) -> Option<NewMail> {
    let events = [
        event(EventKind::Changed, "2026-11-23T01:00:00Z"),
        event(EventKind::Changed, "2026-11-22T01:00:00Z"),
        event(EventKind::Opened, "2026-11-23T01:10:00Z"),
    ];
    let since = time("2026-11-22T07:00:00Z");
    let recipient = &setting.settings.alerts.to[0];
    compose_digest(&setting.world(), recipient, &events, since).map(Result::unwrap)
}

fn contains_all(text: &str, parts: &[&str]) {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(flat.contains(part), "`{part}` is not in:\n{text}");
    }
}

#[test]
fn an_opening_says_everything_in_order() {
    let mail = Setting::of(vec![thesis()]).only(&[Notice::Opened { incident: 12 }]);
    let read = mime::parse(&mail.eml);
    let flat = read.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = flat.as_str();
    for part in [
        "CNKI 中国知网, dissertations: the full-text button was not shown on 8 of 8 checks from Berlin office, Seoul reading room. Before: everything expected was there.",
        "Report: #12",
        "Source: CNKI 中国知网",
        "Level: abstract",
        "URL: https://link.cnki.net/doi/10.27038/d.cnki.example",
        "Before: everything expected was there (ok)",
        "Now: the full-text button was not shown (content.withdrawn)",
        "Berlin office (DE, office): the full-text button was not shown (content.withdrawn, HTTP 200); Since: 2026-11-23 01:20 UTC",
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
fn headers_are_those_of_an_automatic_mail() {
    let mail = Setting::of(vec![thesis()]).only(&[Notice::Opened { incident: 12 }]);
    let read = mime::parse(&mail.eml);
    assert_eq!(
        read.decoded("subject"),
        "CNKI 中国知网, dissertations: access report #12"
    );
    assert_eq!(read.decoded("subject"), mail.subject);
    assert_eq!(read.header("auto-submitted"), "auto-generated");
    assert_eq!(read.header("x-auto-response-suppress"), "All");
    assert_eq!(
        read.header("list-id"),
        "accesswatch <accesswatch.library.example>"
    );
    assert_eq!(read.header("date"), "Mon, 23 Nov 2026 01:30:00 +0000");
    assert_eq!(read.header("message-id"), mail.message_id);
    assert!(
        mail.message_id.starts_with("<incident-12.")
            && mail.message_id.ends_with("@library.example>")
    );
    assert!(read.header("references").is_empty() && read.header("in-reply-to").is_empty());
    assert!(
        read.header("content-type")
            .starts_with("multipart/alternative")
    );
    assert_eq!(read.header("to"), "Librarian <librarian@library.example>");
}

#[test]
fn composing_twice_gives_the_same_bytes() {
    let twice = [samples(), samples()];
    assert!(twice[0] == twice[1]);
    let ids: BTreeSet<_> = twice[0].iter().map(|(_, m)| &m.message_id).collect();
    assert_eq!(ids.len(), twice[0].len());
}

#[test]
fn later_mails_thread_under_the_first_with_the_same_subject() {
    let mut open = together();
    let first = open.only(&[12, 13].map(|incident| Notice::Opened { incident }));
    assert_eq!(first.subject, "CNKI 中国知网: access report #12");
    assert_eq!(first.incidents, [12, 13]);

    let journal = ended(open.book.incidents[&13].clone());
    open.book.incidents.insert(13, journal);
    let recovery = open.only(&[Notice::Recovered { incident: 13 }]);
    // Long after, the sibling that gave the thread its number may be forgotten.
    let thesis = ended(open.book.incidents.remove(&12).unwrap());
    let journal = open.book.incidents.remove(&13).unwrap();
    open.book.incidents.insert(12, thesis);
    let last = open.only(&[Notice::Recovered { incident: 12 }]);
    open.book.incidents = [(13, journal)].into();
    let update = open.only(&[Notice::Updated { incident: 13 }]);
    for later in [&recovery, &last, &update] {
        let read = mime::parse(&later.eml);
        assert_eq!(later.subject, first.subject);
        assert_eq!(read.header("in-reply-to"), first.message_id);
        assert_eq!(read.header("references"), first.message_id);
        assert_ne!(later.message_id, first.message_id);
    }
    assert_eq!(recovery.topic, Some(Topic::Recovery));
    assert_ne!(recovery.message_id, last.message_id);
}

/// Two incidents of one source whose openings are due in the same pass.
fn together() -> Setting {
    let mut setting = Setting::of(vec![thesis(), journal()]);
    let mut outcome = PassOutcome {
        incidents: vec![journal()],
        notices: [12, 13].map(|incident| Notice::Opened { incident }).into(),
        ..PassOutcome::default()
    };
    assign_threads(&mut outcome, &mut setting.book, setting.now);
    // Both are in the outcome now, so both are kept.
    let kept: Vec<_> = outcome
        .incidents
        .iter()
        .map(|i| (i.id, i.thread.map(|t| t.root)))
        .collect();
    assert_eq!(kept, [(13, Some(12)), (12, Some(12))]);
    let again = outcome.clone();
    assign_threads(
        &mut outcome,
        &mut setting.book,
        time("2027-01-01T00:00:00Z"),
    );
    assert_eq!(outcome, again);
    setting
}

#[test]
fn threads_begin_where_mail_does() {
    let wind = incident(14, "wind/edb", Code::ContentEmpty, Finding::Withdrawn);
    let mut minor = incident(
        11,
        "cnki/home",
        Code::SiteChallenge,
        Finding::ProgramRefused,
    );
    minor.mail = MailState::Digest;
    let mut setting = Setting::of(vec![minor, thesis(), wind, library::offline(15)]);
    let mut outcome = PassOutcome {
        notices: [12, 14, 15]
            .map(|incident| Notice::Opened { incident })
            .into(),
        ..PassOutcome::default()
    };
    assign_threads(&mut outcome, &mut setting.book, setting.now);
    let threads: Vec<_> = setting.book.incidents.values().map(|i| i.thread).collect();
    assert_eq!((threads[0], threads[3]), (None, None));
    let alone = |root| {
        Some(MailThread {
            root,
            begun: setting.now,
            shared: false,
        })
    };
    assert_eq!((threads[1], threads[2]), (alone(12), alone(14)));
    let mail = setting.only(&[Notice::Opened { incident: 12 }]);
    assert_eq!(
        mail.subject,
        "CNKI 中国知网, dissertations: access report #12"
    );
}

#[test]
fn every_update_is_a_mail_of_its_own() {
    let mut setting = Setting::of(vec![thesis()]);
    let first = setting.only(&[Notice::Updated { incident: 12 }]).message_id;
    setting.now += chrono::TimeDelta::hours(6);
    assert_ne!(
        setting.only(&[Notice::Updated { incident: 12 }]).message_id,
        first
    );
}

#[test]
fn another_workspace_or_reader_gets_other_ids() {
    let mut other = thesis();
    other.confirmed = time("2027-01-01T00:00:00Z");
    let notice = [Notice::Opened { incident: 12 }];
    let one = Setting::of(vec![thesis()]).only(&notice).message_id;
    assert_ne!(one, Setting::of(vec![other]).only(&notice).message_id);
    let mut setting = Setting::of(vec![thesis()]);
    setting
        .settings
        .alerts
        .to
        .push(library::recipient("b@library.example", &["*"]));
    let ids: BTreeSet<_> = setting
        .mails(&notice)
        .into_iter()
        .map(|m| m.message_id)
        .collect();
    assert_eq!(ids.len(), 2);
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
            "restored. Seen from Berlin office, Seoul reading room: everything expected was there. It lasted 6 h.",
        ],
    );
    contains_all(
        &read.text,
        &[
            "Restored: 2026-11-23 08:00 UTC",
            "(back since 2026-11-23 08:00 UTC",
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
            "Changes that were not mailed at once: 1. Reports still open: 1.",
            "the title is another one",
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
    let mut known = thesis();
    known.acknowledged_by = Some("Kim".to_owned());
    assert!(
        nothing(&Setting::of(vec![known])).is_none(),
        "acknowledged and unchanged"
    );
    assert!(
        nothing(&Setting::of(vec![thesis()])).is_some(),
        "still waits for somebody"
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

/// The words of an HTML part, column heads left out: they are said once there and by row in the text.
fn html_words(html: &str) -> Vec<String> {
    let document = scraper::Html::parse_document(html);
    let body = scraper::Selector::parse("h2, p, td, li, th[scope=row]").unwrap();
    let texts = document
        .select(&body)
        .filter(|e| e.value().attr("align") != Some("center") && !has_blocks(*e))
        .map(|e| e.text().collect::<String>());
    texts.flat_map(|t| words(&t)).collect()
}

/// Layout cells hold other blocks; only leaves are read.
fn has_blocks(element: scraper::ElementRef<'_>) -> bool {
    let inner = scraper::Selector::parse("p, h2, table").unwrap();
    element.select(&inner).next().is_some()
}

fn words(text: &str) -> Vec<String> {
    let trim = |w: &str| w.trim_matches([':', ';', ',', '-']).to_owned();
    text.split_whitespace()
        .map(trim)
        .filter(|w| !w.is_empty())
        .collect()
}

#[test]
fn text_and_html_say_the_same() {
    let heads: BTreeSet<&str> = [
        "Vantage", "Result", "Since", "First", "Last", "bad", "good", "Before", "Now", "Source",
        "Probe", "Level", "Vantages",
    ]
    .into();
    for (kind, mail) in samples() {
        let read = mime::parse(&mail.eml);
        let mut text = words(&read.text);
        let mut html = html_words(&read.html);
        for list in [&mut text, &mut html] {
            list.retain(|w| !heads.contains(w.as_str()));
            list.sort();
        }
        assert_eq!(text, html, "{kind}");
    }
}

#[test]
fn html_asks_nothing_of_the_network_and_is_readable_aloud() {
    for (kind, mail) in samples() {
        let html = mime::parse(&mail.eml).html;
        for forbidden in [
            "<img", "<script", "<link", "<iframe", "<style", "src=", "url(", "@import",
        ] {
            assert!(!html.contains(forbidden), "{kind}: {forbidden}");
        }
        assert!(
            html.contains("<html lang=\"en\">") && html.contains("role=\"presentation\""),
            "{kind}"
        );
        assert!(html.contains("font-size:16px"), "{kind}");
        // A title cannot hold markup.
        let body = html.split("</title>").nth(1).unwrap();
        let bare = body.replace("<span lang=\"zh\">中国知网</span>", "");
        assert!(
            !bare.contains("中国知网"),
            "{kind}: Chinese that is not marked"
        );
    }
}

/// Every mail as a file, for readers other than this program (`.ci/mails.py` reads them again).
#[test]
fn samples_lie_where_others_can_read_them() {
    let dir = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("mails");
    std::fs::create_dir_all(&dir).unwrap();
    for (kind, mail) in samples() {
        std::fs::write(dir.join(format!("{kind}.eml")), &mail.eml).unwrap();
    }
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\\x00-\\x1f\\x7f a-z:<>@\"=?_\\u{85}\\u{2028}\\u{202e}中\\u{1f600}]{0,60}",
        Just("x\r\nBcc: victim@example.org\r\n\r\nbody".to_owned()),
        Just("=?utf-8?q?=0d=0aBcc:_victim@example.org?=".to_owned()),
        Just("a\nb\rc\0d\u{b}e\u{c}f".to_owned()),
        Just("很".repeat(400)),
    ]
}

fn hostile_mail(text: &str) -> Mail {
    let mut setting = Setting::of(vec![thesis()]);
    let mut source = library::source("cnki", text, text, text);
    source.note = Some(text.to_owned());
    source.alternatives = vec![text.to_owned()];
    source.catalogue_note = Some(text.to_owned());
    setting.catalogue.sources.insert("cnki".into(), source);
    for probe in setting.catalogue.probes.values_mut() {
        text.clone_into(&mut probe.name);
    }
    for vantage in &mut setting.settings.vantages {
        text.clone_into(&mut vantage.name);
        text.clone_into(&mut vantage.country);
    }
    text.clone_into(&mut setting.notes[0].text);
    for incident in setting.book.incidents.values_mut() {
        incident.still_works = vec![text.to_owned()];
        text.clone_into(&mut incident.changes[0].text);
        incident.acknowledged_by = Some(text.to_owned());
        text.clone_into(&mut incident.human_checks[0].network);
        incident.evidence = vec![text.into()];
    }
    mime::parse(&setting.only(&[Notice::Opened { incident: 12 }]).eml)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// `mime::parse` refuses bare CR and LF, control characters, doubled headers and further parts.
    #[test]
    fn no_text_from_outside_gets_into_the_headers(text in hostile()) {
        let mail = hostile_mail(&text);
        let names: Vec<&str> = mail.headers.keys().map(String::as_str).collect();
        prop_assert_eq!(names, [
            "auto-submitted", "content-type", "date", "from", "list-id", "message-id", "mime-version",
            "subject", "to", "x-auto-response-suppress",
        ]);
        prop_assert!(!mail.decoded("subject").contains(char::is_control));
        prop_assert!(!mail.decoded("subject").contains("=?"));
        prop_assert!(mail.text.chars().all(|c| c == '\n' || !c.is_control()));
        prop_assert!(mail.html.chars().all(|c| c == '\n' || !c.is_control()));
        prop_assert_eq!(mail.html.matches("<script").count(), 0);
    }
}

#[test]
fn subjects_in_chinese_and_korean_survive() {
    for name in [
        "国家统计局",
        "중국 즈왕",
        "Ünïcödé «x»",
        "a, b: <c> \"d\" @e",
    ] {
        let mut setting = Setting::of(vec![thesis()]);
        let source = setting
            .catalogue
            .sources
            .values_mut()
            .find(|s| s.id.as_str() == "cnki")
            .unwrap();
        name.clone_into(&mut source.name);
        source.name_zh = None;
        let mail = setting.only(&[Notice::Opened { incident: 12 }]);
        let subject = format!("{name}, dissertations: access report #12");
        assert_eq!(mime::parse(&mail.eml).decoded("subject"), subject);
    }
}
