//! The pack: a WACZ 1.1.1 file that opens in `ReplayWeb.page` and pywb, and that holds everything
//! needed to check it (evidence.md section 3).
//!
//! `wacz validate` (the `wacz` package 0.6.0) refuses further files at the root, folders within
//! folders, and upper-case letters in names: [`Pack::file`] accepts none of these.

use std::io::{Seek, Write};

use chrono::SecondsFormat;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::cdx;
use super::warc::{Record, RecordId, WarcReadError, WarcReader};
use crate::model::Time;

/// The folder of the files that are not part of WACZ.
const FOLDER: &str = "accesswatch";

/// The only WARC file of a pack.
const ARCHIVE: &str = "data.warc.gz";

/// A pack could not be made.
#[derive(Debug, Error)]
pub enum PackError {
    #[error("the pack cannot be written ({0})")]
    Io(#[from] std::io::Error),
    #[error("the pack cannot be written ({0})")]
    Zip(#[from] zip::result::ZipError),
    #[error("a record of the evidence cannot be read: {0}")]
    Record(#[from] WarcReadError),
    #[error("{0:?} cannot be the name of a file in a pack")]
    Name(String),
}

/// A page that readers are led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub url: String,
    pub title: String,
    /// When the exchange was made.
    pub at: Time,
}

/// The subject of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackDescription {
    pub title: String,
    pub description: String,
    /// When the pack is made.
    pub created: Time,
    /// The first page is the main one.
    pub pages: Vec<Page>,
}

/// A pack that is being written. Files are listed and hashed as they are added.
#[derive(Debug)]
pub struct Pack<W: Write + Seek> {
    zip: ZipWriter<W>,
    resources: Vec<Resource>,
}

#[derive(Debug)]
struct Resource {
    path: String,
    sha256: String,
    bytes: usize,
}

impl<W: Write + Seek> Pack<W> {
    /// A pack of `members`: whole gzip members, copied unchanged from the evidence files.
    pub fn new(output: W, about: &PackDescription, members: &[Vec<u8>]) -> Result<Self, PackError> {
        let mut pack = Self {
            zip: ZipWriter::new(output),
            resources: Vec::new(),
        };
        let archive = archive(about, members)?;
        let index = index(&archive)?;
        let archive_path = format!("archive/{ARCHIVE}");
        pack.add(&archive_path, &archive, CompressionMethod::Stored)?;
        pack.add(
            "indexes/index.cdx",
            index.as_bytes(),
            CompressionMethod::Deflated,
        )?;
        pack.add(
            "pages/pages.jsonl",
            pages(about).as_bytes(),
            CompressionMethod::Deflated,
        )?;
        Ok(pack)
    }

    /// Adds a file to the folder `accesswatch`. The name is one of lower-case letters, digits, `.`,
    /// `-` and `_`.
    pub fn file(&mut self, name: &str, content: &[u8]) -> Result<(), PackError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            return Err(PackError::Name(name.to_owned()));
        }
        self.add(
            &format!("{FOLDER}/{name}"),
            content,
            CompressionMethod::Deflated,
        )
    }

    fn add(
        &mut self,
        path: &str,
        content: &[u8],
        method: CompressionMethod,
    ) -> Result<(), PackError> {
        // Without a modification time, the same content gives the same file.
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .unix_permissions(0o644)
            .large_file(content.len() as u64 >= u64::from(u32::MAX));
        self.zip.start_file(path, options)?;
        self.zip.write_all(content)?;
        self.resources.push(Resource {
            path: path.to_owned(),
            sha256: sha256(content),
            bytes: content.len(),
        });
        Ok(())
    }

    /// Adds the list of hashes and the descriptions, and closes the file.
    pub fn finish(mut self, about: &PackDescription) -> Result<W, PackError> {
        let lines = self
            .resources
            .iter()
            .map(|r| format!("{}  {}\n", r.sha256, r.path));
        let sums: String = lines.collect();
        self.file("sha256sums.txt", sums.as_bytes())?;
        let package = self.package(about);
        let digest = json!({"path": "datapackage.json", "hash": format!("sha256:{}", sha256(package.as_bytes()))});
        self.add(
            "datapackage.json",
            package.as_bytes(),
            CompressionMethod::Deflated,
        )?;
        let digest = format!("{digest:#}\n");
        self.add(
            "datapackage-digest.json",
            digest.as_bytes(),
            CompressionMethod::Deflated,
        )?;
        Ok(self.zip.finish()?)
    }

    fn package(&self, about: &PackDescription) -> String {
        let resources: Vec<_> = self
            .resources
            .iter()
            .map(|r| {
                let name = r.path.rsplit('/').next().unwrap_or_default();
                json!({"name": name, "path": r.path, "hash": format!("sha256:{}", r.sha256), "bytes": r.bytes})
            })
            .collect();
        let mut package = json!({
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": about.title,
            "description": about.description,
            "created": stamp(about.created),
            "software": format!("accesswatch {}", env!("CARGO_PKG_VERSION")),
            "resources": resources,
        });
        if let Some(main) = about.pages.first() {
            package["mainPageUrl"] = json!(main.url);
            package["mainPageDate"] = json!(stamp(main.at));
        }
        format!("{package:#}\n")
    }
}

/// The members as one WARC file with its own first record.
fn archive(about: &PackDescription, members: &[Vec<u8>]) -> Result<Vec<u8>, PackError> {
    let id = RecordId::of_file(&about.title);
    let mut archive = Record::warcinfo(id, about.created, ARCHIVE).member()?;
    for member in members {
        archive.extend_from_slice(member);
    }
    Ok(archive)
}

fn index(archive: &[u8]) -> Result<String, PackError> {
    let mut lines = Vec::new();
    for entry in WarcReader::new(archive) {
        lines.extend(cdx::line(&entry?, ARCHIVE));
    }
    lines.sort_unstable();
    Ok(lines.into_iter().map(|line| line + "\n").collect())
}

fn pages(about: &PackDescription) -> String {
    let head = json!({"format": "json-pages-1.0", "id": "pages", "title": "All Pages"});
    let mut text = format!("{head}\n");
    for (number, page) in (1..).zip(&about.pages) {
        let page = json!({"id": format!("page-{number}"), "url": page.url, "title": page.title, "ts": stamp(page.at)});
        text.push_str(&page.to_string());
        text.push('\n');
    }
    text
}

fn stamp(at: Time) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// SHA-256 in lower-case hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::super::warc::{RecordKind, digest};
    use super::*;

    fn about() -> PackDescription {
        let at = "2026-11-29T14:04:26Z".parse().unwrap();
        PackDescription {
            title: "Report #12".to_owned(),
            description: "CNKI gives less".to_owned(),
            created: at,
            pages: vec![Page {
                url: "https://example.org/".to_owned(),
                title: "Record".to_owned(),
                at,
            }],
        }
    }

    fn member(url: &str) -> Vec<u8> {
        let block =
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\npage".to_vec();
        let kind = RecordKind::Response;
        let id = RecordId::derived(url, 0, kind);
        let content_type = "application/http;msgtype=response";
        Record::new(id, kind, about().created, content_type, block)
            .target(url)
            .with("WARC-Payload-Digest", &digest(b"page"))
            .member()
            .unwrap()
    }

    fn made() -> Vec<u8> {
        let members = [
            member("https://b.example.org/"),
            member("https://a.example.org/x"),
        ];
        let mut pack = Pack::new(Cursor::new(Vec::new()), &about(), &members).unwrap();
        pack.file("records.jsonl", b"{}\n").unwrap();
        pack.finish(&about()).unwrap().into_inner()
    }

    fn read(pack: &[u8], name: &str) -> Vec<u8> {
        let mut zip = zip::ZipArchive::new(Cursor::new(pack)).unwrap();
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn every_file_is_listed_with_its_hash() {
        let pack = made();
        let package: serde_json::Value =
            serde_json::from_slice(&read(&pack, "datapackage.json")).unwrap();
        let listed: Vec<&str> = package["resources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| {
                let path = r["path"].as_str().unwrap();
                let content = read(&pack, path);
                assert_eq!(r["hash"], format!("sha256:{}", sha256(&content)), "{path}");
                assert_eq!(r["bytes"], content.len());
                path
            })
            .collect();
        let expected = [
            "archive/data.warc.gz",
            "indexes/index.cdx",
            "pages/pages.jsonl",
            "accesswatch/records.jsonl",
            "accesswatch/sha256sums.txt",
        ];
        assert_eq!(listed, expected);
    }

    #[test]
    fn the_index_is_sorted_and_leads_to_the_records() {
        let pack = made();
        let index = String::from_utf8(read(&pack, "indexes/index.cdx")).unwrap();
        let archive = read(&pack, "archive/data.warc.gz");
        let lines: Vec<&str> = index.lines().collect();
        assert!(lines.is_sorted());
        assert_eq!(lines.len(), 2);
        for line in lines {
            let facts: serde_json::Value =
                serde_json::from_str(line.splitn(3, ' ').nth(2).unwrap()).unwrap();
            let offset: usize = facts["offset"].as_str().unwrap().parse().unwrap();
            let entry = WarcReader::new(&archive[offset..]).next().unwrap().unwrap();
            assert_eq!(entry.field("WARC-Target-URI"), facts["url"].as_str());
            assert_eq!(facts["mime"], "text/html");
            assert_eq!(facts["status"], "200");
        }
    }

    #[test]
    fn a_name_that_other_tools_refuse_is_refused() {
        let mut pack = Pack::new(Cursor::new(Vec::new()), &about(), &[]).unwrap();
        for name in ["", "A.html", "a/b.html", "../x", ".x", "a b"] {
            assert!(
                matches!(pack.file(name, b""), Err(PackError::Name(_))),
                "{name}"
            );
        }
    }

    #[test]
    fn the_same_content_gives_the_same_bytes() {
        assert_eq!(made(), made());
    }
}
