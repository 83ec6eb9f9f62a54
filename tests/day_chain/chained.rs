//! A workspace whose records entered on earlier days, for the tests of closing and verifying.

use std::fs;
use std::path::PathBuf;

use accesswatch::model::Code;
use accesswatch::store::{Derived, NewVerdict, Store};
use chrono::{NaiveDate, TimeDelta, Utc};
use rusqlite::Connection;

use crate::support::cli_fixture::CliFixture;
use crate::support::store::{minute, verdict};
use crate::support::workspace::Ran;

/// A workspace with records, and what may be done with its files.
pub struct Chained {
    pub fixture: CliFixture,
}

impl Chained {
    /// Passes whose records entered three days ago and today; a verdict that became another one two
    /// days ago.
    pub fn new() -> Self {
        let chained = Self {
            fixture: CliFixture::observed(),
        };
        chained.fixture.run_all();
        chained.age(2);
        chained.judge_again();
        chained.age(1);
        chained.fixture.breaks();
        chained.fixture.run_all();
        chained
    }

    pub fn store(&self) -> PathBuf {
        self.fixture.watch.file("data/accesswatch.db")
    }

    pub fn evidence(&self, name: &str) -> PathBuf {
        self.fixture.watch.file("data/evidence").join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.evidence(name)).unwrap()
    }

    /// Moves what entered and is in no closed day to `days` days before.
    pub fn age(&self, days: i64) {
        let connection = Connection::open(self.store()).unwrap();
        let open = "day > (SELECT coalesce(max(day), 0) FROM chain_days)";
        connection
            .execute_batch(&format!(
                "UPDATE leaves SET day = day - {days} WHERE {open};
                 UPDATE verdict_changes SET day = day - {days} WHERE {open};
                 UPDATE measurements SET entered_day = entered_day - {days}
                 WHERE entered_{open};"
            ))
            .unwrap();
    }

    /// Gives the first record another verdict.
    pub fn judge_again(&self) {
        let store = Store::open(&self.store()).unwrap();
        let connection = Connection::open(self.store()).unwrap();
        let uid: String = connection
            .query_row("SELECT min(uid) FROM measurements", [], |row| row.get(0))
            .unwrap();
        let derived = Derived {
            verdicts: vec![NewVerdict {
                uid: accesswatch::model::MeasurementUid(uid),
                observed: verdict(Code::SiteGeoBlock).observed(Some(200)),
                values: [].into(),
            }],
            ..Derived::default()
        };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let yesterday = Utc::now() - TimeDelta::days(1);
        runtime
            .block_on(store.replace_derived(minute(1_000_000), derived, yesterday))
            .unwrap();
    }

    /// `verify` with these arguments.
    #[track_caller]
    pub fn verify(&self, more: &[&str]) -> Ran {
        self.fixture.watch.run(&[&["verify"], more].concat())
    }

    /// The days of `chain.csv`.
    pub fn days(&self) -> Vec<NaiveDate> {
        let text = self.read("chain.csv");
        let days = text.lines().skip(1);
        days.map(|line| line[..10].parse().unwrap()).collect()
    }
}

pub fn days_ago(days: i64) -> NaiveDate {
    Utc::now().date_naive() - TimeDelta::days(days)
}
