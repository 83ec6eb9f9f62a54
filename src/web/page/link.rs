//! `/links/{id}`: one cited link: who cites it, what became of it, what to cite instead, and what
//! people may do.

use askama::Template;

use super::answer::{PageAnswer, PageError};
use super::comparison::bounded;
use super::context::PageContext;
use super::frame::{Frame, Section};
use super::link_view::{ADDRESS, InsteadView, TITLE, number};
use super::source::safe_link;
use super::state_view::StateView;
use super::times::TimeView;
use crate::i18n::pages::PageText as P;
use crate::i18n::places::place;
use crate::i18n::repair;
use crate::model::document::{CitationRow, LinkRow};
use crate::model::link::LinkState;
use crate::model::link_status::{CheckFact, LinkEventKind, StoredLinkEvent};
use crate::model::repair::CopyStyle;
use crate::model::time::iso;
use crate::model::{Code, Time, VantageId};
use crate::store::{Ignore, LinkDetail};
use crate::text::clean;
use crate::text::sentences::{SentenceChange, changes};
use crate::web::role::Role;

/// Citations, events and checks that are shown.
const MOST_ROWS: usize = 100;
/// Characters of a passage that are shown.
const PASSAGE: usize = 500;

#[derive(Template)]
#[template(path = "pages/link.html")]
struct LinkPage {
    frame: Frame,
    id: i64,
    title: String,
    address: String,
    open: Option<String>,
    state: StateView,
    seen: Option<String>,
    remark: Option<&'static str>,
    why_ignored: Option<String>,
    facts: Vec<(&'static str, TimeView)>,
    /// The address to which it leads without having moved there.
    leads_to: Option<String>,
    instead: Option<InsteadView>,
    repaired: Vec<String>,
    vantages: Vec<(String, String)>,
    citations: Vec<CitingPlace>,
    more_citations: bool,
    passages: Vec<String>,
    compared: Option<String>,
    differed: Option<String>,
    changes: Vec<SentenceChange>,
    events: Vec<(TimeView, String)>,
    checks: Vec<(TimeView, String, String)>,
    acts: Option<LinkActs>,
    commands: Vec<String>,
}

/// A place that cites the link.
struct CitingPlace {
    document: String,
    href: String,
    place: String,
    title: Option<String>,
    cited_on: Option<String>,
    is_ended: bool,
}

/// What the forms carry.
struct LinkActs {
    csrf: String,
    by: String,
    is_ignored: bool,
    /// The command that ends the ignoring of a host or of addresses, of which the link is one.
    ignored_with: Option<String>,
}

/// Makes the page.
pub fn page(context: &PageContext<'_>, id: &str) -> Result<PageAnswer, PageError> {
    let Some(id) = number(id, 'L') else {
        return Ok(PageAnswer::NotFound);
    };
    let Some(detail) = context.reader.link_detail(id)? else {
        return Ok(PageAnswer::NotFound);
    };
    let link = &detail.link;
    let address = clean::line(&link.url, ADDRESS);
    let title = link_title(&detail).unwrap_or_else(|| address.clone());
    let can_write = context.visit.role == Role::Writer;
    let (compared, differed, changed) = context.link_comparison(&detail);
    let page = LinkPage {
        frame: Frame::in_context(context, &title, Section::Documents),
        id,
        title,
        address,
        open: safe_link(&link.url),
        state: context.link_state(link.state),
        seen: context.link_seen(link.state, code_of(link.code.as_deref())),
        remark: context.link_remark(link),
        why_ignored: detail
            .ignored_by
            .as_ref()
            .and_then(|entry| entry.why.as_deref())
            .map(|why| clean::line(why, TITLE)),
        facts: context.link_facts(link),
        leads_to: link.target_noted().map(|to| clean::line(to, ADDRESS)),
        instead: PageContext::link_instead(link),
        repaired: context.repaired(&detail),
        vantages: context.link_vantages(link),
        citations: context.citing_places(&detail.citations),
        more_citations: detail.citations.len() > MOST_ROWS,
        passages: passages(&detail.citations),
        compared,
        differed,
        changes: changed,
        events: context.link_events(&detail.events),
        checks: context.link_checks(&detail.checks),
        acts: can_write.then(|| context.link_acts(&detail)).flatten(),
        commands: if can_write {
            Vec::new()
        } else {
            commands(&detail)
        },
    };
    Ok(PageAnswer::Page(page.render()?))
}

/// The title as cited, or else the page's own title.
fn link_title(detail: &LinkDetail) -> Option<String> {
    let mut cited = detail.citations.iter().filter_map(|c| c.title.as_deref());
    let title = cited.next().or(detail.link.title.as_deref())?;
    Some(clean::line(title, TITLE)).filter(|title| !title.is_empty())
}

fn code_of(code: Option<&str>) -> Option<Code> {
    code?.parse().ok()
}

/// The passages that are cited, each once.
fn passages(citations: &[CitationRow]) -> Vec<String> {
    let current = citations.iter().filter(|c| c.ended.is_none());
    let quotes = current.filter_map(|c| c.quote.as_deref());
    let mut all: Vec<String> = Vec::new();
    for quote in quotes.take(MOST_ROWS) {
        let quote = clean::line(quote, PASSAGE);
        if !all.contains(&quote) {
            all.push(quote);
        }
    }
    all
}

impl PageContext<'_> {
    fn link_facts(&self, link: &LinkRow) -> Vec<(&'static str, TimeView)> {
        let facts = [
            (P::HeadSince, link.since),
            (P::LinkLastServed, link.last_ok),
            (P::HeadChecked, link.last_checked),
            (P::LinkFirstGone, link.first_gone),
        ];
        let known = facts.into_iter().filter_map(|(text, at)| {
            let at = at?;
            Some((self.say(text), self.full_time(at)))
        });
        known.collect()
    }

    fn full_time(&self, at: Time) -> TimeView {
        TimeView {
            iso: iso(at),
            text: self.moment(at),
        }
    }

    fn link_vantages(&self, link: &LinkRow) -> Vec<(String, String)> {
        let pairs = link.vantages.iter().filter_map(|pair| {
            let (vantage, code) = pair.rsplit_once('=')?;
            let name = self.vantage_name(&VantageId(vantage.to_owned()));
            Some((name, self.link_sighting(code_of(Some(code))?)))
        });
        pairs.collect()
    }

    fn citing_places(&self, citations: &[CitationRow]) -> Vec<CitingPlace> {
        let shown = citations.iter().take(MOST_ROWS);
        shown
            .map(|citation| {
                let file = citation.path.rsplit('/').next().unwrap_or_default();
                CitingPlace {
                    document: clean::line(file, TITLE),
                    href: format!("/documents/D{}", citation.document),
                    place: clean::line(&place(self.language(), &citation.place), TITLE),
                    title: citation.title.as_deref().map(|t| clean::line(t, TITLE)),
                    cited_on: citation.cited_on.as_deref().map(|day| clean::line(day, 10)),
                    is_ended: citation.ended.is_some(),
                }
            })
            .collect()
    }

    /// The reference to paste: the new address, or the sentence that names the copy.
    fn repaired(&self, detail: &LinkDetail) -> Vec<String> {
        let link = &detail.link;
        let [url, moved_to, copy] = [
            Some(link.url.as_str()),
            link.moved_to.as_deref(),
            link.archive_url.as_deref(),
        ]
        .map(|text| text.map(|text| clean::line(text, 2000)));
        let copied = link.archive_time.map(|time| time.date_naive());
        let cited = repair::LinkToRepair {
            url: url.as_deref().unwrap_or_default(),
            state: link.state,
            moved_to: moved_to.as_deref(),
            copy: copy.as_deref().zip(copied),
        };
        let mut all: Vec<String> = Vec::new();
        for style in [CopyStyle::Plain, CopyStyle::Gbt7714] {
            let reference = cited.reference(self.language(), style);
            all.extend(reference.filter(|reference| !all.contains(reference)));
        }
        all
    }

    /// What the page is compared with, when it differed, and the sentences that differed.
    fn link_comparison(
        &self,
        detail: &LinkDetail,
    ) -> (Option<String>, Option<String>, Vec<SentenceChange>) {
        let Some(reference) = &detail.reference else {
            return (None, None, Vec::new());
        };
        let day = self.day_of(reference.at);
        let compared = self.fill(P::LinkCompared, &[("day", &day)]);
        let Some((now, at)) = &detail.differing else {
            return (Some(compared), None, Vec::new());
        };
        let day = self.day_of(*at);
        let differed = self.fill(P::LinkDiffered, &[("day", &day)]);
        let changed = bounded(changes(&reference.text.main, &now.main));
        (Some(compared), Some(differed), changed)
    }

    fn link_events(&self, events: &[StoredLinkEvent]) -> Vec<(TimeView, String)> {
        let oldest_first = events.iter().take(MOST_ROWS).rev();
        oldest_first
            .map(|event| (self.full_time(event.at), self.link_event(event)))
            .collect()
    }

    fn link_event(&self, event: &StoredLinkEvent) -> String {
        let word = |state: Option<LinkState>| state.map_or("", |state| self.link_word(state));
        let by = clean::line(event.by.as_deref().unwrap_or_default(), 80);
        let to = word(event.to);
        let text = match (event.kind, by.is_empty()) {
            (LinkEventKind::Observed, true) => self.fill(P::LinkObserved, &[("to", to)]),
            (LinkEventKind::Observed, false) => {
                self.fill(P::LinkObservedBy, &[("to", to), ("by", &by)])
            }
            (LinkEventKind::Accepted, true) => self.say(P::LinkAccepted).to_owned(),
            (LinkEventKind::Accepted, false) => self.fill(P::LinkAcceptedBy, &[("by", &by)]),
            (LinkEventKind::Back, _) => self.say(P::LinkBack).to_owned(),
            (LinkEventKind::HostEvent, _) => self.say(P::LinkHostEvent).to_owned(),
            (LinkEventKind::Already | LinkEventKind::Changed, _) => {
                let state = event.to.unwrap_or(LinkState::Unknown);
                let seen = self.link_seen(state, event.code);
                let clause = self.texts.marks.clause;
                match seen {
                    Some(seen) => format!("{to}{clause}{seen}"),
                    None => to.to_owned(),
                }
            }
        };
        match &event.moved_to {
            Some(address) => format!("{text} {}", clean::line(address, ADDRESS)),
            None => text,
        }
    }

    fn link_checks(&self, checks: &[CheckFact]) -> Vec<(TimeView, String, String)> {
        let lines = checks.iter().map(|check| {
            (
                self.full_time(check.at),
                self.vantage_name(&check.vantage),
                self.link_sighting(check.code),
            )
        });
        lines.collect()
    }

    fn link_acts(&self, detail: &LinkDetail) -> Option<LinkActs> {
        let entry = detail.ignored_by.as_ref().map(|entry| &entry.ignore);
        let with_others = entry.filter(|ignore| !matches!(ignore, Ignore::Link(_)));
        Some(LinkActs {
            ignored_with: with_others.map(|ignore| ignore_command(ignore, true)),
            csrf: self.visit.csrf.clone()?,
            by: clean::line(self.visit.name.as_deref().unwrap_or_default(), 80),
            is_ignored: detail.link.is_ignored,
        })
    }
}

/// The commands that do what the forms would.
fn commands(detail: &LinkDetail) -> Vec<String> {
    let id = detail.link.id;
    let entry = detail.ignored_by.as_ref().map(|entry| &entry.ignore);
    let own = Ignore::Link(format!("L{id}"));
    vec![
        format!("accesswatch links observe L{id} --browser ok|gone|drifted|refused"),
        format!("accesswatch links accept L{id}"),
        ignore_command(entry.unwrap_or(&own), entry.is_some()),
    ]
}

/// The command that ignores links, or ends it.
fn ignore_command(ignore: &Ignore, undo: bool) -> String {
    let what = match ignore {
        Ignore::Link(id) => id.clone(),
        Ignore::Host(host) => format!("--host {}", quoted(host)),
        Ignore::Url(glob) => format!("--url {}", quoted(glob)),
    };
    let undo = if undo { " --undo" } else { "" };
    format!("accesswatch links ignore {what}{undo}")
}

/// A word for a shell, shortened where it is long.
fn quoted(word: &str) -> String {
    format!("'{}'", clean::line(word, ADDRESS).replace('\'', "'\\''"))
}
