//! `links status` and `links show`: what the store knows of documents and their links.

use super::links_diff;
use super::links_documents::print_documents;
use crate::cli::args::{LinksStatusArgs, OutputFormat};
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::out::{JsonKind, OutputTable};
use crate::links::identity;
use crate::links::rules::LinkRules;
use crate::model::Time;
use crate::model::document::{LinkFilter, LinkRow};
use crate::model::link::{LinkId, LinkState};
use crate::model::time::iso;
use crate::store::Store;
use crate::text::clean;

/// The states, best first.
const STATES: [LinkState; 8] = [
    LinkState::Alive,
    LinkState::Moved,
    LinkState::Drifted,
    LinkState::Declines,
    LinkState::Unreachable,
    LinkState::Blocked,
    LinkState::Gone,
    LinkState::Unknown,
];
/// Checks of a link that are shown.
const SHOWN_CHECKS: usize = 20;

pub(super) fn status(context: &Context, args: &LinksStatusArgs) -> Result<Done, CliError> {
    let filter = filter(
        args.document.as_deref(),
        args.state.as_deref(),
        args.host.as_deref(),
    )?;
    let (_, store) = context.open_read_only()?;
    if filter != LinkFilter::default() {
        return links(&store, filter, args.format);
    }
    print_documents(&store, args.format)?;
    Ok(Done::Ok)
}

/// The links that a filter names.
fn links(
    store: &Store,
    filter: LinkFilter,
    format: Option<OutputFormat>,
) -> Result<Done, CliError> {
    let mut table = OutputTable::typed(&[
        ("link_id", JsonKind::Text),
        ("url", JsonKind::Text),
        ("identity", JsonKind::Text),
        ("state", JsonKind::Text),
        ("code", JsonKind::Text),
        ("since_utc", JsonKind::Text),
        ("last_checked_utc", JsonKind::Text),
        ("moved_to", JsonKind::Text),
        ("remarks", JsonKind::List),
        ("citations", JsonKind::Number),
        ("documents", JsonKind::Number),
    ]);
    for link in runtime()?.block_on(store.links(filter))? {
        table.push(vec![
            format!("L{}", link.id),
            link.url,
            link.identity,
            link.state.to_string(),
            link.code.unwrap_or_default(),
            link.since.map(iso).unwrap_or_default(),
            link.last_checked.map(iso).unwrap_or_default(),
            link.moved_to.unwrap_or_default(),
            link.remarks.join(" | "),
            link.citations.to_string(),
            link.documents.to_string(),
        ]);
    }
    table.print(format, "no such links")?;
    Ok(Done::Ok)
}

pub(super) fn show(
    context: &Context,
    link: &str,
    format: Option<OutputFormat>,
) -> Result<Done, CliError> {
    let (workspace, store) = context.open_read_only()?;
    let proxies = &workspace.settings.links.proxy_suffix;
    let id = number(link, 'L').ok();
    let by_address = || identity::resolve(link, LinkRules::shipped(), proxies).ok();
    let named = match id {
        Some(_) => None,
        None => by_address().map(|target| target.identity),
    };
    let Some((found, citations)) = runtime()?.block_on(store.link(id, named))? else {
        let shown = clean::line(link, 200);
        return Err(CliError::Usage(format!(
            "no document cites `{shown}`; `accesswatch links status --state unknown` lists links"
        )));
    };
    print(&found);
    if let Some(url) = &found.archive_url {
        let at = found.archive_time.map(iso).unwrap_or_default();
        let judged = found.archive_judged.as_deref().unwrap_or_default();
        say!("copy: {} of {at}, {judged}", clean::line(url, 2000));
    }
    print_history(&store, LinkId(found.id))?;
    runtime()?.block_on(links_diff::print(&store, found.id, &citations, format))?;
    let mut table = OutputTable::typed(&[
        ("citation_id", JsonKind::Text),
        ("document_id", JsonKind::Text),
        ("document", JsonKind::Text),
        ("place", JsonKind::Text),
        ("url_as_cited", JsonKind::Text),
        ("cited_on", JsonKind::Text),
        ("cited_on_from", JsonKind::Text),
        ("title", JsonKind::Text),
        ("quote", JsonKind::Text),
        ("occurrences", JsonKind::Number),
        ("ended_utc", JsonKind::Text),
    ]);
    for citation in citations {
        table.push(vec![
            format!("C{}", citation.id),
            format!("D{}", citation.document),
            citation.path,
            citation.place,
            citation.url_as_cited,
            citation.cited_on.unwrap_or_default(),
            citation.cited_on_from.unwrap_or_default(),
            citation.title.unwrap_or_default(),
            citation.quote.unwrap_or_default(),
            citation.occurrences.to_string(),
            citation.ended.map(iso).unwrap_or_default(),
        ]);
    }
    table.print(format, "no document cites it any more")?;
    Ok(Done::Ok)
}

/// What is known about a link now.
fn print(link: &LinkRow) {
    say!(
        "L{}: {}, {}\nidentity: {}",
        link.id,
        link.state,
        clean::line(&link.url, 2000),
        clean::line(&link.identity, 2000)
    );
    let time = |at: Option<Time>| at.map(iso);
    for (name, value) in [
        ("since", time(link.since)),
        ("last served", time(link.last_ok)),
        ("last checked", time(link.last_checked)),
        ("first gone", time(link.first_gone)),
        ("moved to", link.moved_to.clone()),
        ("leads to", link.target_noted().map(str::to_owned)),
        ("title", link.title.clone()),
        ("instead", link.suggestion().map(str::to_owned)),
        ("vantages", some(link.vantages.join(", "))),
        ("remarks", some(link.remarks.join(", "))),
    ] {
        if let Some(value) = value {
            say!("{name}: {}", clean::line(&value, 2000));
        }
    }
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// The events of a link, and its newest checks.
fn print_history(store: &Store, id: LinkId) -> Result<(), CliError> {
    let (checks, events) = runtime()?.block_on(store.link_history(id))?;
    for event in &events {
        let states = event.from.zip(event.to);
        let change = states.map(|(from, to)| format!("{to}, was {from}"));
        let code = event.code.map(|code| format!(" ({code})"));
        say!(
            "{} {}: {}{}",
            iso(event.at),
            event.kind,
            change.unwrap_or_default(),
            code.unwrap_or_default()
        );
    }
    for check in checks.iter().take(SHOWN_CHECKS) {
        say!(
            "{} checked from {}: {}",
            iso(check.at),
            check.vantage,
            check.code
        );
    }
    Ok(())
}

/// The links of a document, a state and a host, as they are typed.
pub(super) fn filter(
    document: Option<&str>,
    of_state: Option<&str>,
    host: Option<&str>,
) -> Result<LinkFilter, CliError> {
    Ok(LinkFilter {
        document: document.map(|id| number(id, 'D')).transpose()?,
        state: of_state.map(state).transpose()?,
        host: host.map(str::to_ascii_lowercase),
    })
}

/// The number of `D3` or `L12`.
pub(super) fn number(id: &str, letter: char) -> Result<i64, CliError> {
    id.strip_prefix([letter, letter.to_ascii_lowercase()])
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| CliError::Usage(format!("write an id such as {letter}12")))
}

fn state(text: &str) -> Result<LinkState, CliError> {
    text.parse().map_err(|_| {
        let known: Vec<String> = STATES.iter().map(ToString::to_string).collect();
        CliError::Usage(format!("a state is one of {}", known.join(", ")))
    })
}
