//! A store that is full, locked, damaged, another program's, or read only: reported, and nothing is
//! lost.

use accesswatch::model::Code;
use accesswatch::store::{LockScope, Options, Reader, Store, StoreError};
use rusqlite::Connection;

use crate::support::store::{Make, count, minute, place, quick};

#[tokio::test]
async fn a_full_disk_is_told_and_what_was_done_stays() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        max_pages: Some(200),
        ..Options::default()
    };
    let store = Store::open_with(&place(&folder), options).unwrap();
    let mut done = 0_u32;
    let error = loop {
        let mut make = Make::new(minute(i64::from(done)), Code::Ok);
        // Bytes that do not compress.
        let mut seed = u64::from(done) + 1;
        make.body = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 56) as u8
        })
        .take(20_000)
        .collect();
        match store.add(vec![make.new_measurement()]).await {
            Ok(_) => done += 1,
            Err(error) => break error,
        }
        assert!(done < 100, "the limit is not in force");
    };
    assert_eq!(
        error,
        StoreError::Full {
            path: store.path().to_owned()
        }
    );
    assert!(error.to_string().starts_with("no room to write"));
    drop(store);
    assert!(done > 0);
    assert_eq!(count(&place(&folder), "measurements"), i64::from(done));
}

#[tokio::test]
async fn a_locked_store_waits_and_then_says_who() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_with(&place(&folder), quick(150)).unwrap();
    // The text in the lock file of another process.
    std::fs::write(
        place(&folder).with_file_name(LockScope::Pass.file()),
        "pid 4242, `accesswatch daemon`, since 2026-11-18T06:13:20Z",
    )
    .unwrap();
    let other = Connection::open(place(&folder)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let new = Make::new(minute(0), Code::Ok).new_measurement();
    let error = store.add(vec![new.clone()]).await.unwrap_err();
    assert!(matches!(error, StoreError::Busy { .. }), "{error:?}");
    assert!(
        error
            .to_string()
            .contains("`accesswatch daemon`, since 2026-11-18"),
        "{error}"
    );
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(store.add(vec![new]).await.unwrap(), 1);
}

#[tokio::test]
async fn two_open_stores_write_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(&place(&folder)).unwrap();
    let second = Store::open(&place(&folder)).unwrap();
    let write = |store: Store, offset: i64| {
        tokio::spawn(async move {
            for n in 0..20 {
                let make = Make::new(minute(offset + n), Code::Ok);
                store.add(vec![make.new_measurement()]).await.unwrap();
            }
        })
    };
    let (a, b) = (write(first, 0), write(second, 1_000));
    a.await.unwrap();
    b.await.unwrap();
    assert_eq!(count(&place(&folder), "measurements"), 40);
}

#[test]
fn files_that_are_no_store_of_ours_are_refused_and_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let newer = folder.path().join("newer.db");
    drop(Store::open(&newer).unwrap());
    Connection::open(&newer)
        .unwrap()
        .pragma_update(None, "user_version", 777)
        .unwrap();
    let error = Store::open(&newer).err().unwrap();
    let told = error.to_string();
    let known = accesswatch::store::SCHEMA_VERSION;
    assert!(
        told.contains(&format!(
            "was made by a newer accesswatch (schema 777, this one knows {known})"
        )),
        "{told}"
    );
    assert_eq!(Reader::open(&newer).err(), Some(error));

    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "not a database\n".repeat(100)).unwrap();
    let error = Store::open(&text).err().unwrap();
    assert!(matches!(error, StoreError::NotAStore { .. }), "{error:?}");
    assert_eq!(
        std::fs::read(&text).unwrap(),
        "not a database\n".repeat(100).into_bytes()
    );

    let other = folder.path().join("other.db");
    Connection::open(&other)
        .unwrap()
        .execute_batch("CREATE TABLE bookmarks (x)")
        .unwrap();
    let before = std::fs::read(&other).unwrap();
    let error = Store::open(&other).err().unwrap();
    assert!(
        error.to_string().contains("another program's SQLite file"),
        "{error}"
    );
    assert_eq!(std::fs::read(&other).unwrap(), before);

    let missing = folder.path().join("none.db");
    let error = Reader::open(&missing).err().unwrap();
    assert!(matches!(error, StoreError::Missing { .. }));
    assert!(!missing.exists(), "reading makes no file");
}

#[tokio::test]
async fn a_damaged_file_is_told_with_its_mend() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    for n in 0..50 {
        store
            .add(vec![Make::new(minute(n), Code::Ok).new_measurement()])
            .await
            .unwrap();
    }
    drop(store);
    let mut bytes = std::fs::read(place(&folder)).unwrap();
    for byte in &mut bytes[4_096..] {
        *byte = 0x5a;
    }
    std::fs::write(place(&folder), bytes).unwrap();
    let told = match Store::open(&place(&folder)) {
        Err(error) => error,
        Ok(store) => store.tracker_state().await.unwrap_err(),
    };
    assert!(matches!(told, StoreError::Corrupt { .. }), "{told:?}");
    assert!(told.to_string().contains("accesswatch backup"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o555)).unwrap();
    let writable = std::fs::write(closed.join("probe"), "").is_ok();
    let result = Store::open(&closed.join("accesswatch.db"));
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).unwrap();
    // Root may write everywhere.
    match result {
        Ok(_) => assert!(writable),
        Err(error) => {
            assert!(!writable);
            assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
        }
    }
    // A file where a folder should be is an error for every user.
    std::fs::write(folder.path().join("file"), "").unwrap();
    let error = Store::open(&folder.path().join("file/accesswatch.db"))
        .err()
        .unwrap();
    assert!(matches!(error, StoreError::Io { .. }), "{error:?}");
}
