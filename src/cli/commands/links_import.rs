//! `links import`: keeps the links of documents in the store.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::document_file::read_document;
use crate::cli::args::{LinksImportArgs, OutputFormat};
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::messages::count;
use crate::cli::out;
use crate::config::Workspace;
use crate::links::identity;
use crate::links::read;
use crate::links::rules::LinkRules;
use crate::links::{address, read::block::RawDocument};
use crate::model::citation::{Citation, PartialDate};
use crate::model::document::{ImportCounts, ImportedCitation, ImportedDocument};
use crate::store::Store;
use crate::text::clean;

/// Documents that are read before they are written together.
const BATCH: usize = 200;
/// Files of one folder or glob.
const MAX_FILES: usize = 200_000;

/// A file that cannot be read, and why.
struct Unreadable {
    file: String,
    reason: String,
}

pub(super) fn import(context: &Context, args: &LinksImportArgs) -> Result<Done, CliError> {
    let date = args.date.as_deref().map(date).transpose()?;
    let (workspace, store) = context.open()?;
    let mut unreadable = Vec::new();
    let files = files(&args.what, &mut unreadable);
    if args.title.is_some() && files.len() > 1 {
        let error = "--title is of one document; name one file";
        return Err(CliError::Usage(error.to_owned()));
    }
    let mut total = ImportCounts::default();
    let runtime = runtime()?;
    let mut batch: Vec<ImportedDocument> = Vec::new();
    let mut files = files.into_iter().peekable();
    while let Some(path) = files.next() {
        match read_document(&path) {
            Ok((raw, bytes)) => {
                let mut document = imported(&raw, &bytes, &path, args, date, &workspace);
                document.renamed_from = runtime.block_on(renamed_from(&store, &document))?;
                batch.push(document);
            }
            Err(why) => unreadable.push(Unreadable {
                file: shown(&path),
                reason: why.to_string(),
            }),
        }
        if batch.len() >= BATCH || (files.peek().is_none() && !batch.is_empty()) {
            let now = chrono::Utc::now();
            let written = store.import_documents(std::mem::take(&mut batch), now, args.dry_run);
            let counts = runtime.block_on(written)?;
            total.documents += counts.documents;
            total.citations += counts.citations;
            total.links += counts.links;
            total.new += counts.new;
            total.ended += counts.ended;
        }
    }
    print(total, &unreadable, args)?;
    Ok(if unreadable.is_empty() {
        Done::Ok
    } else {
        Done::Partly
    })
}

/// 2023, 2023-05 or 2023-05-08.
fn date(text: &str) -> Result<PartialDate, CliError> {
    PartialDate::parse(text).ok_or_else(|| {
        let shown = clean::line(text, 40);
        CliError::Usage(format!(
            "`{shown}` is no date; write 2023, 2023-05 or 2023-05-08"
        ))
    })
}

/// The files that paths, folders and globs name, each once. What names none is unreadable.
fn files(what: &[String], unreadable: &mut Vec<Unreadable>) -> Vec<PathBuf> {
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
            unreadable.push(Unreadable {
                file: clean::line(name, 300),
                reason: "no file is there".to_owned(),
            });
        }
    }
    all.into_iter().collect()
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

fn shown(path: &Path) -> String {
    clean::line(&path.to_string_lossy(), 300)
}

fn imported(
    raw: &RawDocument,
    bytes: &[u8],
    path: &Path,
    args: &LinksImportArgs,
    date: Option<PartialDate>,
    workspace: &Workspace,
) -> ImportedDocument {
    let canonical = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let dated = RawDocument {
        date: date.or(raw.date),
        ..raw.clone()
    };
    let citations = read::citations(&dated);
    ImportedDocument {
        path: canonical.to_string_lossy().into_owned(),
        renamed_from: None,
        title: args.title.clone().or_else(|| raw.title.clone()),
        group: args.group.clone(),
        date: dated.date,
        is_watched: args.watched,
        sha256: Sha256::digest(bytes).into(),
        citations: citations.iter().map(|c| citation(c, workspace)).collect(),
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
        cited_on: citation.cited_on,
        occurrences: citation.occurrences,
    };
    if let Ok(target) = resolve(&citation.url) {
        let host = target.url.host_str().unwrap_or_default();
        host.clone_into(&mut imported.host);
        imported.identity = target.identity;
        imported.fragment = target.fragment;
        imported.quote = imported.quote.or(target.quote);
        imported.url = target.url.into();
    }
    imported
}

/// The document that had these bytes at a path that is no longer there.
async fn renamed_from(store: &Store, document: &ImportedDocument) -> Result<Option<i64>, CliError> {
    let known = store
        .documents_of_content(document.sha256, &document.path)
        .await?;
    let moved = known
        .into_iter()
        .find(|(_, path)| !Path::new(path).exists());
    if let Some((id, path)) = &moved {
        say!(
            "D{id}: {} is now {}",
            clean::line(path, 300),
            clean::line(&document.path, 300)
        );
    }
    Ok(moved.map(|(id, _)| id))
}

fn print(
    counts: ImportCounts,
    unreadable: &[Unreadable],
    args: &LinksImportArgs,
) -> Result<(), CliError> {
    for failed in unreadable {
        say!("{}: {}", failed.file, failed.reason);
    }
    if args
        .format
        .is_some_and(|format| format != OutputFormat::Table)
    {
        let failed: Vec<_> = unreadable
            .iter()
            .map(|u| json!({"file": u.file, "reason": u.reason}))
            .collect();
        let object = json!({
            "documents": counts.documents,
            "citations": counts.citations,
            "links": counts.links,
            "new": counts.new,
            "ended": counts.ended,
            "unreadable": failed,
        });
        return out::put(&format!("{object:#}\n"));
    }
    say!(
        "{}{}, {} of {}: {} new, {} ended",
        if args.dry_run { "would import " } else { "" },
        count(counts.documents, "document"),
        count(counts.citations, "citation"),
        count(counts.links, "link"),
        counts.new,
        counts.ended
    );
    Ok(())
}
