//! `links repair`: writes a document with its dead and moved links repaired.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::document_file::read_document;
use super::links_repair_rows::{print, summary};
use super::links_workspace::link_workspace;
use crate::cli::args::LinksRepairArgs;
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::messages::count;
use crate::config::Workspace;
use crate::disk;
use crate::engine::SystemClock;
use crate::engine::link_repair::{RepairKnowledge, RepairSources};
use crate::links::read::{self, ReadError};
use crate::links::repair::{HrefTarget, RepairOptions, RepairedDocument, repair};
use crate::model::citation::Citation;
use crate::model::link::LinkState;
use crate::store::Store;
use crate::text::clean;

pub(super) fn run_repair(context: &Context, args: &LinksRepairArgs) -> Result<Done, CliError> {
    let options = options(args)?;
    let path = args.file.as_path();
    let target = Target::of_args(args)?;
    let (document, bytes) = read_document(path)?;
    let name = path.to_string_lossy();
    let unreadable = |why: ReadError| CliError::Work(format!("{}: {why}", shown(path)));
    let knowledge = knowledge(context, args, &read::citations(&document))?;
    let lookup = |written: &str| knowledge.facts(written);
    let repaired = repair(&bytes, &name, &options, &lookup).map_err(unreadable)?;
    let written = target.write(&bytes, &repaired);
    print(&repaired.rows, args.format)?;
    say!("{}", summary(&repaired.rows));
    match written? {
        Some(path) => say!("written: {}", shown(&path)),
        None if !repaired.is_writable => say!("no file was written"),
        None => say!("nothing of {} changes", shown(path)),
    }
    Ok(Done::Ok)
}

fn shown(path: &Path) -> String {
    clean::line(&path.to_string_lossy(), 300)
}

fn options(args: &LinksRepairArgs) -> Result<RepairOptions, CliError> {
    let defaults = RepairOptions::default();
    let mut states = Vec::new();
    for name in &args.states {
        let state: Option<LinkState> = name.trim().parse().ok();
        let state = state.filter(|state| defaults.states.contains(state));
        states.push(state.ok_or_else(|| {
            let shown = clean::line(name, 40);
            CliError::Usage(format!(
                "`{shown}` is not repaired; --states takes gone, blocked, drifted and moved"
            ))
        })?);
    }
    Ok(RepairOptions {
        states: if states.is_empty() {
            defaults.states
        } else {
            states
        },
        style: args.style.map(Into::into),
        language: args.lang.map(Into::into),
        href: args.href.map_or(HrefTarget::Original, Into::into),
    })
}

/// Where the repaired document goes.
enum Target {
    File {
        path: PathBuf,
        overwrite: bool,
    },
    InPlace {
        path: PathBuf,
        backup: PathBuf,
        overwrite: bool,
    },
}

impl Target {
    fn of_args(args: &LinksRepairArgs) -> Result<Self, CliError> {
        let overwrite = args.force;
        if let Some(out) = &args.output {
            let is_same = |out: &Path| {
                let real = (out.canonicalize().ok(), args.file.canonicalize().ok());
                matches!(real, (Some(out), Some(file)) if out == file)
            };
            if is_same(out) {
                let error = "the output is the document itself; write --in-place instead of -o";
                return Err(CliError::Usage(error.to_owned()));
            }
            if out.exists() && !overwrite {
                let shown = shown(out);
                return Err(CliError::Usage(format!(
                    "{shown} already exists; --force overwrites it"
                )));
            }
            return Ok(Self::File {
                path: out.clone(),
                overwrite,
            });
        }
        // What a symbolic link names is replaced, not the link.
        let path = args
            .file
            .canonicalize()
            .unwrap_or_else(|_| args.file.clone());
        let mut backup = path.as_os_str().to_owned();
        backup.push(".bak");
        Ok(Self::InPlace {
            path,
            backup: PathBuf::from(backup),
            overwrite,
        })
    }

    /// Writes the document; `None` when there is nothing to write.
    fn write(&self, old: &[u8], repaired: &RepairedDocument) -> Result<Option<PathBuf>, CliError> {
        match (self, &repaired.bytes) {
            (Self::File { path, overwrite }, new) if repaired.is_writable => {
                let new = new.as_deref().unwrap_or(old);
                let failed = CliError::io(format!("cannot write {}", shown(path)));
                let written = if *overwrite {
                    disk::write_whole(path, new)
                } else {
                    disk::write_new(path, new)
                };
                written.map_err(failed)?;
                Ok(Some(path.clone()))
            }
            (
                Self::InPlace {
                    path,
                    backup,
                    overwrite,
                },
                Some(new),
            ) => {
                if backup.exists() && !overwrite {
                    let shown = shown(backup);
                    return Err(CliError::Usage(format!(
                        "nothing was written: {shown} already exists; move it away, or --force \
                         overwrites it"
                    )));
                }
                let failed = CliError::io(format!("cannot replace {}", shown(path)));
                disk::replace_with_backup(path, backup, old, new).map_err(failed)?;
                Ok(Some(path.clone()))
            }
            _ => Ok(None),
        }
    }
}

/// What is known about the links: from the store, where there is one, and from a check.
fn knowledge(
    context: &Context,
    args: &LinksRepairArgs,
    citations: &[Citation],
) -> Result<RepairKnowledge, CliError> {
    let workspace = link_workspace(context, args.vantage.as_deref())?;
    let store = kept_store(context, &workspace)?;
    let sources = RepairSources {
        workspace: &workspace,
        store: store.as_ref(),
        vantage: args.vantage.as_deref(),
        is_offline: args.offline,
        clock: Arc::new(SystemClock),
    };
    let knowledge = runtime()?.block_on(sources.gather(citations))?;
    for round in &knowledge.unusable {
        say!("vantage {}: {}", round.vantage, round.text);
    }
    if knowledge.unchecked > 0 {
        return Err(CliError::Work(format!(
            "{} not checked: no vantage works; --offline repairs with what is kept",
            count(knowledge.unchecked as u64, "link")
        )));
    }
    Ok(knowledge)
}

/// The store of the workspace, when both are there.
fn kept_store(context: &Context, workspace: &Workspace) -> Result<Option<Store>, CliError> {
    let is_workspace = context.dir.join("config/accesswatch.toml").exists();
    let path = &workspace.settings.store.path;
    if !is_workspace || !path.exists() {
        return Ok(None);
    }
    Ok(Some(Store::open_read_only(path)?))
}
