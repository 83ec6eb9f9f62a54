//! The rows of incidents.csv.

use super::*;
use crate::model::phase::Phase;
use crate::model::time::from_micros;
use crate::model::{Code, IncidentKind, ProbeKey, SourceId};
use crate::model::{Locus, Observation};

const DAY: i64 = 86_400_000_000;

/// A cell of the row of an incident.
fn cell(i: &Incident, notes: &[Note], name: &str) -> Cell<'static> {
    let (catalogue, countries) = (Catalogue::default(), BTreeMap::new());
    let background = IncidentContext {
        catalogue: &catalogue,
        notes,
        countries: &countries,
        now: from_micros(10 * DAY),
        names: &VantageAliases::unchanged(),
    };
    let row = rows(std::slice::from_ref(i), &background).next().unwrap();
    let column = IncidentTable::COLUMNS
        .iter()
        .find(|c| c.name == name)
        .unwrap();
    match (column.cell)(&row) {
        Cell::Text(text) => Cell::Text(text.into_owned().into()),
        Cell::Number(x, decimals) => Cell::Number(x, decimals),
        Cell::Yes(yes) => Cell::Yes(yes),
        Cell::Empty => Cell::Empty,
        other => panic!("{name} is {other:?}"),
    }
}

fn note(from: &str, to: Option<&str>, planned: bool) -> Note {
    Note {
        id: 1,
        written: None,
        source: SourceId::from("cnki"),
        from: from.parse().unwrap(),
        to: to.map(|t| t.parse().unwrap()),
        text: "公告".into(),
        reference: Some("https://example.org/".into()),
        planned,
    }
}

fn incident() -> Incident {
    let mut i = Incident::new(
        7,
        IncidentKind::Probe,
        from_micros(4 * DAY),
        from_micros(4 * DAY),
    );
    i.source = Some(SourceId::from("cnki"));
    i.to = Code::SiteGeoBlock;
    i
}

#[test]
fn cells_hold_what_their_columns_say() {
    let of = |name: &str| cell(&incident(), &[], name);
    assert_eq!(of("layer"), Cell::Text("site".into()));
    assert_eq!(of("duration_hours"), Cell::Number(144.0, 2));
    assert_eq!(of("state"), Cell::Text("open".into()));
    assert_eq!(of("planned"), Cell::Yes(false));
}

#[test]
fn notes_that_overlap_are_told() {
    let before = note("1970-01-01", Some("1970-01-04"), true);
    let within = note("1970-01-05", None, true);
    let later = note("1970-01-07", None, true);
    let of = |notes: &[Note], name: &str| cell(&incident(), notes, name);
    assert_eq!(of(std::slice::from_ref(&before), "note"), Cell::Empty);
    let notes = [before, within];
    assert_eq!(of(&notes, "note"), Cell::Text("公告".into()));
    assert_eq!(of(&notes, "planned"), Cell::Yes(true));
    // Announced for later: it does not cover the beginning.
    assert_eq!(of(&[later], "planned"), Cell::Yes(false));
}

#[test]
fn a_summary_names_the_probe_and_the_vantages() {
    let summary = |i: &Incident| cell(i, &[], "summary");
    let text = |t: &'static str| Cell::Text(t.into());
    let mut of_probe = incident();
    of_probe.probe = Some(ProbeKey::new("cnki", "thesis"));
    of_probe.level = Some(Level::Abstract);
    let part = VantagePart {
        from: Code::Ok,
        observed: Observation::new(Code::SiteGeoBlock, Locus::Site),
        last_good: None,
        first_bad: from_micros(4 * DAY),
        back: None,
        left_as: None,
        phases: vec![Phase::begin(Code::SiteGeoBlock, from_micros(4 * DAY))],
    };
    for vantage in ["here", "seoul"] {
        of_probe.vantages.insert(vantage.into(), part.clone());
    }
    assert_eq!(
        summary(&of_probe),
        text(
            "cnki, thesis (abstract): the site refused and named the region as the reason, since 1970-01-05T00:00:00Z, from 2 vantages (here, seoul)."
        )
    );
    let mut own = incident();
    (own.kind, own.source, own.to) = (IncidentKind::Vantage, None, Code::VantageOffline);
    own.vantages.insert("here".into(), part);
    assert_eq!(
        summary(&own),
        text("Vantage here did not work: its controls did not answer, since 1970-01-05T00:00:00Z.")
    );
    let hidden = VantageAliases::numbered(vec!["seoul".into(), "here".into()]);
    let (catalogue, countries) = (Catalogue::default(), BTreeMap::new());
    let background = IncidentContext {
        catalogue: &catalogue,
        notes: &[],
        countries: &countries,
        now: from_micros(10 * DAY),
        names: &hidden,
    };
    assert!(
        IncidentRow::new(&own, &background)
            .summary()
            .starts_with("Vantage 2 did not work:"),
        "no name where names are left out"
    );
}

#[test]
fn a_region_is_compared_with_none_where_nobody_is_served() {
    let mut i = incident();
    i.finding = crate::model::Finding::GeoRestricted;
    let said = |i: &Incident| cell(i, &[], "finding_text");
    let alone = said(&i);
    assert!(matches!(&alone, Cell::Text(t) if t.starts_with("the site refuses and names")));
    i.finding_basis
        .push(crate::model::finding_basis::FindingBasis::Vantage {
            vantage: "seoul".into(),
            country: "KR".into(),
            network: "campus".into(),
            code: Code::Ok,
            locus: crate::model::Locus::Site,
            served: true,
            said: Vec::new(),
        });
    let both = said(&i);
    assert!(matches!(&both, Cell::Text(t) if t.starts_with("served or refused by region")));
}

#[test]
fn folded_incidents_are_no_row() {
    let mut folded = incident();
    folded.folded_into = Some(3);
    let catalogue = Catalogue::default();
    let background = IncidentContext {
        catalogue: &catalogue,
        notes: &[],
        countries: &BTreeMap::new(),
        now: from_micros(0),
        names: &VantageAliases::unchanged(),
    };
    assert_eq!(rows(&[folded], &background).count(), 0);
}
