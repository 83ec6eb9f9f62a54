//! `links status` and `links show`: what the store knows of documents and their links.

use crate::cli::args::{LinksStatusArgs, OutputFormat};
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::out::OutputTable;
use crate::links::identity;
use crate::links::rules::LinkRules;
use crate::model::document::LinkFilter;
use crate::model::link::LinkState;
use crate::model::time::iso;
use crate::text::clean;

/// The columns of documents.csv.
const DOCUMENTS: [&str; 16] = [
    "document_id",
    "title",
    "path",
    "group",
    "date",
    "watched",
    "citations",
    "links",
    "alive",
    "moved",
    "drifted",
    "declines",
    "unreachable",
    "blocked",
    "gone",
    "unknown",
];
/// The states in the order of those columns.
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
const NONE_YET: &str = "no documents yet: `accesswatch links import FILE` keeps the links of one";

pub(super) fn status(context: &Context, args: &LinksStatusArgs) -> Result<Done, CliError> {
    let filter = LinkFilter {
        document: args
            .document
            .as_deref()
            .map(|id| number(id, 'D'))
            .transpose()?,
        state: args.state.as_deref().map(state).transpose()?,
        host: args.host.as_deref().map(str::to_ascii_lowercase),
    };
    let (_, store) = context.open_read_only()?;
    if filter != LinkFilter::default() {
        let mut table = OutputTable::new(&[
            "link_id",
            "url",
            "identity",
            "state",
            "code",
            "last_checked_utc",
            "citations",
            "documents",
        ]);
        for link in runtime()?.block_on(store.links(filter))? {
            table.push(vec![
                format!("L{}", link.id),
                link.url,
                link.identity,
                link.state.to_string(),
                link.code.unwrap_or_default(),
                link.last_checked.map(iso).unwrap_or_default(),
                link.citations.to_string(),
                link.documents.to_string(),
            ]);
        }
        table.print(args.format, "no such links")?;
        return Ok(Done::Ok);
    }
    let mut table = OutputTable::new(&DOCUMENTS);
    for document in runtime()?.block_on(store.documents())? {
        let of = |state: LinkState| {
            let found = document.states.iter().find(|(of, _)| *of == state);
            found.map_or(0, |(_, count)| *count).to_string()
        };
        let mut cells = vec![
            format!("D{}", document.id),
            document.title.clone().unwrap_or_default(),
            document.path.clone(),
            document.group.clone().unwrap_or_default(),
            document.date.clone().unwrap_or_default(),
            if document.is_watched { "yes" } else { "no" }.to_owned(),
            document.citations.to_string(),
            document.links.to_string(),
        ];
        cells.extend(STATES.into_iter().map(of));
        table.push(cells);
    }
    table.print(args.format, NONE_YET)?;
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
    say!(
        "L{}: {}, {}\nidentity: {}",
        found.id,
        found.state,
        clean::line(&found.url, 2000),
        clean::line(&found.identity, 2000)
    );
    let mut table = OutputTable::new(&[
        "citation_id",
        "document_id",
        "document",
        "place",
        "url_as_cited",
        "cited_on",
        "cited_on_from",
        "title",
        "quote",
        "occurrences",
        "ended_utc",
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
