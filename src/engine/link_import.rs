//! Documents whose links are kept: found on disk, read, and written to the store.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::config::Workspace;
use crate::links::copies::memento;
use crate::links::identity;
use crate::links::opaque;
use crate::links::read::{self, Limits, ReadError};
use crate::links::rules::LinkRules;
use crate::links::{address, read::block::RawDocument};
use crate::model::Time;
use crate::model::citation::{Citation, CitedOnSource, PartialDate};
use crate::model::document::{ImportCounts, ImportedCitation, ImportedDocument};
use crate::store::{Store, StoreError};
use crate::text::clean;

/// Documents that are read before they are written together.
const BATCH: usize = 200;
/// Files of one folder or glob.
const MAX_FILES: usize = 200_000;

/// A file that cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableDocument {
    pub file: String,
    pub reason: String,
}

/// A document that was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedDocument {
    pub id: i64,
    pub from: String,
    pub to: String,
}

/// What is stated of the documents of an import.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    pub title: Option<String>,
    pub group: Option<String>,
    pub date: Option<PartialDate>,
    pub is_watched: bool,
    /// Nothing is written to the store.
    pub is_trial: bool,
}

impl ImportOptions {
    /// Whether nothing is stated of the documents.
    pub(super) fn is_plain(&self) -> bool {
        let is_stated = self.title.is_some() || self.group.is_some() || self.date.is_some();
        !is_stated && !self.is_watched
    }
}

/// What an import did.
#[derive(Debug, Clone, Default)]
pub struct ImportReport {
    pub counts: ImportCounts,
    pub unreadable: Vec<UnreadableDocument>,
    pub moved: Vec<MovedDocument>,
    /// The paths of the documents that were written.
    pub paths: Vec<String>,
    /// Pages that wait for the next part of the import.
    pub waiting: usize,
}

/// Why a document on disk cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    #[error("reading: {0}")]
    Io(#[from] std::io::Error),
    #[error("this is a folder; name its files")]
    Folder,
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Reads a document. Returns it with its bytes.
pub fn read_document(path: &Path) -> Result<(RawDocument, Vec<u8>), DocumentError> {
    let file = File::open(path)?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(DocumentError::Folder);
    }
    let limit = Limits::DEFAULT.file_bytes;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes)?;
    Limits::bound("the file", bytes.len() as u64, limit)?;
    let document = read::read(&bytes, &path.to_string_lossy())?;
    Ok((document, bytes))
}

/// The files that paths, folders and globs name, each once. A name without a file counts as
/// unreadable.
#[must_use]
pub fn files(what: &[String]) -> (Vec<PathBuf>, Vec<UnreadableDocument>) {
    let mut unreadable = Vec::new();
    let mut all = BTreeSet::new();
    for name in what {
        let path = Path::new(name);
        let before = all.len();
        if path.is_dir() {
            walk(path, &|_| true, &mut all);
        } else if path.exists() || !name.contains(['*', '?', '[', '{']) {
            all.insert(path.to_owned());
        } else if let Ok(glob) = globset::Glob::new(name) {
            let matcher = glob.compile_matcher();
            walk(glob_root(name), &|path| matcher.is_match(path), &mut all);
        }
        if all.len() == before {
            unreadable.push(UnreadableDocument {
                file: clean::line(name, 300),
                reason: "no file is there".to_owned(),
            });
        }
    }
    (all.into_iter().collect(), unreadable)
}

/// Reads files and writes what they cite, batch by batch.
pub async fn import(
    workspace: &Workspace,
    store: &Store,
    files: Vec<PathBuf>,
    options: &ImportOptions,
    now: Time,
) -> Result<ImportReport, StoreError> {
    let mut importer = Importer::new(workspace, store, options, now);
    for path in files {
        match read_document(&path) {
            Ok((raw, bytes)) => {
                let canonical = path.canonicalize().unwrap_or(path);
                let path = canonical.to_string_lossy().into_owned();
                importer.add(DocumentSource { raw, bytes, path }).await?;
            }
            Err(why) => {
                let file = clean::line(&path.to_string_lossy(), 300);
                importer.refuse(file, why.to_string());
            }
        }
    }
    importer.finish().await
}

/// A document that was read, with its bytes.
#[derive(Debug)]
pub(super) struct DocumentSource {
    pub(super) raw: RawDocument,
    pub(super) bytes: Vec<u8>,
    /// The canonical path of a file, or the address of a page.
    pub(super) path: String,
}

/// Writes documents batch by batch.
pub(super) struct Importer<'a> {
    workspace: &'a Workspace,
    store: &'a Store,
    options: &'a ImportOptions,
    now: Time,
    batch: Vec<ImportedDocument>,
    report: ImportReport,
}

impl<'a> Importer<'a> {
    pub(super) fn new(
        workspace: &'a Workspace,
        store: &'a Store,
        options: &'a ImportOptions,
        now: Time,
    ) -> Self {
        Self {
            workspace,
            store,
            options,
            now,
            batch: Vec::new(),
            report: ImportReport::default(),
        }
    }

    /// Notes what cannot be read.
    pub(super) fn refuse(&mut self, file: String, reason: String) {
        let unreadable = UnreadableDocument { file, reason };
        self.report.unreadable.push(unreadable);
    }

    pub(super) async fn add(&mut self, source: DocumentSource) -> Result<(), StoreError> {
        let mut document = imported(source, self.options, self.workspace);
        if !is_address(&document.path) {
            let moved = renamed_from(self.store, &document).await?;
            document.renamed_from = moved.as_ref().map(|moved| moved.id);
            self.report.moved.extend(moved);
        }
        self.report.paths.push(document.path.clone());
        self.batch.push(document);
        if self.batch.len() >= BATCH {
            self.write().await?;
        }
        Ok(())
    }

    /// Writes the rest.
    pub(super) async fn finish(mut self) -> Result<ImportReport, StoreError> {
        if !self.batch.is_empty() {
            self.write().await?;
        }
        Ok(self.report)
    }

    async fn write(&mut self) -> Result<(), StoreError> {
        let batch = std::mem::take(&mut self.batch);
        let is_trial = self.options.is_trial;
        let counts = self.store.import_documents(batch, self.now, is_trial);
        self.report.add_counts(counts.await?);
        Ok(())
    }
}

impl ImportReport {
    fn add_counts(&mut self, counts: ImportCounts) {
        let total = &mut self.counts;
        total.documents += counts.documents;
        total.citations += counts.citations;
        total.links += counts.links;
        total.new += counts.new;
        total.ended += counts.ended;
    }

    /// Adds what another import did.
    pub fn extend(&mut self, other: Self) {
        self.add_counts(other.counts);
        self.unreadable.extend(other.unreadable);
        self.moved.extend(other.moved);
        self.paths.extend(other.paths);
    }
}

/// Whether this names a page on the web, rather than a file.
#[must_use]
pub fn is_address(what: &str) -> bool {
    let start = what.get(..8).unwrap_or(what).to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://")
}

/// The folder in which a glob begins.
fn glob_root(glob: &str) -> &Path {
    let wild = glob.find(['*', '?', '[', '{']).unwrap_or(glob.len());
    match glob[..wild].rfind('/') {
        Some(0) => Path::new("/"),
        Some(end) => Path::new(&glob[..end]),
        None => Path::new("."),
    }
}

/// The files below a folder; hidden ones are left out, and links to folders are not followed.
fn walk(folder: &Path, is_wanted: &dyn Fn(&Path) -> bool, all: &mut BTreeSet<PathBuf>) {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with('.') || all.len() >= MAX_FILES {
                continue;
            }
            let path = entry.path();
            let plain = path
                .strip_prefix("./")
                .map_or(path.clone(), Path::to_path_buf);
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else if is_wanted(&plain) {
                all.insert(path);
            }
        }
    }
}

fn imported(
    source: DocumentSource,
    options: &ImportOptions,
    workspace: &Workspace,
) -> ImportedDocument {
    let DocumentSource { raw, bytes, path } = source;
    let citations = read::citations(&raw);
    let mut citations: Vec<ImportedCitation> =
        citations.iter().map(|c| citation(c, workspace)).collect();
    opaque::known_by_doi(&mut citations);
    ImportedDocument {
        path,
        renamed_from: None,
        title: raw.title,
        date: raw.date,
        stated_title: options.title.clone(),
        stated_date: options.date,
        group: options.group.clone(),
        is_watched: options.is_watched,
        sha256: Sha256::digest(bytes).into(),
        citations,
    }
}

fn citation(citation: &Citation, workspace: &Workspace) -> ImportedCitation {
    let proxies = &workspace.settings.links.proxy_suffix;
    let resolve = |written: &str| identity::resolve(written, LinkRules::shipped(), proxies);
    let url_as_cited = address::shown(&citation.url);
    let alternative = citation.alternative.as_deref();
    let mut imported = ImportedCitation {
        // A link that is never fetched is known by what is written.
        identity: url_as_cited.clone(),
        url: url_as_cited.clone(),
        host: String::new(),
        alternative: alternative
            .and_then(|a| resolve(a).ok())
            .map(|a| a.url.into()),
        place: citation.place.to_string(),
        url_as_cited,
        fragment: None,
        title: citation.title.clone(),
        quote: citation.quote.clone(),
        cited_on: citation
            .cited_on
            .filter(|(_, from)| *from != CitedOnSource::Document),
        occurrences: citation.occurrences,
        copy: None,
    };
    if let Ok(target) = resolve(&citation.url) {
        let host = target.url.host_str().unwrap_or_default();
        host.clone_into(&mut imported.host);
        imported.identity = target.identity;
        imported.fragment = target.fragment;
        imported.quote = imported.quote.or(target.quote);
        imported.copy = target.copy.as_ref().map(memento::unjudged);
        imported.url = target.url.into();
    }
    imported
}

/// The document that had these bytes at a path that is no longer there. A document on the web is
/// not moved by a saved copy.
async fn renamed_from(
    store: &Store,
    document: &ImportedDocument,
) -> Result<Option<MovedDocument>, StoreError> {
    let known = store
        .documents_of_content(document.sha256, &document.path)
        .await?;
    let moved = known
        .into_iter()
        .find(|(_, path)| !is_address(path) && !Path::new(path).exists());
    Ok(moved.map(|(id, from)| MovedDocument {
        id,
        from,
        to: document.path.clone(),
    }))
}
