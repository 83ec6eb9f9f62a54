//! The rows of incidents.csv.

use super::*;
use crate::model::phase::Phase;
use crate::model::time::from_micros;
use crate::model::{Code, IncidentKind, ProbeKey};
use crate::model::{Locus, Observation};

const DAY: i64 = 86_400_000_000;

fn cell(row: &[Cell], name: &str) -> Cell {
    let at = COLUMNS.iter().position(|c| c.name == name).unwrap();
    row[at].clone()
}

fn note(from: &str, to: Option<&str>, planned: bool) -> Note {
    Note {
        id: 1,
        source: SourceId::from("cnki"),
        from: from.parse().unwrap(),
        to: to.map(|t| t.parse().unwrap()),
        text: "公告".into(),
        reference: Some("https://example.org/".into()),
        planned,
    }
}

fn row_of(i: &Incident, notes: &[Note]) -> Vec<Cell> {
    let (catalogue, countries) = (Catalogue::default(), BTreeMap::new());
    let background = Background {
        catalogue: &catalogue,
        notes,
        countries: &countries,
        now: from_micros(10 * DAY),
        names: &Names::own(),
    };
    let mut all = rows(std::slice::from_ref(i), &background);
    all.next().unwrap()
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
fn a_row_has_a_cell_for_each_column() {
    let row = row_of(&incident(), &[]);
    assert_eq!(row.len(), COLUMNS.len());
    assert_eq!(cell(&row, "layer"), Cell::Text("site".into()));
    assert_eq!(cell(&row, "duration_hours"), Cell::Number(144.0, 2));
    assert_eq!(cell(&row, "state"), Cell::Text("open".into()));
    assert_eq!(cell(&row, "planned"), Cell::Yes(false));
}

#[test]
fn notes_that_overlap_are_told() {
    let before = note("1970-01-01", Some("1970-01-04"), true);
    let within = note("1970-01-05", None, true);
    let later = note("1970-01-07", None, true);
    assert_eq!(
        cell(&row_of(&incident(), std::slice::from_ref(&before)), "note"),
        Cell::Empty
    );
    let row = row_of(&incident(), &[before, within]);
    assert_eq!(cell(&row, "note"), Cell::Text("公告".into()));
    assert_eq!(cell(&row, "planned"), Cell::Yes(true));
    // Announced for later: it covers no beginning.
    assert_eq!(
        cell(&row_of(&incident(), &[later]), "planned"),
        Cell::Yes(false)
    );
}

#[test]
fn a_summary_names_the_probe_and_the_vantages() {
    let summary = |i: &Incident| cell(&row_of(i, &[]), "summary");
    let text = |t: &str| Cell::Text(t.into());
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
    let hidden = Names::numbered(vec!["seoul".into(), "here".into()]);
    assert!(
        summary::sentence(&own, "", None, &hidden).starts_with("Vantage 2 did not work:"),
        "no name where names are left out"
    );
}

#[test]
fn a_region_is_compared_with_none_where_nobody_is_served() {
    let mut i = incident();
    i.finding = crate::model::Finding::GeoRestricted;
    let said = |i: &Incident| cell(&row_of(i, &[]), "finding_text");
    let alone = said(&i);
    assert!(matches!(&alone, Cell::Text(t) if t.starts_with("the site refuses and names")));
    i.grounds.push(crate::model::ground::Ground::Vantage {
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
    let background = Background {
        catalogue: &catalogue,
        notes: &[],
        countries: &BTreeMap::new(),
        now: from_micros(0),
        names: &Names::own(),
    };
    assert_eq!(rows(&[folded], &background).count(), 0);
}
