//! What people say about links, citations and documents: accept, observe, ignore, cite, document,
//! remove.

use chrono::{NaiveDate, NaiveTime};

use super::links_status::number;
use crate::cli::args::{LinksCiteArgs, LinksDocumentArgs, LinksIgnoreArgs, LinksObserveArgs};
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::messages::count;
use crate::model::Time;
use crate::model::citation::PartialDate;
use crate::model::document::DocumentEdit;
use crate::model::link::LinkId;
use crate::model::link_status::PersonSaw;
use crate::store::Ignore;
use crate::text::clean;
use crate::track::link_status;

pub(super) fn accept(context: &Context, link: &str) -> Result<Done, CliError> {
    let id = LinkId(number(link, 'L')?);
    let (_, store) = context.open()?;
    let now = chrono::Utc::now();
    let event = runtime()?.block_on(store.accept_link(id, None, now))?;
    let event = event.ok_or_else(|| no_link(link))?;
    say!(
        "{id}: {}, was {}; the page as it is now is the reference",
        event.to,
        event.from
    );
    Ok(Done::Ok)
}

pub(super) fn observe(context: &Context, args: &LinksObserveArgs) -> Result<Done, CliError> {
    let id = LinkId(number(&args.link, 'L')?);
    let saw: PersonSaw = args.browser.parse().map_err(|_| {
        CliError::Usage("--browser is one of ok, gone, drifted, refused".to_owned())
    })?;
    let now = chrono::Utc::now();
    let on = args.on.as_deref().map_or(Ok(now), |day| on(day, now))?;
    let (_, store) = context.open()?;
    let edit = move |status: &mut _| link_status::observe(status, saw, on, now);
    let saw = Some((saw.to_string(), on));
    let event = runtime()?.block_on(store.edit_link(id, edit, saw, None))?;
    let event = event.ok_or_else(|| no_link(&args.link))?;
    if event.from == event.to {
        say!("{id} stays {}; what you saw is noted", event.to);
    } else {
        say!("{id}: {}, was {}", event.to, event.from);
    }
    Ok(Done::Ok)
}

/// The noon of a day that is not in the future.
fn on(day: &str, now: Time) -> Result<Time, CliError> {
    let parsed = day.parse::<NaiveDate>().ok().map(|day| {
        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
        day.and_time(noon).and_utc().min(now)
    });
    let is_past = |at: &Time| at.date_naive() <= now.date_naive();
    let shown = clean::line(day, 40);
    parsed
        .filter(|at| {
            is_past(at)
                && day
                    .parse::<NaiveDate>()
                    .is_ok_and(|d| d <= now.date_naive())
        })
        .ok_or_else(|| CliError::Usage(format!("`{shown}` is no past day such as 2026-05-08")))
}

pub(super) fn ignore(context: &Context, args: &LinksIgnoreArgs) -> Result<Done, CliError> {
    let ignore = match (&args.link, &args.host, &args.url) {
        (Some(link), None, None) => Ignore::Link(LinkId(number(link, 'L')?).to_string()),
        (None, Some(host), None) => Ignore::Host(host.to_ascii_lowercase()),
        (None, None, Some(glob)) => Ignore::Url(glob.clone()),
        _ => {
            return Err(CliError::Usage(
                "name one: LINK, --host HOST or --url GLOB".to_owned(),
            ));
        }
    };
    let (_, store) = context.open()?;
    let runtime = runtime()?;
    if args.undo {
        let (was_there, links) = runtime.block_on(store.end_ignore(ignore))?;
        if !was_there {
            return Err(CliError::Usage("that is not ignored".to_owned()));
        }
        say!("{} checked again", count(links as u64, "link"));
        return Ok(Done::Ok);
    }
    let now = chrono::Utc::now();
    let links = runtime.block_on(store.ignore_links(ignore, args.why.clone(), now))?;
    say!(
        "{} no longer checked, counted and mailed",
        count(links as u64, "link")
    );
    Ok(Done::Ok)
}

pub(super) fn cite(context: &Context, args: &LinksCiteArgs) -> Result<Done, CliError> {
    let id = number(&args.citation, 'C')?;
    if args.date.is_none() && args.quote.is_none() {
        return Err(CliError::Usage("give --date, --quote or both".to_owned()));
    }
    let date = args.date.as_deref().map(date).transpose()?;
    let (_, store) = context.open()?;
    let date = date.map(|date| date.to_string());
    let edit = store.edit_citation(id, date, args.quote.clone());
    if !runtime()?.block_on(edit)? {
        return Err(CliError::Usage(format!("there is no citation C{id}")));
    }
    say!("C{id} is changed");
    Ok(Done::Ok)
}

fn date(text: &str) -> Result<PartialDate, CliError> {
    PartialDate::parse(text).ok_or_else(|| {
        let shown = clean::line(text, 40);
        CliError::Usage(format!(
            "`{shown}` is no date such as 2023, 2023-05 or 2023-05-08"
        ))
    })
}

pub(super) fn document(context: &Context, args: &LinksDocumentArgs) -> Result<Done, CliError> {
    let id = number(&args.id, 'D')?;
    let edit = DocumentEdit {
        title: args.title.clone(),
        date: args.date.as_deref().map(date).transpose()?,
        is_watched: (args.watched || args.not_watched).then_some(args.watched),
        same_as: args
            .same_as
            .as_deref()
            .map(|id| number(id, 'D'))
            .transpose()?,
    };
    if edit == DocumentEdit::default() {
        return Err(CliError::Usage(
            "say what to change: --title, --date, --watched, --not-watched or --same-as".to_owned(),
        ));
    }
    let (_, store) = context.open()?;
    if !runtime()?.block_on(store.edit_document(id, edit))? {
        return Err(CliError::Usage(format!(
            "there is no document D{id}, or none that --same-as can name; `accesswatch links \
             status` lists them"
        )));
    }
    say!("D{id} is changed");
    Ok(Done::Ok)
}

pub(super) fn remove(context: &Context, document: &str) -> Result<Done, CliError> {
    let id = number(document, 'D')?;
    let (_, store) = context.open()?;
    let removed = runtime()?.block_on(store.remove_document(id, chrono::Utc::now()))?;
    let links = removed.ok_or_else(|| CliError::Usage(format!("there is no document D{id}")))?;
    say!(
        "D{id} is removed; {} no longer checked",
        count(links, "link")
    );
    Ok(Done::Ok)
}

fn no_link(link: &str) -> CliError {
    let shown = clean::line(link, 40);
    CliError::Usage(format!(
        "there is no link {shown}; `accesswatch links status --state unknown` lists links"
    ))
}
