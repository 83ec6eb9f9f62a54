//! A pack: every file has the hash that is stated for it, the records are those of the chain, and the
//! WARC digests hold.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Seek};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use zip::ZipArchive;

use super::{Report, warc};
use crate::evidence::chain::{self, Day};
use crate::evidence::proof::{Broken, InclusionProof};
use crate::evidence::time_stamp;

/// Files of a pack; more are not read.
const MAX_FILES: usize = 4096;

/// Bytes of all files of a pack together.
const MAX_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// A file could not be read as a pack.
#[derive(Debug, Error)]
pub enum PackUnreadable {
    #[error("it is not a WACZ file ({0})")]
    Zip(#[from] zip::result::ZipError),
    #[error("it cannot be read ({0})")]
    Io(#[from] std::io::Error),
    #[error("{path} cannot be read ({source})")]
    Json {
        path: &'static str,
        source: serde_json::Error,
    },
    #[error("it has more than {MAX_FILES} files")]
    TooMany,
    #[error("its files have more than {MAX_BYTES} bytes")]
    TooLarge,
    #[error("{0} is missing")]
    Missing(&'static str),
}

#[derive(Deserialize)]
struct Package {
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    path: String,
    hash: String,
}

#[derive(Deserialize)]
struct PackageDigest {
    hash: String,
}

const PACKAGE: &str = "datapackage.json";
const PACKAGE_DIGEST: &str = "datapackage-digest.json";

/// Checks a pack. Damage within it is a fault of the report.
pub fn pack(input: impl Read + Seek) -> Result<Report, PackUnreadable> {
    let mut report = Report::default();
    let files = contents(input, &mut report)?;
    report.files = files.len() as u64;
    listed(&files, &mut report)?;
    let days = days(&files, &mut report);
    records(&files, &days, &mut report)?;
    time_stamps(&files, &days, &mut report);
    for (name, content) in &files {
        if name.starts_with("archive/") {
            report.add(Report {
                files: 0,
                ..warc(name, Cursor::new(content))?
            });
        }
    }
    Ok(report)
}

/// Every file of the pack. One whose own checksum does not hold is a fault, and is read as far as it
/// goes.
fn contents(
    input: impl Read + Seek,
    report: &mut Report,
) -> Result<BTreeMap<String, Vec<u8>>, PackUnreadable> {
    let mut zip = ZipArchive::new(input)?;
    if zip.len() > MAX_FILES {
        return Err(PackUnreadable::TooMany);
    }
    let mut left = MAX_BYTES;
    let mut files = BTreeMap::new();
    for index in 0..zip.len() {
        let file = zip.by_index(index)?;
        let name = file.name()?.into_owned();
        let mut content = Vec::new();
        if let Err(error) = file.take(left + 1).read_to_end(&mut content) {
            report.fault(&name, "", format!("the file is damaged ({error})"));
        }
        left = left
            .checked_sub(content.len() as u64)
            .ok_or(PackUnreadable::TooLarge)?;
        files.insert(name, content);
    }
    Ok(files)
}

fn json<'a, T: Deserialize<'a>>(
    files: &'a BTreeMap<String, Vec<u8>>,
    path: &'static str,
) -> Result<T, PackUnreadable> {
    let content = files.get(path).ok_or(PackUnreadable::Missing(path))?;
    serde_json::from_slice(content).map_err(|source| PackUnreadable::Json { path, source })
}

fn sha256(content: &[u8]) -> String {
    format!(
        "sha256:{}",
        data_encoding::HEXLOWER.encode(&Sha256::digest(content))
    )
}

/// Compares the list of files with the files.
fn listed(files: &BTreeMap<String, Vec<u8>>, report: &mut Report) -> Result<(), PackUnreadable> {
    let package: Package = json(files, PACKAGE)?;
    let digest: PackageDigest = json(files, PACKAGE_DIGEST)?;
    if digest.hash != sha256(&files[PACKAGE]) {
        report.fault(PACKAGE, "", "the hash is not the one that is stated");
    }
    for resource in &package.resources {
        match files.get(&resource.path) {
            None => report.fault(&resource.path, "", "the file is listed and missing"),
            Some(content) if resource.hash != sha256(content) => {
                report.fault(&resource.path, "", "the hash is not the one that is listed");
            }
            Some(_) => {}
        }
    }
    let is_listed = |name: &str| package.resources.iter().any(|r| r.path == name);
    for name in files
        .keys()
        .filter(|name| *name != PACKAGE && *name != PACKAGE_DIGEST)
    {
        if !is_listed(name) {
            report.fault(name, "", "the file is not listed");
        }
    }
    Ok(())
}

const CHAIN: &str = "accesswatch/chain.csv";
const RECORDS: &str = "accesswatch/records.jsonl";
const PROOF: &str = "accesswatch/proof.json";

fn days(files: &BTreeMap<String, Vec<u8>>, report: &mut Report) -> Vec<Day> {
    let Some(content) = files.get(CHAIN) else {
        return Vec::new();
    };
    let (days, faults) = chain::read_all(&String::from_utf8_lossy(content));
    report.days = days.len() as u64;
    for fault in faults {
        report.fault(CHAIN, "", fault);
    }
    days
}

/// Compares each record with its proof, and each proof with the chain.
fn records(
    files: &BTreeMap<String, Vec<u8>>,
    days: &[Day],
    report: &mut Report,
) -> Result<(), PackUnreadable> {
    let Some(records) = files.get(RECORDS) else {
        return Ok(());
    };
    let proofs: Vec<InclusionProof> = json(files, PROOF)?;
    let lines: Vec<&[u8]> = records
        .split(|b| *b == b'\n')
        .filter(|line| !line.is_empty())
        .collect();
    for (number, line) in (1..).zip(&lines) {
        report.records += 1;
        let Some(proof) = proofs.get(number - 1) else {
            report.fault(RECORDS, format!("line {number}"), "the record has no proof");
            continue;
        };
        let what = match proof.check(line, days) {
            Ok(()) => continue,
            Err(Broken::Leaf) => "the record is not the one that was entered",
            Err(Broken::Path) => "the proof does not lead to the root of its day",
            Err(Broken::Day) => "the chain does not have the day of the proof",
        };
        report.fault(
            RECORDS,
            format!("line {number}, record {}", proof.uid),
            what,
        );
    }
    if proofs.len() > lines.len() {
        report.fault(PROOF, "", "there are more proofs than records");
    }
    Ok(())
}

/// Checks each `YYYY-MM-DD.tsr` against the chain value of its day.
fn time_stamps(files: &BTreeMap<String, Vec<u8>>, days: &[Day], report: &mut Report) {
    for (name, content) in files {
        let stem = name
            .strip_prefix("accesswatch/")
            .and_then(|name| name.strip_suffix(".tsr"));
        let Some(stem) = stem else {
            continue;
        };
        report.time_stamps += 1;
        let day = days
            .iter()
            .find(|day| day.day.format("%Y-%m-%d").to_string() == stem);
        match day {
            None => report.fault(
                name,
                stem,
                "the chain does not have the day of the time stamp",
            ),
            Some(_) if content.len() > time_stamp::MAX_ANSWER => {
                report.fault(name, stem, "the time stamp is too large");
            }
            Some(day) => {
                if let Err(error) = time_stamp::check(content, &day.chain) {
                    report.fault(name, stem, error);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use chrono::NaiveDate;

    use super::*;
    use crate::evidence::merkle;
    use crate::evidence::pack::{Pack, PackDescription, Page};
    use crate::evidence::warc::{Record, RecordId, RecordKind, digest};

    fn made() -> Vec<u8> {
        let at = "2026-11-29T14:04:26Z".parse().unwrap();
        let about = PackDescription {
            title: "Report #12".to_owned(),
            description: String::new(),
            created: at,
            pages: vec![Page {
                url: "https://example.org/".into(),
                title: "Record".into(),
                at,
            }],
        };
        let kind = RecordKind::Response;
        let block = b"HTTP/1.1 200 OK\r\n\r\npage".to_vec();
        let id = RecordId::derived("a", 0, kind);
        let member = Record::new(id, kind, at, "application/http;msgtype=response", block)
            .target("https://example.org/")
            .with("WARC-Payload-Digest", &digest(b"page"))
            .member()
            .unwrap();
        let lines = [r#"{"uid":"a"}"#, r#"{"uid":"b"}"#];
        let leaves: Vec<_> = lines
            .iter()
            .map(|line| merkle::leaf(line.as_bytes()))
            .collect();
        let change = merkle::leaf(b"change");
        let date: NaiveDate = "2026-11-29".parse().unwrap();
        let day = Day::close(date, &leaves, &[change], chain::GENESIS);
        let all = [leaves, vec![change]].concat();
        let proofs: Vec<InclusionProof> = (0..2)
            .map(|n| InclusionProof::new(["a", "b"][n], Some(date), &all, n).unwrap())
            .collect();
        let mut pack = Pack::new(Cursor::new(Vec::new()), &about, &[member]).unwrap();
        pack.file("records.jsonl", (lines.join("\n") + "\n").as_bytes())
            .unwrap();
        pack.file("proof.json", &serde_json::to_vec(&proofs).unwrap())
            .unwrap();
        let chain = format!("{}\n{}\n", chain::HEAD.join(","), day.line());
        pack.file("chain.csv", chain.as_bytes()).unwrap();
        pack.finish(&about).unwrap().into_inner()
    }

    /// The pack with one file changed, its hash in the list left as it was.
    fn changed(pack_bytes: &[u8], path: &str, change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
        let mut report = Report::default();
        let files = contents(Cursor::new(pack_bytes), &mut report).unwrap();
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, mut content) in files {
            if name == path {
                change(&mut content);
            }
            zip.start_file(&name, zip::write::SimpleFileOptions::default())
                .unwrap();
            zip.write_all(&content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_whole_pack_holds() {
        let report = pack(Cursor::new(made())).unwrap();
        assert_eq!(report.faults, []);
        assert_eq!(
            (report.records, report.days, report.warc_records),
            (2, 1, 2)
        );
    }

    #[test]
    fn a_changed_byte_of_any_file_is_named() {
        let whole = made();
        for path in [
            "archive/data.warc.gz",
            "indexes/index.cdx",
            "pages/pages.jsonl",
            RECORDS,
            PROOF,
            CHAIN,
        ] {
            let bad = changed(&whole, path, |content| {
                let middle = content.len() / 2;
                content[middle] = if content[middle] == b'0' { b'1' } else { b'0' };
            });
            match pack(Cursor::new(bad)) {
                Ok(report) => assert!(
                    report.faults.iter().any(|f| f.file == path),
                    "{path}: {report:?}"
                ),
                Err(error) => assert!(error.to_string().contains(path), "{path}: {error}"),
            }
        }
    }

    #[test]
    fn a_record_with_a_hash_of_its_own_is_found_by_the_chain() {
        let bad = changed(&made(), RECORDS, |content| {
            *content = String::from_utf8_lossy(content)
                .replace("\"b\"", "\"c\"")
                .into_bytes();
        });
        let report = pack(Cursor::new(bad)).unwrap();
        let fault = report
            .faults
            .iter()
            .find(|f| f.place == "line 2, record b")
            .unwrap();
        assert_eq!(fault.what, "the record is not the one that was entered");
    }

    #[test]
    fn a_time_stamp_is_held_against_the_value_of_its_day() {
        let answer = include_bytes!("../../../tests/testdata/time_stamps/ec.tsr");
        let value = "94dcf61d3940cb9a4fbc1834ed7fde3bd93092708fdc7a8c0621f342b81a1777";
        let date: NaiveDate = "2026-11-29".parse().unwrap();
        let mut day = Day::close(date, &[], &[], chain::GENESIS);
        let name = "accesswatch/2026-11-29.tsr".to_owned();
        let files = BTreeMap::from([(name.clone(), answer.to_vec())]);
        let checked = |day: &Day| {
            let mut report = Report::default();
            time_stamps(&files, std::slice::from_ref(day), &mut report);
            assert_eq!(report.time_stamps, 1);
            report.faults
        };
        let faults = checked(&day);
        assert_eq!(faults[0].file, name);
        assert_eq!(faults[0].what, "the time stamp is of another value");
        day.chain = chain::from_hex(value).unwrap();
        assert_eq!(checked(&day), []);
        day.day = "2026-11-28".parse().unwrap();
        assert_eq!(checked(&day).len(), 1);
    }

    #[test]
    fn something_else_is_unreadable() {
        assert!(matches!(
            pack(Cursor::new(b"no zip".to_vec())),
            Err(PackUnreadable::Zip(_))
        ));
    }
}
