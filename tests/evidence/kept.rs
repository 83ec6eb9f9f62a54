//! What the store and the files of evidence hold, read back and held against each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use accesswatch::evidence::warc::{Entry, WarcReader};
use accesswatch::model::MeasurementUid;
use accesswatch::store::{EvidenceExchange, EvidenceFilter, Reader, StatusChange};

use crate::workspace::TestWorkspace;

/// A reader of the workspace's store.
pub fn reader(watch: &TestWorkspace) -> Reader {
    Reader::open(&watch.file("data/accesswatch.db")).unwrap()
}

/// The kept exchanges, oldest first.
pub fn exchanges(watch: &TestWorkspace) -> Vec<EvidenceExchange> {
    reader(watch).evidence(&EvidenceFilter::default()).unwrap()
}

/// The changes that rest on kept exchanges.
pub fn changes(watch: &TestWorkspace) -> Vec<StatusChange> {
    let uids: Vec<MeasurementUid> = exchanges(watch).into_iter().map(|e| e.uid).collect();
    let mut all = reader(watch).status_changes(&uids).unwrap();
    all.sort_by_key(|change| change.at);
    all
}

/// The WARC files.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.to_string_lossy().ends_with(".warc.gz") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Every record of the files; none may be damaged or there twice.
pub fn entries(watch: &TestWorkspace) -> Vec<Entry> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for file in files(&watch.file("data/evidence")) {
        for entry in WarcReader::open(&file).unwrap() {
            let entry = entry.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            assert_eq!(entry.broken_digest(), None, "{}", entry.id());
            assert!(
                seen.insert(entry.id().to_owned()),
                "{} is there twice",
                entry.id()
            );
            all.push(entry);
        }
    }
    all
}

/// The records of an exchange by kind, each read where the store says that it stands.
pub fn read_back(watch: &TestWorkspace, exchange: &EvidenceExchange) -> BTreeMap<String, Entry> {
    let mut read = BTreeMap::new();
    for record in &exchange.records {
        let path = watch.file("data/evidence").join(&record.file);
        let entry = WarcReader::open_at(&path, record.offset)
            .unwrap()
            .next()
            .unwrap()
            .unwrap();
        assert_eq!(entry.id(), record.id);
        assert_eq!(entry.length, record.length);
        read.insert(record.kind.clone(), entry);
    }
    read
}

/// Everything that a change rests on is in a file, and what the store says about the files is so.
pub fn hold_together(watch: &TestWorkspace) {
    let kept = exchanges(watch);
    let uids: BTreeSet<&MeasurementUid> = kept.iter().map(|e| &e.uid).collect();
    for change in changes(watch) {
        assert!(uids.contains(&change.uid), "{change:?}");
        assert!(
            change.healthy.iter().all(|uid| uids.contains(uid)),
            "{change:?}"
        );
    }
    for exchange in &kept {
        assert!(!read_back(watch, exchange).is_empty());
    }
    let ids: BTreeSet<String> = entries(watch).iter().map(|e| e.id().to_owned()).collect();
    let known: BTreeSet<String> = kept
        .iter()
        .flat_map(|e| e.records.iter().map(|r| r.id.clone()))
        .collect();
    assert!(known.is_subset(&ids));
    assert_eq!(reader(watch).missing_evidence().unwrap(), []);
}
