//! Copies of robots.txt are kept for hosts that are watched, and for no others.

use rusqlite::Connection;

use crate::support::cli_fixture::CliFixture;

fn origins(fixture: &CliFixture) -> Vec<String> {
    let db = Connection::open(fixture.watch.file("data/accesswatch.db")).unwrap();
    let mut statement = db
        .prepare("SELECT DISTINCT origin FROM robots ORDER BY origin")
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn copies_of_hosts_that_are_no_longer_watched_are_removed() {
    let fixture = CliFixture::new();
    fixture
        .watch
        .edit("config/accesswatch.toml", "robots = false", "robots = true");
    fixture.run_all();
    let own = origins(&fixture);
    assert!(!own.is_empty());
    let db = Connection::open(fixture.watch.file("data/accesswatch.db")).unwrap();
    db.execute(
        "INSERT INTO robots (vantage, origin, fetched_us, status, body)
         SELECT vantage, 'https://gone.example:443', fetched_us, status, body FROM robots",
        [],
    )
    .unwrap();
    drop(db);
    assert_eq!(origins(&fixture).len(), own.len() + 1);
    fixture.run_all();
    assert_eq!(origins(&fixture), own);
}
