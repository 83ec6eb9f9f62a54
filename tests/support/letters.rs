//! One mail of each kind, about the library of `mail_fixture`.

use accesswatch::model::Fact;
use accesswatch::model::fact::{Age, DayCount};
use std::collections::BTreeMap;

use accesswatch::alert::compose::{compose_digest, compose_disk, compose_in, test_mail};
use accesswatch::alert::{MailContext, assign_threads, remind};
use accesswatch::model::event::{Event, EventDetail, EventKind, PassOutcome};
use accesswatch::model::incident::{MailThread, StoryLine, StoryRemark, VantageTurn};
use accesswatch::model::mail::{NewMail, Notice};
use accesswatch::model::note::Note;
use accesswatch::model::phase::Phase;
use accesswatch::model::settings::{Alerts, Language};
use accesswatch::model::tracker_state::TrackerState;
use accesswatch::model::{
    Catalogue, Code, Finding, Incident, IncidentKind, MeasurementUid, Settings, Time,
};

use super::link_letters::link_letters;
use super::mail_fixture::{self, incident, time};

/// The input of a mail, which each test changes.
pub struct Setting {
    pub tracker: TrackerState,
    pub catalogue: Catalogue,
    pub settings: Settings,
    pub notes: Vec<Note>,
    pub hashes: BTreeMap<MeasurementUid, String>,
    pub records: BTreeMap<MeasurementUid, String>,
    pub now: Time,
}

impl Setting {
    pub fn of(incidents: Vec<Incident>) -> Self {
        let statuses = vec![
            mail_fixture::status("cnki/thesis", "boston", Code::Ok),
            mail_fixture::status("cnki/journal", "seoul", Code::Ok),
            mail_fixture::status("cnki/home", "seoul", Code::SiteChallenge),
            mail_fixture::status("cnki/home", "berlin", Code::SiteChallenge),
            mail_fixture::status("wind/edb", "seoul", Code::SiteGeoBlock),
        ];
        Self {
            tracker: mail_fixture::tracker_state(incidents, statuses),
            catalogue: mail_fixture::catalogue(),
            settings: mail_fixture::settings(),
            notes: vec![Note {
                id: 1,
                written: None,
                source: "cnki".into(),
                from: "2026-11-20".parse().unwrap(),
                to: None,
                text: "Announced by the vendor".to_owned(),
                reference: Some("https://notice.example/1".to_owned()),
                planned: true,
            }],
            hashes: [(MeasurementUid::from("0193-a"), "9f".repeat(32))].into(),
            records: BTreeMap::new(),
            now: time("2026-11-23T01:30:00Z"),
        }
    }

    /// The same, for one reader of this language.
    pub fn read_in(mut self, language: Language) -> Self {
        let reader = &mut self.settings.alerts.to[0];
        reader.language = language;
        match language {
            Language::En => {}
            Language::Ko => "사서 <saseo@library.example>".clone_into(&mut reader.address),
            Language::Zh => "馆员 <guanyuan@library.example>".clone_into(&mut reader.address),
        }
        self
    }

    pub fn context(&self) -> MailContext<'_> {
        MailContext {
            tracker: &self.tracker,
            outcome: None,
            catalogue: &self.catalogue,
            settings: &self.settings,
            notes: &self.notes,
            hashes: &self.hashes,
            records: &self.records,
            now: self.now,
        }
    }

    pub fn mails(&self, notices: &[Notice]) -> Vec<NewMail> {
        compose_in(&self.context(), notices)
    }

    pub fn only(&self, notices: &[Notice]) -> NewMail {
        let mails = self.mails(notices);
        assert_eq!(mails.len(), 1);
        mails.into_iter().next().unwrap()
    }
}

pub fn thesis() -> Incident {
    incident(
        12,
        "cnki/thesis",
        Code::ContentWithdrawn,
        Finding::Withdrawn,
    )
}

pub fn journal() -> Incident {
    incident(
        13,
        "cnki/journal",
        Code::ContentWithdrawn,
        Finding::Withdrawn,
    )
}

pub fn ended(mut incident: Incident) -> Incident {
    let at = time("2026-11-23T08:00:00Z");
    incident.ended = Some(at);
    incident
        .vantages
        .values_mut()
        .for_each(|part| part.back = Some(at));
    incident
}

/// One mail of each kind, by name, in English.
pub fn samples() -> Vec<(&'static str, NewMail)> {
    samples_in(Language::En)
}

/// The same, for a reader of this language.
pub fn samples_in(language: Language) -> Vec<(&'static str, NewMail)> {
    let setting = |incidents| Setting::of(incidents).read_in(language);
    let opening = |incident: Incident| {
        let id = incident.id;
        setting(vec![incident]).only(&[Notice::Opened { incident: id }])
    };
    let open = setting(vec![thesis()]);
    let both = together().read_in(language);
    let mut over = setting(vec![ended(thesis())]);
    over.now = time("2026-11-23T08:05:00Z");
    let mut worse = setting(vec![ended_otherwise()]);
    worse.now = over.now;
    let mut joined = thesis();
    joined.changes.extend(changes());
    let joined = setting(vec![joined]);
    let down = incident(14, "wind/edb", Code::TcpTimeout, Finding::Unreachable);
    let offline = setting(vec![mail_fixture::offline(15)]);
    let mut network = mail_fixture::offline(16);
    network.kind = IncidentKind::Network;
    network.to = Code::TcpTimeout;
    network.folded = vec!["cnki/home".parse().unwrap(), "wind/edb".parse().unwrap()];
    let mut path = network.clone();
    path.id = 17;
    path.kind = IncidentKind::PathToChina;
    let mut back = mail_fixture::offline(15);
    back.ended = Some(time("2026-11-23T08:00:00Z"));
    let mut late = setting(vec![thesis()]);
    late.now = time("2026-11-24T02:00:00Z");
    let reminder = remind::due(&late.context(), |_| Some(time("2026-11-23T03:30:00Z")));
    let mut moved = setting(vec![in_turn()]);
    moved.now = time("2026-11-24T02:00:00Z");
    let news = remind::due(&moved.context(), |_| Some(time("2026-11-23T01:30:00Z")));
    let letter = setting(Vec::new());
    let mut mails = vec![
        ("opening", open.only(&[Notice::Opened { incident: 12 }])),
        (
            "opening-two",
            both.only(&[12, 13].map(|incident| Notice::Opened { incident })),
        ),
        ("recovery", over.only(&[Notice::Recovered { incident: 12 }])),
        (
            "recovery-worse",
            worse.only(&[Notice::Recovered { incident: 18 }]),
        ),
        ("update", joined.only(&[Notice::Updated { incident: 12 }])),
        ("opening-in-turn", opening(in_turn())),
        (
            "update-in-turn",
            moved.only(&[Notice::Updated { incident: 21 }]),
        ),
        ("reminder", reminder.into_iter().next().unwrap()),
        ("reminder-news", news.into_iter().next().unwrap()),
        ("unreachable", opening(down)),
        ("vantage", offline.only(&[Notice::Opened { incident: 15 }])),
        (
            "vantage-back",
            setting(vec![back]).only(&[Notice::Recovered { incident: 15 }]),
        ),
        ("network", opening(network)),
        ("path", opening(path)),
        (
            "improvement",
            open.only(&[improved("seoul"), improved("berlin")]),
        ),
        ("blind", open.only(&[blind("boston"), blind("seoul")])),
        (
            "flapping",
            unsteady()
                .read_in(language)
                .only(&[flapping("seoul"), flapping("berlin")]),
        ),
        ("first-letter", letter.only(&[Notice::FirstLetter])),
        ("digest", digest(&open).unwrap()),
        (
            "test",
            test_mail(&open.context(), &open.settings.alerts.to[0]).unwrap(),
        ),
        (
            "disk",
            compose_disk(&read_by_admin(&open.settings.alerts), "98 MiB", open.now)
                .unwrap()
                .unwrap(),
        ),
    ];
    mails.extend(findings().map(|(kind, incident)| (kind, opening(incident))));
    mails.extend(link_letters(&setting(Vec::new())));
    mails
}

/// The same settings with the first reader as the administrator.
fn read_by_admin(alerts: &Alerts) -> Alerts {
    Alerts {
        admin: Some(alerts.to[0].address.clone()),
        ..alerts.clone()
    }
}

/// The files that compose mails, each with one of its examples.
pub const COMPOSERS: [(&str, &str); 7] = [
    ("digest.rs", "digest"),
    ("disk.rs", "disk"),
    ("incident.rs", "opening"),
    ("initial_report.rs", "first-letter"),
    ("links.rs", "links-weekly"),
    ("parts.rs", "improvement"),
    ("test_mail.rs", "test"),
];

/// The text of a page that replaced the known one.
pub const NOTICE: &str = "应有关部门要求，本站暂停境外访问服务。";

/// The fact that a value's newest date is too old.
pub fn old(value: &str, date: &str, days: i64, allowed: u64) -> Fact {
    Fact::ValueOld {
        value: value.to_owned(),
        date: date.parse().unwrap(),
        age: Age {
            days,
            counted: DayCount::Days,
        },
        allowed,
    }
}

/// An opening of each finding that the other mails leave out.
fn findings() -> impl Iterator<Item = (&'static str, Incident)> {
    let of = |code, finding| incident(30, "cnki/thesis", code, finding);
    let mut replaced = of(Code::ContentReplaced, Finding::Replaced);
    for part in replaced.vantages.values_mut() {
        part.observed.words = Some(NOTICE.to_owned());
    }
    let mut stale = incident(30, "wind/edb", Code::ContentStale, Finding::Withdrawn);
    for part in stale.vantages.values_mut() {
        part.observed.limits = vec![old("latest", "2026-11-03", 20, 12)];
    }
    let mut nulls = incident(30, "wind/edb", Code::ContentNulls, Finding::Withdrawn);
    for part in nulls.vantages.values_mut() {
        part.observed.limits = vec![Fact::ValueNullShare {
            value: "nulls_net".to_owned(),
            percent: 100.0,
            allowed: 30.0,
        }];
    }
    [
        ("replaced", replaced),
        ("unproven", of(Code::ContentUnproven, Finding::Withdrawn)),
        ("geo", of(Code::SiteGeoBlock, Finding::GeoRestricted)),
        (
            "address",
            of(Code::HttpForbidden, Finding::AddressRestricted),
        ),
        ("declined", of(Code::SiteChallenge, Finding::ProgramRefused)),
        ("login", of(Code::SiteLogin, Finding::AccessControl)),
        (
            "maintenance",
            of(Code::SiteMaintenance, Finding::Maintenance),
        ),
        ("rot", of(Code::HttpNotFound, Finding::Rot)),
        (
            "interference",
            of(Code::DnsForged, Finding::NetworkInterference),
        ),
        ("divided", of(Code::TcpReset, Finding::Divided)),
        ("insufficient", of(Code::TcpTimeout, Finding::Insufficient)),
        ("stale", stale),
        ("nulls", nulls),
    ]
    .into_iter()
    .zip(30..)
    .map(|((kind, incident), id)| (kind, Incident { id, ..incident }))
}

/// An incident that was stale and then refused by region, first from one vantage and then from the
/// other.
pub fn in_turn() -> Incident {
    let mut incident = incident(21, "wind/edb", Code::SiteGeoBlock, Finding::GeoRestricted);
    let first = time("2026-11-23T01:20:00Z");
    incident.changes = Vec::new();
    for (vantage, hours) in [("seoul", 9), ("berlin", 15)] {
        let at = first + chrono::TimeDelta::hours(hours);
        let part = incident.vantages.get_mut(&vantage.into()).unwrap();
        part.observed.code = Code::ContentStale;
        part.phases = vec![Phase::begin(Code::ContentStale, first)];
        part.turn(Code::SiteGeoBlock, at);
        incident.changes.push(StoryLine {
            at,
            text: "for logs".to_owned(),
            turn: Some(VantageTurn {
                vantage: vantage.into(),
                from: Code::ContentStale,
                to: Code::SiteGeoBlock,
            }),
            remark: None,
        });
    }
    incident
}

fn ended_otherwise() -> Incident {
    let mut incident = ended(thesis());
    incident.id = 18;
    incident.thread = Some(MailThread {
        root: 12,
        begun: incident.confirmed,
        shared: false,
    });
    for part in incident.vantages.values_mut() {
        part.left_as = Some(Code::SiteEdition);
    }
    incident
}

/// A story with every kind of entry.
fn changes() -> Vec<StoryLine> {
    let at = |minute: u32| time(&format!("2026-11-23T03:{minute:02}:00Z"));
    let turn = VantageTurn {
        vantage: "boston".into(),
        from: Code::Ok,
        to: Code::SiteLogin,
    };
    let remarks = [
        StoryRemark::Acknowledged {
            by: "Kim".to_owned(),
        },
        StoryRemark::Silenced {
            until: time("2026-12-01T00:00:00Z"),
            by: None,
        },
        StoryRemark::Finding {
            finding: Finding::Divided,
        },
        StoryRemark::OwnEnd {
            code: Code::VantageClock,
            in_trouble: false,
            silent: false,
        },
        StoryRemark::Accepted {
            vantage: "berlin".into(),
            code: Code::SiteLogin,
        },
        StoryRemark::Folded {
            probe: "wind/edb".parse().unwrap(),
            code: Code::TcpTimeout,
        },
        StoryRemark::PathToChina,
    ];
    let remarks = (0..).zip(remarks);
    let told = remarks.map(|(minute, remark)| StoryLine::note(at(minute), "for logs", remark));
    let turned = StoryLine {
        at: at(30),
        text: "for logs".to_owned(),
        turn: Some(turn),
        remark: None,
    };
    told.chain([turned]).collect()
}

pub fn improved(vantage: &str) -> Notice {
    Notice::Improved {
        probe: "cnki/home".parse().unwrap(),
        vantage: vantage.into(),
        from: Code::SiteChallenge,
        to: Code::Ok,
    }
}

pub fn blind(vantage: &str) -> Notice {
    Notice::NoData {
        probe: "cnki/home".parse().unwrap(),
        vantage: vantage.into(),
        since: time("2026-11-09T01:00:00Z"),
    }
}

pub fn flapping(vantage: &str) -> Notice {
    Notice::Flapping {
        probe: "cnki/thesis".parse().unwrap(),
        vantage: vantage.into(),
    }
}

/// The thesis page is flapping.
pub fn unsteady() -> Setting {
    let mut setting = Setting::of(Vec::new());
    for vantage in ["seoul", "berlin"] {
        let mut status = mail_fixture::status("cnki/thesis", vantage, Code::Ok);
        status.settled = (0..7)
            .map(|n| match n % 2 {
                0 => Code::Ok,
                _ => Code::SiteLogin,
            })
            .collect();
        status.flapping = true;
        setting.tracker.statuses.insert(status.key(), status);
    }
    setting
}

pub fn event(kind: EventKind, at: &str) -> Event {
    Event {
        at: time(at),
        kind,
        probe: Some("cnki/home".parse().unwrap()),
        vantage: Some("seoul".into()),
        incident: None,
        from: Some(Code::Ok),
        to: Some(Code::ContentChanged),
        text: "for logs".to_owned(),
        detail: None,
    }
}

pub fn digest(setting: &Setting) -> Option<NewMail> {
    let fault = Event {
        probe: None,
        vantage: None,
        detail: Some(EventDetail::Control {
            url: "https://control.example/".to_owned(),
        }),
        ..event(EventKind::ControlFault, "2026-11-23T01:20:00Z")
    };
    let events = [
        event(EventKind::Changed, "2026-11-23T01:00:00Z"),
        event(EventKind::Changed, "2026-11-22T01:00:00Z"),
        event(EventKind::Opened, "2026-11-23T01:10:00Z"),
        event(EventKind::NotConfirmed, "2026-11-23T01:15:00Z"),
        fault,
    ];
    let since = time("2026-11-22T07:00:00Z");
    let recipient = &setting.settings.alerts.to[0];
    compose_digest(&setting.context(), recipient, &events, since).map(Result::unwrap)
}

pub fn contains_all(text: &str, parts: &[&str]) {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(flat.contains(part), "`{part}` is not in:\n{text}");
    }
}

/// Two incidents of one source whose openings are due in the same pass.
pub fn together() -> Setting {
    let mut setting = Setting::of(vec![thesis(), journal()]);
    let mut outcome = PassOutcome {
        incidents: vec![journal()],
        notices: [12, 13].map(|incident| Notice::Opened { incident }).into(),
        ..PassOutcome::default()
    };
    assign_threads(&mut outcome, &mut setting.tracker, setting.now);
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
        &mut setting.tracker,
        time("2027-01-01T00:00:00Z"),
    );
    assert_eq!(outcome, again);
    setting
}
