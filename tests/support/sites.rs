//! The records of shipped sources in `tests/sources/`: each site's healthy pages, and the pages
//! that it shows instead.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use accesswatch::model::Probe;
use accesswatch::model::probe::Target;
use serde::Deserialize;

use super::fake_sources::{Answer, Page, Scene};

/// A page that only this site has, or one that many sites share.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Shown {
    Common(String),
    Own(Box<Page>),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub id: String,
    pub healthy: Shown,
    pub restricted: Shown,
    pub challenge: Option<Shown>,
    pub redesign: Option<Shown>,
    /// Pages that the site is known to show instead, with 200 or another status; none of them is
    /// `ok`.
    #[serde(default)]
    pub refused: Vec<Shown>,
    /// The addresses of the pages, when the probe's address leads elsewhere.
    pub leads_to: Option<String>,
}

impl Record {
    pub fn leads_to(&self) -> Option<url::Url> {
        Some(self.leads_to.as_deref()?.parse().unwrap())
    }
}

#[derive(Debug, Deserialize)]
struct File {
    probe: Vec<Record>,
}

#[derive(Debug, Deserialize)]
struct Common {
    page: Vec<Page>,
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn common() -> HashMap<String, Page> {
    let text = std::fs::read_to_string(root().join("tests/sources/common/pages.toml")).unwrap();
    let pages: Common = toml::from_str(&text).unwrap();
    let named = pages.page.into_iter();
    named
        .map(|page| (page.name.clone().unwrap(), page))
        .collect()
}

/// The record of each probe, by source and probe.
pub fn records() -> BTreeMap<(String, String), Record> {
    let mut records = BTreeMap::new();
    for entry in std::fs::read_dir(root().join("tests/sources")).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        let source = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let file: File =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for record in file.probe {
            records.insert((source.clone(), record.id.clone()), record);
        }
    }
    records
}

/// Puts an answer at the address that the probe fetches.
pub fn put(scene: &mut Scene, probe: &Probe, record: &Record, answer: &Answer) {
    let Target::Url(url) = &probe.target else {
        return;
    };
    match &record.leads_to() {
        None => scene.insert(address(url), answer.clone()),
        Some(to) => {
            scene.insert(address(url), Answer::redirect(to.as_str()));
            scene.insert(address(to), answer.clone())
        }
    };
}

/// `host/path?query`, the key of the stand-in; with the port when it is not the scheme's default.
fn address(url: &url::Url) -> String {
    let query = url.query().map_or(String::new(), |q| format!("?{q}"));
    let port = url.port().map_or(String::new(), |p| format!(":{p}"));
    let host = url.host_str().unwrap_or_default();
    format!("{host}{port}{}{query}", url.path())
}
