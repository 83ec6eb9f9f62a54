//! The shipped files follow the program's own rules of politeness: the repository is itself a
//! workspace.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use accesswatch::config::{self, Workspace};
use accesswatch::i18n::names;
use accesswatch::model::probe::Target;
use accesswatch::model::settings::Language;
use accesswatch::model::source::StoreBody;
use accesswatch::model::{Code, Locus, Probe};
use accesswatch::schedule::Cron;
use chrono::{Duration, TimeZone, Utc};

static SHIPPED: LazyLock<Workspace> = LazyLock::new(|| {
    config::load_with(Path::new(env!("CARGO_MANIFEST_DIR")), &|_| None)
        .unwrap_or_else(|faults| panic!("{faults}"))
});

fn workspace() -> &'static Workspace {
    &SHIPPED
}

/// The probes that the first release watches; `cnki` is one matrix of document types.
const WATCHED: &[&str] = &[
    "cnki/home",
    "cnki/journal",
    "cnki/journal-rss",
    "nbs/releases",
    "nbs/unemployment",
    "pbc/statistics",
    "gsxt/home",
    "eastmoney/connect",
    "cninfo/stocklist",
    "sina/quote",
    "wanfang/thesis",
    "ccgp/notices",
];

#[test]
fn it_loads_without_a_fault_or_a_warning() {
    let workspace = workspace();
    let warnings: Vec<String> = workspace.warnings.iter().map(|f| f.render(false)).collect();
    assert!(warnings.is_empty(), "{}", warnings.join("\n"));
}

#[test]
fn the_probes_are_there() {
    let catalogue = &workspace().catalogue;
    for key in WATCHED {
        let key = key.parse().unwrap();
        assert!(catalogue.probe(&key).is_some(), "{key} is not shipped");
    }
    for kind in ["thesis", "proceeding", "newspaper", "yearbook"] {
        let probe = catalogue
            .probe(&format!("cnki/{kind}").parse().unwrap())
            .unwrap();
        assert_eq!(
            probe.sibling,
            Some("cnki/journal".parse().unwrap()),
            "{kind}"
        );
        // A yearbook asks everybody for a log-in, so the probe expects its record and no button.
        assert_eq!(probe.expect.level.is_empty(), kind == "yearbook", "{kind}");
        assert!(
            !probe.expect.select.is_empty(),
            "{kind} looks for no record"
        );
    }
    for declared in ["aiqicha/home", "gsxt/home", "miit-beian/home"] {
        let probe = catalogue.probe(&declared.parse().unwrap()).unwrap();
        assert_eq!(probe.baseline, Some(Code::SiteChallenge), "{declared}");
    }
    let gsxt = catalogue.probe(&"gsxt/home".parse().unwrap()).unwrap();
    assert_eq!(gsxt.baseline, Some(Code::SiteChallenge));
}

/// The shortest time between two starts within six weeks.
fn shortest_gap(probe: &Probe, workspace: &Workspace) -> Duration {
    let schedule = &workspace.settings.schedule;
    let text = probe.schedule.as_deref().unwrap_or(&schedule.default);
    let cron = Cron::parse(text).unwrap();
    let start = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap();
    let mut last = cron.next_after(start, schedule.timezone).unwrap();
    let mut shortest = Duration::days(42);
    while last < start + Duration::days(42) {
        let next = cron.next_after(last, schedule.timezone).unwrap();
        shortest = shortest.min(next - last);
        last = next;
    }
    shortest
}

#[test]
fn six_hours_or_more_lie_between_visits() {
    let workspace = workspace();
    for probe in workspace.catalogue.enabled() {
        let gap = shortest_gap(probe, workspace);
        assert!(gap >= Duration::hours(6), "{}: {gap}", probe.key());
    }
}

#[test]
fn no_header_pretends() {
    for probe in workspace().catalogue.probes.values() {
        for (name, _) in &probe.headers {
            let name = name.to_ascii_lowercase();
            let honest = ["accept", "accept-language", "content-type"].contains(&name.as_str());
            assert!(honest, "{} sends {name}", probe.key());
        }
    }
}

#[test]
fn none_gives_credentials_and_none_fetches_full_text() {
    let secret = [
        "token", "password", "passwd", "apikey", "api_key", "secret", "auth",
    ];
    for probe in workspace().catalogue.probes.values() {
        let Target::Url(url) = &probe.target else {
            continue;
        };
        let key = probe.key();
        assert!(
            url.username().is_empty() && url.password().is_none(),
            "{key}"
        );
        let mut names = url.query_pairs().map(|(name, _)| name.to_lowercase());
        assert!(!names.any(|name| secret.contains(&name.as_str())), "{key}");
        let body = probe.body.as_deref().unwrap_or_default().to_lowercase();
        assert!(
            !secret.iter().any(|s| body.contains(&format!("\"{s}\""))),
            "{key}"
        );
        let path = url.path().to_ascii_lowercase();
        for end in [".pdf", ".caj", ".kdh", ".epub", ".zip"] {
            assert!(!path.ends_with(end), "{key} fetches a document");
        }
        assert!(!path.contains("download"), "{key} fetches a document");
    }
}

#[test]
fn sources_have_their_chinese_name_and_a_note() {
    let catalogue = &workspace().catalogue;
    assert!(catalogue.sources.len() >= 80 && catalogue.probes.len() >= 140);
    for source in catalogue.sources.values() {
        assert!(source.name_zh.is_some(), "{} has no name_zh", source.id);
        assert!(source.name_ko.is_some(), "{} has no name_ko", source.id);
        let note = source.note.as_deref().unwrap_or_default();
        assert!(note.len() > 60, "{} has no note", source.id);
        let in_folder = source.file.parent().unwrap().ends_with(&source.group);
        assert!(
            in_folder,
            "{} is in another folder than its group",
            source.id
        );
    }
}

#[test]
fn what_is_delicate_is_off_or_not_kept() {
    let catalogue = &workspace().catalogue;
    for off in ["sina/quote", "wind/terminal", "nssd/home"] {
        assert!(
            !catalogue.probe(&off.parse().unwrap()).unwrap().enabled,
            "{off} is on"
        );
    }
    for id in ["cnki", "wanfang", "wind", "gsxt"] {
        let source = catalogue.source(&id.into()).unwrap();
        assert_eq!(source.store_body, StoreBody::Never, "{id} keeps bodies");
    }
    assert!(
        catalogue
            .sources
            .keys()
            .all(|id| !["plap", "weain"].contains(&id.as_str()))
    );
}

/// What only one author saw is no baseline: the first visits from the own vantage set it.
#[test]
fn a_check_that_one_author_saw_is_no_declared_baseline() {
    let catalogue = &workspace().catalogue;
    let alone = [
        "bse/home",
        "cnki/domestic",
        "cnki/navi",
        "creditchina/home",
        "customs/home",
        "customs/statistics",
        "czce/home",
        "dce/home",
        "nhc/statistics",
    ];
    for key in alone {
        let probe = catalogue.probe(&key.parse().unwrap()).unwrap();
        assert!(probe.provisional && probe.baseline.is_none(), "{key}");
    }
    let mut declared = catalogue.all().filter(|p| p.baseline.is_some());
    assert!(declared.all(|p| !alone.contains(&p.key().to_string().as_str())));
}

/// On records, lists and interfaces, a marker says what the page is, not only whose site it is.
#[test]
fn below_the_home_page_no_confirmed_probe_asks_for_nothing() {
    for probe in workspace().catalogue.enabled() {
        if probe.provisional || matches!(probe.target, Target::File(_)) {
            continue;
        }
        let expect = &probe.expect;
        let own = expect.title.len() + expect.contains.len() + expect.select.len();
        assert!(
            own + probe.values.len() > 0,
            "{} has no marker",
            probe.key()
        );
    }
}

#[test]
fn signatures_are_many_and_each_has_its_name() {
    let signatures = &workspace().signatures;
    assert!(signatures.len() >= 250, "{} rows", signatures.len());
    let names: BTreeSet<&str> = signatures.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names.len(), signatures.len());
    for row in signatures {
        assert!(
            !row.source.is_empty(),
            "{} does not say where it is known from",
            row.name
        );
        assert_eq!(row.scope, "serv", "{}", row.name);
        let locus = if row.confirmed {
            Locus::Site
        } else {
            Locus::Unknown
        };
        assert_eq!(row.locus, locus, "{}", row.name);
    }
}

#[test]
fn what_good_pages_carry_too_needs_more_to_match() {
    use accesswatch::model::signature::Location;
    for row in &workspace().signatures {
        match &row.location {
            // A firewall's mark is on every page behind it; only a header that states the refusal
            // needs nothing else.
            Location::Cookie => assert!(!row.status.is_empty(), "{}", row.name),
            Location::Header | Location::HeaderNamed(_) => assert!(
                !row.status.is_empty()
                    || row.pattern.contains("challenge")
                    || row.pattern.contains("Blocked_by"),
                "{}",
                row.name
            ),
            // An article about blocking is long, or has the structure of an article (which no row
            // needs to state).
            Location::Body => {
                assert!(
                    row.max_bytes.is_some(),
                    "{} matches pages of any length",
                    row.name
                );
            }
            _ => {}
        }
    }
}

#[test]
fn the_vantage_works_as_it_is() {
    let settings = &workspace().settings;
    let here = &settings.vantages[0];
    assert!(here.controls.len() >= 3);
    assert!(
        here.controls
            .iter()
            .any(|c| c.url.host_str() == Some("www.hkex.com.hk"))
    );
    assert!(
        here.controls
            .iter()
            .any(|c| c.url.scheme() == "http" && c.body.is_some()),
        "nothing finds a captive portal"
    );
    assert_ne!(here.country, "CN");
    assert!(settings.path.controls.is_empty());
    assert!(settings.politeness.robots);
}

/// A subject names the kind of record in the reader's language.
#[test]
fn every_probe_has_a_name_in_chinese_and_korean() {
    let is_han = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}');
    let is_hangul = |c: char| matches!(c, '가'..='힣');
    for probe in workspace().catalogue.all() {
        let zh = names::of_probe(Language::Zh, probe);
        let ko = names::of_probe(Language::Ko, probe);
        let key = probe.key();
        assert!(
            zh.contains(is_han),
            "{key}: `{zh}`: add it to locales/*/probes.ftl, or give it a name_zh"
        );
        assert!(
            ko.contains(is_hangul),
            "{key}: `{ko}`: add it to locales/*/probes.ftl, or give it a name_ko"
        );
        assert_eq!(names::of_probe(Language::En, probe), probe.name);
    }
}
