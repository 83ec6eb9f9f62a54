//! The counts that triggers keep are those that a count from scratch finds, whatever happened.

use std::path::Path;

use proptest::prelude::*;
use rusqlite::Connection;

use crate::model::document::{ImportedCitation, ImportedDocument};
use crate::model::link::{LinkId, LinkState};
use crate::model::link_status::LinkStatus;
use crate::model::time::from_micros;
use crate::store::document_edits;
use crate::store::open::migrate::migrate;
use crate::store::open::migration_progress::MigrationProgress;
use crate::store::rows::link_ignores::{self, Ignore};
use crate::store::rows::{documents, link_status};
use strum::IntoEnumIterator as _;

/// Documents and links of a history.
const DOCUMENTS: usize = 4;
const LINKS: usize = 6;

#[derive(Debug, Clone)]
enum Step {
    /// A document, with what it cites: links, each at a place.
    Import(usize, Vec<(usize, usize)>),
    Remove(i64),
    State(i64, LinkState),
    Ignore(Ignore),
    NoMore(Ignore),
}

fn ignore() -> impl Strategy<Value = Ignore> {
    prop_oneof![
        (1..=LINKS).prop_map(|n| Ignore::Link(format!("L{n}"))),
        (0..2_usize).prop_map(|n| Ignore::Host(format!("h{n}.example"))),
        Just(Ignore::Url("*3".to_owned())),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let number = |most: usize| (1..=most).prop_map(|n| i64::try_from(n).unwrap_or(1));
    let states: Vec<LinkState> = LinkState::iter().collect();
    prop_oneof![
        4 => (0..DOCUMENTS, proptest::collection::vec((0..LINKS, 0..3_usize), 0..8))
            .prop_map(|(document, cites)| Step::Import(document, cites)),
        1 => number(DOCUMENTS).prop_map(Step::Remove),
        4 => (number(LINKS), proptest::sample::select(states))
            .prop_map(|(link, state)| Step::State(link, state)),
        1 => ignore().prop_map(Step::Ignore),
        1 => ignore().prop_map(Step::NoMore),
    ]
}

fn document(number: usize, cites: &[(usize, usize)]) -> ImportedDocument {
    let citation = |(link, place): &(usize, usize)| {
        let host = format!("h{}.example", link % 2);
        let url = format!("https://{host}/{link}");
        ImportedCitation {
            identity: url.clone(),
            host,
            alternative: None,
            place: format!("line {place}"),
            url_as_cited: url.clone(),
            url,
            fragment: None,
            title: None,
            quote: None,
            cited_on: None,
            occurrences: 1,
            copy: None,
        }
    };
    ImportedDocument {
        path: format!("/{number}.bib"),
        renamed_from: None,
        title: None,
        group: None,
        date: None,
        stated_title: None,
        stated_date: None,
        is_watched: false,
        sha256: [0; 32],
        citations: cites.iter().map(citation).collect(),
    }
}

fn apply(c: &Connection, step: &Step, n: i64) {
    let now = from_micros(1_790_000_000_000_000 + n);
    match step {
        Step::Import(number, cites) => {
            documents::import(c, &[document(*number, cites)], now).unwrap();
        }
        Step::Remove(id) => {
            document_edits::remove(c, *id, now).unwrap();
        }
        Step::State(id, state) => {
            let status = LinkStatus {
                state: *state,
                due: Some(now),
                ..LinkStatus::default()
            };
            link_status::put_status(c, LinkId(*id), &status).unwrap();
        }
        Step::Ignore(what) => {
            link_ignores::put(c, what, None, now).unwrap();
        }
        Step::NoMore(what) => {
            link_ignores::remove(c, what).unwrap();
        }
    }
}

type Counts = Vec<(i64, Vec<u32>)>;

fn read(c: &Connection, sql: &str) -> Counts {
    let mut statement = c.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        let counts = (1..10).map(|at| row.get(at)).collect::<Result<_, _>>()?;
        Ok((row.get(0)?, counts))
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

fn kept(c: &Connection) -> Counts {
    let states: Vec<String> = LinkState::iter().map(|s| s.to_string()).collect();
    let states = states.join(", ");
    read(
        c,
        &format!("SELECT id, citations, {states} FROM documents ORDER BY id"),
    )
}

fn counted(c: &Connection) -> Counts {
    let states: Vec<String> = LinkState::iter()
        .map(|s| format!("count(DISTINCT CASE l.state WHEN '{s}' THEN l.id END)"))
        .collect();
    let states = states.join(", ");
    let sql = format!(
        "SELECT d.id, count(l.id), {states} FROM documents d
         LEFT JOIN citations c ON c.document = d.id AND c.ended_us IS NULL
         LEFT JOIN links l ON l.id = c.link AND l.ignored = 0
         GROUP BY d.id ORDER BY d.id"
    );
    read(c, &sql)
}

fn totals(c: &Connection, sql: &str) -> Vec<(String, i64)> {
    let mut statement = c.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

fn assert_counts(c: &Connection) {
    assert_eq!(kept(c), counted(c));
    let kept = totals(
        c,
        "SELECT state, links FROM link_totals WHERE links <> 0 ORDER BY state",
    );
    let counted = totals(
        c,
        "SELECT state, count(*) FROM links WHERE ignored = 0 AND due_us IS NOT NULL
         GROUP BY state ORDER BY state",
    );
    assert_eq!(kept, counted);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_kept_counts_are_those_of_a_count_from_scratch(
        steps in proptest::collection::vec(step(), 1..40)
    ) {
        let mut c = Connection::open_in_memory().unwrap();
        migrate(&mut c, Path::new("test.db"), MigrationProgress::default()).unwrap();
        for (step, n) in steps.iter().zip(1..) {
            apply(&c, step, n);
            assert_counts(&c);
        }
    }
}

/// What an older store holds is counted when it is migrated.
#[test]
fn a_store_of_before_is_counted_once() {
    let mut c = Connection::open_in_memory().unwrap();
    migrate(&mut c, Path::new("test.db"), MigrationProgress::default()).unwrap();
    let cites: Vec<(usize, usize)> = (0..LINKS).flat_map(|n| [(n, 0), (n, n % 2)]).collect();
    for number in 0..DOCUMENTS {
        apply(&c, &Step::Import(number, cites[number..].to_vec()), 1);
    }
    apply(&c, &Step::State(2, LinkState::Gone), 2);
    apply(&c, &Step::Ignore(Ignore::Link("L3".to_owned())), 3);
    apply(&c, &Step::Remove(1), 4);
    let kept = kept(&c);
    assert!(kept.iter().any(|(_, counts)| counts[1] > 0), "{kept:?}");
    let sql = include_str!("open/migrations/022_document_counts.sql");
    let made = sql.split("CREATE TRIGGER ").skip(1);
    for name in made.filter_map(|part| part.split_whitespace().next()) {
        c.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    c.execute_batch("DROP TABLE link_totals").unwrap();
    for column in ["citations".to_owned()]
        .into_iter()
        .chain(LinkState::iter().map(|s| s.to_string()))
    {
        c.execute_batch(&format!("ALTER TABLE documents DROP COLUMN {column}"))
            .unwrap();
    }
    c.execute_batch(sql).unwrap();
    assert_eq!(self::kept(&c), kept);
    assert_counts(&c);
}
