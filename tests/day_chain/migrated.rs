//! The migration of a store from before the day chain: it says how far it is, and a process that is
//! killed in it leaves the store as it was.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::chained::Chained;
use crate::support::older::make_older;

/// Enough for a report of the progress.
const RECORDS: i64 = 6_000;

fn number(path: &Path, sql: &str) -> i64 {
    let connection = Connection::open(path).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Copies of the records, each with an own uid and an own time.
fn fill(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let names = |table: &str| -> Vec<String> {
        let sql = format!("SELECT name FROM pragma_table_info('{table}')");
        let mut statement = connection.prepare(&sql).unwrap();
        let names = statement.query_map([], |row| row.get(0)).unwrap();
        names.collect::<Result<_, _>>().unwrap()
    };
    let (measurements, records) = (names("measurements"), names("records"));
    let last = number(path, "SELECT max(id) FROM measurements");
    let of_each = number(path, "SELECT count(*) FROM measurements");
    for copy in 1..=RECORDS / of_each {
        let shift = copy * last;
        let value = |name: &String| match name.as_str() {
            "id" => format!("id + {shift}"),
            "uid" => format!("uid || '-{copy}'"),
            "started_us" => format!("started_us - {copy} * 60000000"),
            name => format!("\"{name}\""),
        };
        for (table, columns) in [("measurements", &measurements), ("records", &records)] {
            let values: Vec<String> = columns.iter().map(value).collect();
            let sql = format!(
                "INSERT INTO {table} ({}) SELECT {} FROM {table} WHERE id <= {last}",
                columns.join(", "),
                values.join(", ")
            );
            connection.execute(&sql, []).unwrap();
        }
    }
}

#[test]
fn killed_while_an_older_store_gets_its_leaves_it_gets_them_at_the_next_start() {
    let chained = Chained::new();
    let (path, watch) = (chained.store(), &chained.fixture.watch);
    fill(&path);
    make_older(&path, 8);
    std::fs::remove_dir_all(chained.evidence("")).unwrap();
    let older = watch.file("older.db");
    std::fs::copy(&path, &older).unwrap();
    let all = number(&path, "SELECT count(*) FROM measurements");
    assert!(all >= RECORDS);
    let purge = ["purge", "--before", "2001-01-01"];
    let mut killed = 0;
    for point in 1..=8 {
        let mut command = watch.command(&purge);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let until = Instant::now() + Duration::from_millis(40 * point);
        while Instant::now() < until && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        let _ = child.kill();
        let was_killed = child.wait().unwrap().signal() == Some(9);
        let version = number(&path, "PRAGMA user_version");
        killed += usize::from(was_killed && version == 8);
        assert!(version >= 8);
    }
    assert!(killed > 2, "{killed}");
    watch.run(&purge).ends(0);
    assert_eq!(number(&path, "SELECT count(*) FROM leaves"), all);
    chained.verify(&[]).ends(0);

    std::fs::copy(&older, &path).unwrap();
    let said = watch.run(&purge).ends(0).err;
    let reports = said.matches("records are brought up to date").count();
    assert!((5..=10).contains(&reports), "{said}");
}
