//! `links check`: reads documents, checks the links that they cite once, and shows the worst first.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::document_file::read_document;
use super::links_copies::list_copies;
use super::links_edit;
use super::links_import::import;
use super::links_kept::check_kept;
use super::links_repair::run_repair;
use super::links_rows::{CitedLink, print, rows};
use super::links_status::{show, status};
use super::links_workspace::link_workspace;
use crate::cli::args::{LinksCheckArgs, LinksCommand};
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::long_work::LongWork;
use crate::cli::messages::count;
use crate::config::Workspace;
use crate::engine::SystemClock;
use crate::engine::link_check::{LinkChecker, LinkJob, LinkOutcome};
use crate::links::address;
use crate::links::identity::{self, LinkTarget};
use crate::links::read;
use crate::links::rules::LinkRules;
use crate::model::citation::Citation;
use crate::model::link::LinkState;
use crate::text::clean;

pub fn run(context: &Context, command: &LinksCommand) -> Result<Done, CliError> {
    match command {
        LinksCommand::Check(args) => check(context, args),
        LinksCommand::Import(args) => import(context, args),
        LinksCommand::Copies(args) => list_copies(context, args),
        LinksCommand::Repair(args) => run_repair(context, args),
        LinksCommand::Status(args) => status(context, args),
        LinksCommand::Accept { link } => links_edit::accept(context, link),
        LinksCommand::Observe(args) => links_edit::observe(context, args),
        LinksCommand::Ignore(args) => links_edit::ignore(context, args),
        LinksCommand::Cite(args) => links_edit::cite(context, args),
        LinksCommand::Document(args) => links_edit::document(context, args),
        LinksCommand::Remove { document } => links_edit::remove(context, document),
        LinksCommand::Show { link, format } => show(context, link, *format),
    }
}

fn check(context: &Context, args: &LinksCheckArgs) -> Result<Done, CliError> {
    if args.what.is_empty() {
        return check_kept(context, args);
    }
    let workspace = link_workspace(context, args.vantage.as_deref())?;
    let mut links = Links::default();
    let mut unreadable = 0;
    for what in &args.what {
        if let Err(reason) = links.add(what, &workspace) {
            say!("{}: {reason}", clean::line(what, 200));
            unreadable += 1;
        }
    }
    let cited = links.all.len();
    if cited == 0 && unreadable == 0 {
        say!("no links found");
    }
    let outcomes = measure(&workspace, args, &mut links)?;
    let mut found: Vec<(CitedLink, LinkOutcome)> = links.all.into_iter().zip(outcomes).collect();
    found.sort_by_key(|(_, outcome)| (outcome.state, !outcome.confirmed));
    print(&rows(&found), args.format)?;
    say!("{}", summary(&found, args.what.len() - unreadable));
    let is_bad =
        |(_, o): &(CitedLink, LinkOutcome)| matches!(o.state, LinkState::Gone | LinkState::Blocked);
    Ok(if unreadable > 0 {
        Done::Partly
    } else if args.exit_code && found.iter().any(is_bad) {
        Done::Regression
    } else {
        Done::Ok
    })
}

/// The links of all documents, each once.
#[derive(Default)]
struct Links {
    all: Vec<CitedLink>,
    /// By identity.
    known: HashMap<String, usize>,
}

impl Links {
    /// Adds an address, or the links of a file.
    fn add(&mut self, what: &str, workspace: &Workspace) -> Result<(), CliError> {
        let lower = what.to_ascii_lowercase();
        if lower.starts_with("http://") || lower.starts_with("https://") {
            let target = resolve(what, workspace)
                .map_err(|why| CliError::Usage(format!("`{}`: {why}", clean::line(what, 200))))?;
            self.put(CitedLink::named(what, target));
            return Ok(());
        }
        let document = read_document(Path::new(what))?.0;
        for citation in read::citations(&document) {
            self.put(cited(&citation, what, workspace));
        }
        Ok(())
    }

    fn put(&mut self, link: CitedLink) {
        if let Some(at) = self.known.get(&link.identity) {
            self.all[*at].add(link);
        } else {
            self.known.insert(link.identity.clone(), self.all.len());
            self.all.push(link);
        }
    }
}

fn resolve(written: &str, workspace: &Workspace) -> Result<LinkTarget, address::AddressError> {
    let proxies = &workspace.settings.links.proxy_suffix;
    identity::resolve(written, LinkRules::shipped(), proxies)
}

fn cited(citation: &Citation, document: &str, workspace: &Workspace) -> CitedLink {
    let alternative = citation.alternative.as_deref();
    let alternative = alternative.and_then(|a| resolve(a, workspace).ok());
    match resolve(&citation.url, workspace) {
        Ok(target) => CitedLink::cited(citation, document, target, alternative),
        Err(_) => CitedLink::unfetchable(citation, document),
    }
}

/// Checks the links that can be fetched; the outcomes are in the order of the links.
fn measure(
    workspace: &Workspace,
    args: &LinksCheckArgs,
    links: &mut Links,
) -> Result<Vec<LinkOutcome>, CliError> {
    let jobs: Vec<(usize, LinkJob)> = links
        .all
        .iter()
        .enumerate()
        .filter_map(|(at, link)| Some((at, link.job()?)))
        .collect();
    let mut outcomes: Vec<LinkOutcome> = links.all.iter().map(CitedLink::unchecked).collect();
    if jobs.is_empty() {
        return Ok(outcomes);
    }
    let checker = LinkChecker::new(workspace, args.vantage.as_deref(), Arc::new(SystemClock))?;
    let checker = Arc::new(checker);
    let (places, jobs): (Vec<usize>, Vec<LinkJob>) = jobs.into_iter().unzip();
    let work = LongWork::in_steps("links checked", jobs.len());
    let progress = || work.step();
    let measured = runtime()?.block_on(async {
        let rounds = checker.vantages(&mut Vec::new()).await;
        for round in rounds.iter().filter(|r| !r.usable) {
            say!("vantage {}: {}", round.vantage, round.text);
        }
        if !rounds.iter().any(|r| r.usable) {
            return Err(CliError::Work(
                "nothing was checked: no vantage works, so that a link that fails says nothing"
                    .to_owned(),
            ));
        }
        Ok(checker.check(jobs, &rounds, progress).await)
    })?;
    for (at, outcome) in places.into_iter().zip(measured) {
        outcomes[at] = outcome;
    }
    Ok(outcomes)
}

/// `12 links of 2 documents: 1 gone, 11 alive`.
fn summary(found: &[(CitedLink, LinkOutcome)], documents: usize) -> String {
    use strum::IntoEnumIterator as _;
    let of_state = |state: LinkState| {
        let number = found.iter().filter(|(_, o)| o.state == state).count();
        (number > 0).then(|| format!("{number} {state}"))
    };
    let states: Vec<String> = LinkState::iter().filter_map(of_state).collect();
    let links = count(found.len() as u64, "link");
    let of = count(documents as u64, "document");
    if states.is_empty() {
        return format!("{links} of {of}");
    }
    format!("{links} of {of}: {}", states.join(", "))
}
