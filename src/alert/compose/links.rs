//! The letters on cited links: the weekly one, and the one on watched documents.

use std::collections::{BTreeMap, BTreeSet};

use globset::Glob;

use crate::i18n::mail::{Texts, fill};
use crate::i18n::places::place;
use crate::i18n::repair;
use crate::model::link::{LinkId, LinkState};
use crate::model::link_news::{ChangedLink, LinkNews, NewsCitation};
use crate::model::link_status::LinkEventKind;
use crate::model::mail::NewMail;
use crate::model::repair::CopyStyle;
use crate::model::settings::{Language, Recipient, Topic};
use crate::model::{Code, Time};
use crate::text::clean;

use super::parts;
use crate::alert::headers::{self, BadAddress, MailHeaders};
use crate::alert::mail_body::MailBody;
use crate::alert::mail_context::MailContext;
use crate::alert::thread;

/// Links to open by hand in one letter.
const BY_HAND: usize = 10;
/// Characters of an address.
const URL: usize = 500;
/// Characters of a title or a path.
const TITLE: usize = 160;

/// Which letter it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkLetter {
    /// Everything since the time of the letter before.
    Weekly { since: Time },
    /// What changed in watched documents.
    Watched,
}

/// The letter for one recipient; `None` when the recipient's documents have no such link. The
/// weekly one also comes when only a person can open some of the links.
#[must_use]
pub fn compose_links(
    context: &MailContext<'_>,
    recipient: &Recipient,
    news: &LinkNews,
    letter: LinkLetter,
) -> Option<Result<NewMail, BadAddress>> {
    let texts = parts::texts(recipient);
    let is_watched = letter == LinkLetter::Watched;
    let is_reported =
        |link: &&ChangedLink| is_news(link) && (!is_watched || link.kind != LinkEventKind::Already);
    let changes: Vec<&ChangedLink> = news.changes.iter().filter(is_reported).collect();
    let by_document = by_document(&changes, recipient, is_watched);
    let hand = by_hand(recipient, news).count();
    let is_quiet = by_document.is_empty();
    if is_quiet && (is_watched || hand == 0) {
        return None;
    }
    let mut ids: BTreeSet<LinkId> = by_document
        .values()
        .flatten()
        .map(|(link, _)| link.id)
        .collect();
    let n = if is_quiet { hand } else { ids.len() }.to_string();
    let mut body = parts::letter(texts);
    lead(context, letter, (&n, is_quiet), texts, &mut body);
    for (document, cited) in by_document {
        let line = |(link, citation): &(&ChangedLink, &NewsCitation)| {
            link_line(context, link, citation, texts)
        };
        let cited = cited.iter().map(line).collect();
        body.list(&document, parts::capped(cited, texts));
    }
    if !is_watched {
        appendix(context, recipient, news, texts, &mut body);
        ids.extend(by_hand(recipient, news).map(|link| link.id));
    }
    let words = &texts.links;
    let (subject, kind, topic) = match letter {
        LinkLetter::Weekly { .. } if is_quiet => (words.subject_hand, "links", None),
        LinkLetter::Weekly { .. } => (words.subject, "links", None),
        LinkLetter::Watched => (words.subject_watched, "links-watched", Some(Topic::Links)),
    };
    let domain = headers::domain(&context.settings.alerts.from);
    Some(headers::into_message(
        MailHeaders {
            from: &context.settings.alerts.from,
            recipient,
            topic,
            subject: fill(subject, &[("n", &n), ("day", &context.today(texts))]),
            message_id: thread::single_id(kind, context.now, recipient, &domain),
            in_reply_to: None,
            source: None,
            incidents: Vec::new(),
            links: ids.into_iter().collect(),
            now: context.now,
        },
        &body,
    ))
}

/// Gone, blocked, drifted, moved or back; other changes are on the pages.
fn is_news(link: &ChangedLink) -> bool {
    let is_state = matches!(
        link.state,
        LinkState::Gone | LinkState::Blocked | LinkState::Drifted | LinkState::Moved
    );
    is_state || link.kind == LinkEventKind::Back
}

type ByDocument<'a> = BTreeMap<String, Vec<(&'a ChangedLink, &'a NewsCitation)>>;

/// The links by document, worst first; each link once a document.
fn by_document<'a>(
    changes: &[&'a ChangedLink],
    recipient: &Recipient,
    is_watched: bool,
) -> ByDocument<'a> {
    let mut documents: BTreeMap<i64, Vec<(&ChangedLink, &NewsCitation)>> = BTreeMap::new();
    for link in changes {
        for citation in &link.citations {
            if (is_watched && !citation.is_watched) || !follows(recipient, citation) {
                continue;
            }
            let of_document = documents.entry(citation.document).or_default();
            if of_document.iter().all(|(known, _)| known.id != link.id) {
                of_document.push((link, citation));
            }
        }
    }
    let mut named = ByDocument::new();
    for (id, mut links) in documents {
        links.sort_by_key(|(link, _)| (link.state, link.id));
        let Some((_, first)) = links.first() else {
            continue;
        };
        let name = first.document_title.as_deref().unwrap_or(&first.path);
        named.insert(format!("{} (D{id})", clean::line(name, TITLE)), links);
    }
    named
}

/// Whether a recipient follows a document: by its id, `group:NAME`, or a glob over its path.
fn follows(recipient: &Recipient, citation: &NewsCitation) -> bool {
    recipient.documents.iter().any(|pattern| {
        let id = format!("D{}", citation.document);
        match pattern.strip_prefix("group:") {
            Some(group) => citation.group.as_deref() == Some(group),
            None if pattern.eq_ignore_ascii_case(&id) || *pattern == citation.path => true,
            None => {
                Glob::new(pattern).is_ok_and(|glob| glob.compile_matcher().is_match(&citation.path))
            }
        }
    })
}

fn lead(
    context: &MailContext<'_>,
    letter: LinkLetter,
    (n, is_quiet): (&str, bool),
    texts: &Texts,
    body: &mut MailBody,
) {
    body.leads.push(match letter {
        LinkLetter::Weekly { since } => {
            let day = context.day(since, texts);
            let words = &texts.links;
            let lead = if is_quiet {
                words.lead_hand
            } else {
                words.lead
            };
            fill(lead, &[("n", n), ("day", &day)])
        }
        LinkLetter::Watched => fill(texts.links.lead_watched, &[("n", n)]),
    });
    if !is_quiet {
        body.leads.push(texts.links.help.to_owned());
    }
}

fn link_line(
    context: &MailContext<'_>,
    link: &ChangedLink,
    citation: &NewsCitation,
    texts: &Texts,
) -> String {
    let words = &texts.links;
    let state = match (link.kind, link.state) {
        (_, LinkState::Moved) => {
            let to = clean::line(link.moved_to.as_deref().unwrap_or_default(), URL);
            fill(words.moved, &[("to", &to)])
        }
        (_, LinkState::Gone) => words.gone.to_owned(),
        (_, LinkState::Blocked) => words.blocked.to_owned(),
        (_, LinkState::Drifted) => words.drifted.to_owned(),
        (_, _) => words.back.to_owned(),
    };
    let since = match (link.kind, link.since) {
        (LinkEventKind::Already, _) | (_, None) => words.already.to_owned(),
        (_, Some(since)) => fill(words.since, &[("day", &context.day(since, texts))]),
    };
    let is_lost = matches!(
        link.state,
        LinkState::Gone | LinkState::Blocked | LinkState::Drifted
    );
    let copy = link.copy.as_ref().filter(|_| is_lost).map(|(url, _)| {
        let url = clean::line(url, URL);
        fill(words.copy, &[("url", &url)])
    });
    let reference = reference(link, texts.language).map(|reference| {
        let values = [("reference", reference.as_str())];
        fill(words.reference, &values)
    });
    let title = citation.title.as_deref().unwrap_or(&link.url);
    let values = [
        ("id", &*link.id.to_string()),
        ("title", &clean::line(title, TITLE)),
        (
            "place",
            &clean::line(&place(texts.language, &citation.place), TITLE),
        ),
        ("url", &clean::line(&link.url, URL)),
        ("state", &state),
        ("since", &since),
        ("seen", &seen(link.code, texts)),
    ];
    fill(words.line, &values) + &copy.unwrap_or_default() + &reference.unwrap_or_default()
}

/// The repaired reference. A link that is cut short is not one to paste.
fn reference(link: &ChangedLink, language: Language) -> Option<String> {
    let copied = link.copy.as_ref();
    let copied = copied.and_then(|(url, time)| Some((url.as_str(), time.as_ref()?.date_naive())));
    let cited = repair::LinkToRepair {
        url: &link.url,
        state: link.state,
        moved_to: link.moved_to.as_deref(),
        copy: copied,
    };
    let style = match language {
        Language::Zh => CopyStyle::Gbt7714,
        Language::En | Language::Ko => CopyStyle::Plain,
    };
    let reference = cited.reference(language, style)?;
    let shown = clean::line(&reference, 2 * URL + TITLE);
    (shown == reference).then_some(shown)
}

fn seen(code: Option<Code>, texts: &Texts) -> String {
    let word = code.map(|code| texts.seen(code));
    word.unwrap_or(texts.say.unknown).to_owned()
}

/// The links that the recipient should open.
fn by_hand<'a>(
    recipient: &'a Recipient,
    news: &'a LinkNews,
) -> impl Iterator<Item = &'a ChangedLink> {
    let is_own = |link: &&ChangedLink| link.citations.iter().any(|c| follows(recipient, c));
    news.by_hand.iter().filter(is_own).take(BY_HAND)
}

/// What to open by hand, hosts that failed as a whole, and what cannot be watched.
fn appendix(
    context: &MailContext<'_>,
    recipient: &Recipient,
    news: &LinkNews,
    texts: &Texts,
    body: &mut MailBody,
) {
    let words = &texts.links;
    let by_hand = by_hand(recipient, news).map(|link| {
        let url = clean::line(&link.url, URL);
        fill(
            words.hand_line,
            &[("id", &link.id.to_string()), ("url", &url)],
        )
    });
    body.list(words.heading_hand, by_hand.collect());
    let hosts = news.hosts.iter().map(|event| {
        let values = [
            ("host", &*clean::line(&event.host, TITLE)),
            ("worse", &event.worse.to_string()),
            ("checked", &event.checked.to_string()),
            ("day", &context.day(event.at, texts)),
        ];
        fill(words.host_line, &values)
    });
    body.list(words.heading_hosts, parts::capped(hosts.collect(), texts));
    let mut counts = Vec::new();
    for (n, template) in [
        (news.declining, words.count_declining),
        (news.robots, words.count_robots),
    ] {
        if n > 0 {
            counts.push(fill(template, &[("n", &n.to_string())]));
        }
    }
    body.list(words.heading_counts, counts);
}
