//! From a list to a probe file: new entries are written, existing ones are left out and counted.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::ids::{IdAllocator, slug};
use super::row::{ImportList, ImportRow};
use super::{MAX_BYTES, MAX_ROWS};
use crate::config::{Diagnostics, Workspace, single};
use crate::disk;
use crate::model::Level;
use crate::model::probe::Target as Asked;
use crate::text::clean;

/// The size limit of a probe file.
const MAX_FILE: usize = 8 * 1024 * 1024;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(
        "this is not a known kind of list: citizenlab CSV, a CSV or KBART with a column `url` or `title_url`, a bare list of addresses, OPML, bookmarks, a sitemap, a list of urlwatch, a backup of Uptime Kuma; --format says which it is"
    )]
    UnknownFormat,
    #[error("more than {MAX_ROWS} rows; split the list")]
    TooLong,
    #[error("more than {} MiB; split the list", MAX_BYTES / 1024 / 1024)]
    TooLarge,
    #[error("the probe file would have {0} MiB, more than the 8 MiB that are read; split the list")]
    FileTooLarge(usize),
    #[error("this sitemap names other sitemaps; import each of these")]
    SitemapIndex,
    #[error("not JSON: {0}; export it again")]
    Json(String),
    #[error("not a table: {0}; save it as CSV again")]
    Table(String),
    #[error("the source `{id}` already exists, in {file}; --id gives this list another name")]
    SourceThere { id: String, file: PathBuf },
    #[error("{0} exists already and is not a file of this list; --id gives the list another name")]
    FileThere(PathBuf),
    #[error(
        "`{0}` is not an id: up to 64 letters, digits, `-`, `_` or `.`, a letter or digit first"
    )]
    BadId(String),
    #[error("{path}: {source}; let accesswatch's user read and write it")]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    /// The generated file does not load: a bug in this program.
    #[error("the file would not load, nothing is written: {0}")]
    Faulty(Diagnostics),
}

/// The destination of a list.
#[derive(Debug, Clone)]
pub struct ImportTarget<'a> {
    /// The list's own name, `cn.csv`.
    pub file_name: &'a str,
    /// The source's id; `None`: derived from the file name.
    pub id: Option<&'a str>,
    /// The folder below `probes/`, and the source's group.
    pub group: &'a str,
    pub today: chrono::NaiveDate,
}

/// What will be written, and what was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPlan {
    /// Relative to the workspace.
    pub path: PathBuf,
    pub source: String,
    /// The new probes' ids, in the order of the list.
    pub added: Vec<String>,
    /// Rows whose address came before in the same list.
    pub twice: usize,
    /// Rows whose address differs from an earlier one only after `#`, which no server receives.
    pub same_page: usize,
    /// Rows whose address is already probed.
    pub configured: usize,
    /// The whole new file; empty when nothing is added.
    pub text: String,
}

/// Computes the file for a list; writes nothing. A file from an earlier import keeps every line,
/// and new entries are appended.
///
/// # Errors
/// The name belongs to something else, or the existing file cannot be read.
pub fn plan(
    workspace: &Workspace,
    list: &ImportList,
    target: &ImportTarget<'_>,
) -> Result<ImportPlan, ImportError> {
    let stem = Path::new(target.file_name).file_stem().unwrap_or_default();
    let id = match target.id {
        Some(id) => id.to_owned(),
        None => slug(&stem.to_string_lossy(), 64),
    };
    if let Some(bad) = [&id, target.group].into_iter().find(|n| !single::is_id(n)) {
        return Err(ImportError::BadId(clean::line(bad, 80)));
    }
    let path = Path::new("probes")
        .join(target.group)
        .join(format!("{id}.toml"));
    let before = before(workspace, &id, &path)?;
    let known = watched_urls(workspace);
    let source = id.as_str().into();
    let own = workspace
        .catalogue
        .probes_of(&source)
        .map(|p| p.id.to_string());
    let mut ids = IdAllocator::new(own);
    let (mut twice, mut same_page, mut configured, mut added) = (0, 0, 0, Vec::new());
    let mut seen = BTreeSet::new();
    for row in &list.rows {
        if !seen.insert(row.url.as_str()) {
            let counted = if row.fragment {
                &mut same_page
            } else {
                &mut twice
            };
            *counted += 1;
        } else if known.contains(row.url.as_str()) {
            configured += 1;
        } else {
            added.push((ids.allocate(&row.url), row));
        }
    }
    let mut plan = ImportPlan {
        path,
        source: id,
        added: added.iter().map(|(id, _)| id.clone()).collect(),
        twice,
        same_page,
        configured,
        text: String::new(),
    };
    if !added.is_empty() {
        let head = before.unwrap_or_else(|| head(&plan.source, list, target));
        plan.text = head + &family(&added, target);
        if plan.text.len() > MAX_FILE {
            return Err(ImportError::FileTooLarge(plan.text.len().div_ceil(1 << 20)));
        }
        single::source(&plan.path, &plan.text).map_err(ImportError::Faulty)?;
    }
    Ok(plan)
}

/// The addresses of all probes, without fragments.
fn watched_urls(workspace: &Workspace) -> BTreeSet<String> {
    let urls = workspace
        .catalogue
        .all()
        .filter_map(|probe| match &probe.target {
            Asked::Url(url) => Some(url.clone()),
            Asked::File(_) => None,
        });
    urls.map(|mut url| {
        url.set_fragment(None);
        url.into()
    })
    .collect()
}

impl ImportPlan {
    /// Writes the file in one step.
    ///
    /// # Errors
    /// The folder or the file cannot be written.
    pub fn write(&self, dir: &Path) -> Result<(), ImportError> {
        let path = dir.join(&self.path);
        let io = |source| ImportError::Io {
            path: self.path.clone(),
            source,
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(io)?;
        }
        disk::write_whole(&path, self.text.as_bytes()).map_err(io)
    }
}

/// The file of an earlier import of this list; `None` for the first import.
fn before(workspace: &Workspace, id: &str, path: &Path) -> Result<Option<String>, ImportError> {
    let whole = workspace.dir.join(path);
    match workspace.catalogue.source(&id.into()) {
        Some(source) if source.file != path => Err(ImportError::SourceThere {
            id: id.to_owned(),
            file: source.file.clone(),
        }),
        Some(_) => {
            let text = std::fs::read_to_string(&whole).map_err(|source| ImportError::Io {
                path: path.to_owned(),
                source,
            })?;
            Ok(Some(text))
        }
        None if whole.exists() => Err(ImportError::FileThere(path.to_owned())),
        None => Ok(None),
    }
}

fn head(id: &str, list: &ImportList, target: &ImportTarget<'_>) -> String {
    let file = clean::line(target.file_name, 100);
    let note = format!(
        "{} imported from {file} on {}: front pages alone, without markers, so that a page that answers is all that is known.",
        capital(list.format.words()),
        target.today
    );
    format!(
        "# Imported by `accesswatch source import`, one probe a page. Everything here may be edited; importing a newer list adds\n\
         # what is missing at the end and changes nothing above.\n\n\
         [source]\nid = {}\nname = {}\ngroup = {}\naccess = \"public\"\nnote = {}\n\
         store_body = \"never\" # of thousands of pages hashes suffice; \"always\" keeps the pages\n",
        quoted(id),
        quoted(&file),
        quoted(target.group),
        quoted(&note),
    )
}

/// The new probes: shared keys first, then one record each.
fn family(added: &[(String, &ImportRow)], target: &ImportTarget<'_>) -> String {
    let mut text = format!(
        "\n# {} on {}. Without a schedule here the default of [schedule] holds; \"20 9 * * *\" is once a day.\n[[probe]]\nlevel = \"home\"\n",
        match added.len() {
            1 => "1 page".to_owned(),
            n => format!("{n} pages"),
        },
        target.today,
    );
    for (id, row) in added {
        text.push('\n');
        if !row.remark.is_empty() {
            let _ = writeln!(text, "# {}", row.remark);
        }
        let _ = write!(
            text,
            "[[probe.record]]\nid = {}\nname = {}\nurl = {}\n",
            quoted(id),
            quoted(&row.name),
            quoted(row.url.as_str())
        );
        if row.level != Level::Home {
            let _ = writeln!(text, "level = \"{}\"", row.level);
        }
    }
    text
}

/// Text as a TOML string.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
