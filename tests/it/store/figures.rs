//! What is kept of an answer besides its values: in sets that answers share, and with the rows of
//! older stores.

use accesswatch::model::page::{History, Value};
use accesswatch::model::{Code, VantageId};
use accesswatch::store::Store;
use rusqlite::Connection;

use crate::support::store::{Make, minute};

const DAY: i64 = 24 * 60;

fn answer(at: i64, count: u64, leading: f64) -> Make {
    let mut make = Make::new(minute(at), Code::Ok);
    make.round = format!("round-{at}");
    make.values = [
        ("rows".to_owned(), Value::Count(count)),
        ("rows.leading".to_owned(), Value::Number(leading)),
        ("rows.distinct".to_owned(), Value::Distinct(1.0 / 3.0)),
        ("rows.rows".to_owned(), Value::Text("0011".to_owned())),
    ]
    .into();
    make
}

fn series(history: &History, name: &str) -> Vec<String> {
    let past = history.get(name).into_iter().flatten();
    past.map(|past| past.value.show()).collect()
}

fn count(path: &std::path::Path, sql: &str) -> i64 {
    let file = Connection::open(path).unwrap();
    file.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn answers_that_say_the_same_share_a_set_and_older_rows_count_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Store::open(&path).unwrap();
    for (at, leading) in [(60, 0.5), (120, 0.5), (180, 0.7), (240, 0.5)] {
        let mut make = answer(at, 40, leading);
        store.add(vec![make.new_measurement()]).await.unwrap();
        // A confirmation of the same round adds no second figure.
        make.attempt = 1;
        make.at += chrono::TimeDelta::seconds(20);
        store.add(vec![make.new_measurement()]).await.unwrap();
    }
    let bad = Make {
        code: Code::ContentNulls,
        ..answer(300, 40, 0.9)
    };
    store.add(vec![bad.new_measurement()]).await.unwrap();
    assert_eq!(count(&path, "SELECT count(*) FROM figure_sets"), 3);
    assert_eq!(count(&path, "SELECT count(*) FROM figures"), 9);
    assert_eq!(
        count(
            &path,
            "SELECT count(*) FROM readings WHERE instr(name, '.')"
        ),
        0
    );
    // A store of before has a row for each figure.
    Connection::open(&path)
        .unwrap()
        .execute_batch(
            "INSERT INTO readings SELECT series_id, at_us - 1800000000, name || '.leading', 'older', 'older',
                1, 'number', '0.25' FROM readings WHERE name = 'rows' AND round = 'round-60' LIMIT 1;
             INSERT INTO readings SELECT series_id, at_us - 1800000000, name || '.leading', 'between',
                'between', 1, 'number', '0.6' FROM readings WHERE name = 'rows' AND round = 'round-180'
                LIMIT 1;",
        )
        .unwrap();
    let key = bad.key();
    let here = VantageId::from("here");
    let history = store.history(&key, &here).await.unwrap();
    assert_eq!(series(&history, "rows"), ["40"; 4]);
    assert_eq!(
        series(&history, "rows.leading"),
        ["0.25", "0.5", "0.5", "0.6", "0.7", "0.5"],
        "oldest first, whichever table holds them"
    );
    assert_eq!(
        history["rows.distinct"]
            .iter()
            .map(|past| &past.value)
            .collect::<Vec<_>>(),
        [&Value::Distinct(1.0 / 3.0); 4],
        "with every bit"
    );
    let times: Vec<_> = history["rows.leading"].iter().map(|past| past.at).collect();
    assert!(times.is_sorted());
    let reader = store.reader().unwrap();
    let earlier = reader.history_before(&key, &here, minute(120)).unwrap();
    assert_eq!(series(&earlier, "rows.leading"), ["0.25", "0.5"]);
}

#[tokio::test]
async fn sets_go_with_the_last_answer_that_shares_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Store::open(&path).unwrap();
    for (day, leading) in [(0, 0.5), (1, 0.7), (100, 0.7)] {
        let make = answer(day * DAY, 40, leading);
        store.add(vec![make.new_measurement()]).await.unwrap();
    }
    assert_eq!(count(&path, "SELECT count(*) FROM figure_sets"), 2);
    store.purge(minute(99 * DAY)).await.unwrap();
    assert_eq!(count(&path, "SELECT count(*) FROM figures"), 1);
    assert_eq!(count(&path, "SELECT count(*) FROM figure_sets"), 1);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}
