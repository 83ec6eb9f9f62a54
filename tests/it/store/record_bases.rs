//! Records of one page are compressed against one of them, and come back byte for byte.

use accesswatch::model::Code;
use accesswatch::model::day_chain::leaf;
use accesswatch::store::{EntryContent, Reader, RowFilter, Store};
use rusqlite::Connection;

use crate::support::store::{Make, count, minute};

const DAY: i64 = 24 * 60;

/// Checks that each record's line is the one that entered the day chain; returns their number.
fn check_lines(reader: &Reader) -> usize {
    let mut lines = 0;
    reader
        .visit_entries(&RowFilter::default(), |entry| {
            let EntryContent::Line(line) = &entry.content else {
                panic!("{} is not readable", entry.uid);
            };
            assert_eq!(entry.leaf, Some(leaf(line)), "{}", entry.uid);
            lines += 1;
            true
        })
        .unwrap();
    lines
}

fn numbers(connection: &Connection, sql: &str) -> Vec<i64> {
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// A record of another shape: what is known of the answer is longer than the whole of the others.
fn other_shape(n: i64) -> Make {
    let mut make = Make::new(minute(n * DAY), Code::Ok);
    let mut seed = n.unsigned_abs() + 1;
    let mut noise = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'a' + u8::try_from((seed >> 40) % 26).unwrap())
    };
    make.round = std::iter::repeat_with(&mut noise).take(900).collect();
    make
}

#[tokio::test]
async fn records_of_an_unchanged_page_take_little_space() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Store::open(&path).unwrap();
    for n in 0..20 {
        let make = Make::new(minute(n * DAY), Code::Ok);
        store.add(vec![make.new_measurement()]).await.unwrap();
    }
    assert_eq!(check_lines(&store.reader().unwrap()), 20);
    let connection = Connection::open(&path).unwrap();
    let sizes = numbers(&connection, "SELECT length(raw) FROM records ORDER BY id");
    assert!(sizes[0] > 200, "the first one is whole: {sizes:?}");
    assert!(sizes[1..].iter().all(|size| *size < 60), "{sizes:?}");
    assert_eq!(count(&path, "record_bases"), 1);
    assert_eq!(count(&path, "records WHERE base IS NULL"), 1);
}

#[tokio::test]
async fn a_page_that_is_probed_once_has_no_base() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Store::open(&path).unwrap();
    for source in ["cnki", "wanfang", "vip"] {
        let mut make = Make::new(minute(0), Code::Ok);
        make.source = source;
        store.add(vec![make.new_measurement()]).await.unwrap();
    }
    assert_eq!(count(&path, "record_bases"), 0);
}

#[tokio::test]
async fn a_page_that_changes_its_shape_gets_a_new_base_and_loses_the_old_one_when_it_is_unused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Store::open(&path).unwrap();
    for n in 0..4 {
        let make = Make::new(minute(n * DAY), Code::Ok);
        store.add(vec![make.new_measurement()]).await.unwrap();
    }
    // One that differs is stored whole, and the next one is again like the base.
    store
        .add(vec![other_shape(4).new_measurement()])
        .await
        .unwrap();
    let alike = Make::new(minute(5 * DAY), Code::Ok);
    store.add(vec![alike.new_measurement()]).await.unwrap();
    let connection = Connection::open(&path).unwrap();
    let misfits = "SELECT misfits FROM record_bases ORDER BY id";
    assert_eq!(numbers(&connection, misfits), [0]);
    for n in 6..16 {
        store
            .add(vec![other_shape(n).new_measurement()])
            .await
            .unwrap();
    }
    assert_eq!(numbers(&connection, misfits).len(), 2);
    assert_eq!(check_lines(&store.reader().unwrap()), 16);
    // A record of the old base is left, then none.
    store.purge(minute(5 * DAY)).await.unwrap();
    assert_eq!(count(&path, "record_bases"), 2);
    assert_eq!(check_lines(&store.reader().unwrap()), 11);
    store.purge(minute(15 * DAY)).await.unwrap();
    assert_eq!(count(&path, "record_bases"), 1);
    assert_eq!(check_lines(&store.reader().unwrap()), 1);
    store.purge(minute(99 * DAY)).await.unwrap();
    assert_eq!(count(&path, "measurements"), 0);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

/// The newest healthy exchange of a series outlives its measurement, and its record can be read.
#[tokio::test]
async fn the_base_of_a_kept_exchange_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Store::open(&path).unwrap();
    let makes: Vec<Make> = (0..3)
        .map(|n| Make::new(minute(n * DAY), Code::Ok))
        .collect();
    for make in &makes {
        store.add(vec![make.new_measurement()]).await.unwrap();
    }
    let newest = makes[2].uid();
    let read = || store.reader().unwrap().exchange(&newest).unwrap().unwrap();
    let before = read();
    store.purge(minute(99 * DAY)).await.unwrap();
    assert_eq!(count(&path, "measurements"), 0);
    assert_eq!(count(&path, "record_bases"), 1);
    let after = read();
    assert_eq!(
        after.measurement.test_keys.tls_handshakes,
        before.measurement.test_keys.tls_handshakes
    );
    assert_eq!(after.measurement.extra(), before.measurement.extra());
}

#[tokio::test]
async fn a_record_whose_base_is_lost_is_reported_as_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Store::open(&path).unwrap();
    for n in 0..3 {
        let make = Make::new(minute(n * DAY), Code::Ok);
        store.add(vec![make.new_measurement()]).await.unwrap();
    }
    let connection = Connection::open(&path).unwrap();
    connection.execute("DELETE FROM record_bases", []).unwrap();
    let mut contents = Vec::new();
    let reader = store.reader().unwrap();
    reader
        .visit_entries(&RowFilter::default(), |entry| {
            contents.push(entry.content == EntryContent::Damaged);
            true
        })
        .unwrap();
    assert_eq!(contents, [false, true, true]);
}

#[tokio::test]
async fn a_damaged_base_does_not_stop_the_records_to_come() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Store::open(&path).unwrap();
    let add = async |n: i64| {
        let make = Make::new(minute(n * DAY), Code::Ok);
        store.add(vec![make.new_measurement()]).await.unwrap();
    };
    for n in 0..3 {
        add(n).await;
    }
    let connection = Connection::open(&path).unwrap();
    let damage = "UPDATE record_bases SET raw = x'00112233'";
    assert_eq!(connection.execute(damage, []).unwrap(), 1);
    for n in 3..6 {
        add(n).await;
    }
    assert_eq!(count(&path, "record_bases"), 2);
    let bases = numbers(
        &connection,
        "SELECT coalesce(base, 0) FROM records ORDER BY id",
    );
    assert_eq!(bases, [0, 1, 1, 2, 2, 2]);
}
