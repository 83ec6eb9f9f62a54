//! Parts that several kinds of mail share.

use crate::i18n::mail::{Template, Texts, fill};
use crate::model::incident::{BrowserResult, HumanCheck, VantagePart};
use crate::model::mail::NewMail;
use crate::model::settings::{Language, Recipient, Topic};
use crate::model::timeline::TimelineEvent;
use crate::model::{Incident, ProbeKey, SourceId, Time, VantageId};
use crate::text::clean;
use crate::track;

use crate::alert::filter;
use crate::alert::headers::{self, BadAddress, MailHeaders};
use crate::alert::mail_body::{LinkedText, MailBlock, MailBody};
use crate::alert::mail_context::MailContext;
use crate::alert::thread;
use crate::alert::when;

/// The longest list; a longer one is cut and gives the number of the items left out.
pub(super) const LIST: usize = 40;

/// The most characters of a quote from a page or a person.
const QUOTE: usize = 200;

/// An empty mail body in the recipient's language.
pub(super) fn letter(texts: &'static Texts) -> MailBody {
    let mut letter = MailBody::in_language(texts.tag, &texts.marks);
    letter.footer = fill(texts.say.footer, &[("version", env!("CARGO_PKG_VERSION"))]);
    letter
}

/// `Boston, Seoul and Berlin`.
pub(super) fn names<'v>(
    context: &MailContext<'_>,
    ids: impl Iterator<Item = &'v VantageId>,
    texts: &Texts,
) -> String {
    joined(ids.map(|id| context.vantage_name(id)).collect(), texts)
}

/// A list of names, with the word for "and" before the last.
pub(super) fn joined(mut names: Vec<String>, texts: &Texts) -> String {
    match (names.pop(), names.is_empty()) {
        (Some(last), false) => format!("{}{}{last}", names.join(texts.marks.list), texts.say.and),
        (last, _) => last.unwrap_or_default(),
    }
}

/// One fact.
pub(super) fn fact(label: &str, value: impl Into<LinkedText>) -> (String, LinkedText) {
    (label.to_owned(), value.into())
}

/// Text from outside, cut and on one line.
pub(super) fn quoted(text: &str) -> String {
    clean::line(text, QUOTE)
}

/// What the page says, in its own language. Each text appears once, even when several vantages read
/// it.
pub(super) fn page_says(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    incident: &Incident,
    texts: &Texts,
) {
    let mut said: Vec<(&str, &VantageId)> = Vec::new();
    for (id, part) in &incident.vantages {
        let words = part
            .observed
            .words
            .as_deref()
            .filter(|w| !w.trim().is_empty());
        if let Some(words) = words.filter(|w| !said.iter().any(|(s, _)| s == w)) {
            said.push((words, id));
        }
    }
    let alone = said.len() == 1;
    for (words, id) in said {
        let mut label = texts.heading.page_says.to_owned();
        if !alone {
            label = texts.marks.remark(&label, &context.vantage_name(id));
        }
        let text = fill(texts.say.quoted, &[("text", &quoted(words))]);
        letter.push_worth(220, MailBlock::Quote { label, text });
    }
}

/// The table of vantages and their results. Three columns fit on a telephone.
pub(super) fn vantage_table(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    incident: &Incident,
    texts: &Texts,
) {
    let label = &texts.label;
    let head = [label.vantage, label.result, label.since];
    let rows = incident
        .vantages
        .iter()
        .map(|(id, part)| {
            vec![
                context.vantage_name(id),
                standing(context, id, result(context, incident, part, texts), texts),
                context.short(part.back.unwrap_or(part.since()), texts),
            ]
        })
        .chain(unaffected(context, incident, texts))
        .collect();
    letter.push(MailBlock::Heading(seen_from(context, texts)));
    letter.push_worth(
        210,
        MailBlock::Table {
            head: head.map(str::to_owned).to_vec(),
            rows,
        },
    );
}

/// The heading above times; it names their zone.
pub(super) fn seen_from(context: &MailContext<'_>, texts: &Texts) -> String {
    let zone = crate::i18n::dates::zone(texts.language, context.now, context.zone(texts));
    fill(texts.heading.seen_from, &[("zone", &zone)])
}

fn result(
    context: &MailContext<'_>,
    incident: &Incident,
    part: &VantagePart,
    texts: &Texts,
) -> String {
    let probe = incident.probe.as_ref();
    if part.back.is_none() {
        return context.brief_of(&part.observed, probe, texts);
    }
    let left_as = part.left_as.unwrap_or(part.from);
    let seen = context.brief(left_as, probe, texts);
    if left_as.severity() > part.from.severity() {
        return seen;
    }
    fill(texts.say.back, &[("seen", &seen)])
}

/// What a vantage saw is not shown while the vantage itself does not work.
fn standing(context: &MailContext<'_>, vantage: &VantageId, seen: String, texts: &Texts) -> String {
    let works = context
        .tracker
        .vantages
        .get(vantage)
        .is_none_or(|v| v.usable);
    if works {
        seen
    } else {
        fill(texts.say.not_checked, &[("seen", &seen)])
    }
}

/// The rows of the vantages outside the incident: what they see is half of the table's meaning.
fn unaffected(context: &MailContext<'_>, incident: &Incident, texts: &Texts) -> Vec<Vec<String>> {
    let Some(probe) = &incident.probe else {
        return Vec::new();
    };
    context
        .tracker
        .statuses_of(probe)
        .filter(|status| !incident.vantages.contains_key(&status.vantage))
        .map(|status| {
            let seen = context.brief_of(&status.observed, Some(probe), texts);
            vec![
                context.vantage_name(&status.vantage),
                standing(context, &status.vantage, seen, texts),
                context.short(status.since, texts),
            ]
        })
        .collect()
}

/// The phases in order, when there is more than one.
pub(super) fn phases(
    context: &MailContext<'_>,
    incident: &Incident,
    texts: &Texts,
) -> Option<String> {
    let phases = incident.phases_together();
    if phases.len() < 2 {
        return None;
    }
    let each = phases.iter().map(|phase| {
        let seen = context.brief(phase.code, incident.probe.as_ref(), texts);
        let days = |t: Time| context.day(t, texts);
        let is_short = phase.to.is_some_and(|to| days(to) == days(phase.from));
        let worded = |t: Time| {
            if is_short {
                context.short(t, texts)
            } else {
                days(t)
            }
        };
        let from = worded(phase.from);
        let to = phase.to.map(worded);
        let template = match &to {
            Some(_) => texts.say.phase,
            None => texts.say.phase_now,
        };
        let to = to.unwrap_or_default();
        fill(template, &[("seen", &seen), ("from", &from), ("to", &to)])
    });
    Some(each.collect::<Vec<_>>().join(texts.marks.item))
}

/// Whether it happened before, among the ended incidents that are kept, and how long that lasted.
pub(super) fn earlier(context: &MailContext<'_>, incident: &Incident, texts: &Texts) -> String {
    let before: Vec<(Time, Time)> = context
        .incidents()
        .filter(|i| i.id != incident.id && i.probe == incident.probe && i.folded_into.is_none())
        .filter(|i| i.first_bad < incident.first_bad)
        .filter_map(|i| Some((i.first_bad, i.ended?)))
        .collect();
    let longest = before.iter().max_by_key(|(from, to)| *to - *from);
    let last = before.iter().map(|(_, to)| *to).max();
    let (Some((from, to)), Some(last)) = (longest, last) else {
        return texts.say.earlier_none.to_owned();
    };
    fill(
        texts.say.earlier,
        &[
            ("n", &before.len().to_string()),
            ("longest", &when::duration(*from, *to, texts)),
            ("last", &context.day(last, texts)),
        ],
    )
}

/// When the probe is due next.
pub(super) fn next_look(
    context: &MailContext<'_>,
    probe: &ProbeKey,
    texts: &Texts,
) -> Option<String> {
    let probe = context.catalogue.probe(probe)?;
    let next = track::next_due(Some(probe), context.settings, context.now)?;
    Some(context.time(next, texts))
}

/// What is known about the source: people's notes, the timeline's events, and the notes of its file
/// when they are in the reader's language.
pub(super) fn notes(context: &MailContext<'_>, incident: &Incident, texts: &Texts) -> Vec<String> {
    let Some(id) = &incident.source else {
        return Vec::new();
    };
    let own = context.catalogue.source(id).and_then(|s| s.note.clone());
    let own = own.filter(|_| texts.language == Language::En);
    dated_notes(context, id, incident, texts)
        .into_iter()
        .chain(known(context, id, incident, texts))
        .chain(own)
        .collect()
}

/// The most known events in a mail about an incident; the newest are shown.
const MAX_KNOWN: usize = 3;

/// The newest events in the timeline of the source, up to the incident's time. Its sentences are in
/// English; a reader of another language gets the kind of event and its reference.
fn known(
    context: &MailContext<'_>,
    id: &SourceId,
    incident: &Incident,
    texts: &Texts,
) -> Vec<String> {
    let by = incident.ended.unwrap_or(context.now).date_naive();
    let line = |event: &TimelineEvent| {
        let date = crate::i18n::dates::day(texts.language, event.date, true);
        let text = match texts.language {
            Language::En => event.event.as_str(),
            Language::Ko | Language::Zh => texts.known(event.kind),
        };
        let text = if event.reference.is_empty() {
            text.to_owned()
        } else {
            texts.marks.remark(text, &event.reference)
        };
        format!("{date}{}{text}", texts.marks.colon)
    };
    let mut lines: Vec<String> = context.catalogue.known_of(id, by).map(line).collect();
    lines.split_off(lines.len().saturating_sub(MAX_KNOWN))
}

fn dated_notes(
    context: &MailContext<'_>,
    id: &SourceId,
    incident: &Incident,
    texts: &Texts,
) -> Vec<String> {
    let first = incident.first_bad.date_naive();
    let last = incident.ended.unwrap_or(context.now).date_naive();
    context
        .notes
        .iter()
        .filter(|note| note.source == *id)
        .filter(|note| note.from <= last && note.to.is_none_or(|to| to >= first))
        .map(|note| {
            let text = match &note.reference {
                Some(reference) => texts.marks.remark(&note.text, reference),
                None => note.text.clone(),
            };
            let day = |date| crate::i18n::dates::day(texts.language, date, true);
            let to = note.to.map_or(String::new(), day);
            let template = if note.to.is_some() {
                texts.say.note
            } else {
                texts.say.note_open
            };
            fill(
                template,
                &[("from", &day(note.from)), ("to", &to), ("text", &text)],
            )
        })
        .collect()
}

/// What a person answered.
pub(super) fn answer(browser: BrowserResult, texts: &Texts) -> &'static str {
    match browser {
        BrowserResult::Ok => texts.say.browser_ok,
        BrowserResult::Refused => texts.say.browser_refused,
        BrowserResult::Partial => texts.say.browser_partial,
    }
}

/// What people saw, in their words.
pub(super) fn observed(
    context: &MailContext<'_>,
    incident: &Incident,
    texts: &Texts,
) -> Vec<String> {
    let line = |check: &HumanCheck| {
        let template = match &check.by {
            Some(_) => texts.say.observed_by,
            None => texts.say.observed,
        };
        let observed = fill(
            template,
            &[
                ("when", &context.short(check.at, texts)),
                ("by", check.by.as_deref().unwrap_or_default()),
                ("network", &check.network),
                ("answer", answer(check.browser, texts)),
            ],
        );
        match &check.saw {
            Some(saw) => fill(
                texts.say.observed_saw,
                &[("observed", &observed), ("saw", &quoted(saw))],
            ),
            None => observed,
        }
    };
    incident.human_checks.iter().map(line).collect()
}

/// A list of readable length.
pub(super) fn capped<T: From<String>>(mut list: Vec<T>, texts: &Texts) -> Vec<T> {
    if list.len() > LIST {
        let left_out = (list.len() - LIST).to_string();
        list.truncate(LIST);
        list.push(fill(texts.say.more, &[("n", &left_out)]).into());
    }
    list
}

/// The texts in a recipient's language.
pub(super) fn texts(recipient: &Recipient) -> &'static Texts {
    MailContext::texts(recipient.language)
}

/// What distinguishes the mail of one notice.
pub(super) struct NoticeHeaders<'a> {
    pub topic: Topic,
    /// With the placeholders `source`, `probe` and `day`.
    pub subject: Template,
    /// The part of its `Message-ID` that names it.
    pub thread: String,
    pub source: &'a SourceId,
    /// The name of the probe, or empty.
    pub probe: &'a str,
}

/// The mail of a notice that is not an incident: it begins no thread.
pub(super) fn notice_mail(
    context: &MailContext<'_>,
    recipient: &Recipient,
    notice: &NoticeHeaders<'_>,
    letter: &MailBody,
) -> Result<NewMail, BadAddress> {
    let texts = texts(recipient);
    let from = &context.settings.alerts.from;
    let values = [
        ("source", &*context.source_name(notice.source, texts)),
        ("probe", notice.probe),
        ("day", &context.today(texts)),
    ];
    let domain = headers::domain(from);
    headers::into_message(
        MailHeaders {
            from,
            recipient,
            topic: Some(notice.topic),
            subject: fill(notice.subject, &values),
            message_id: thread::single_id(&notice.thread, context.now, recipient, &domain),
            in_reply_to: None,
            source: Some(notice.source.clone()),
            incidents: Vec::new(),
            links: Vec::new(),
            now: context.now,
        },
        letter,
    )
}

/// Whether a recipient follows the source of a probe.
pub(super) fn follows_probe(
    context: &MailContext<'_>,
    recipient: &Recipient,
    probe: &ProbeKey,
) -> bool {
    filter::follows(
        recipient,
        &probe.source,
        context.catalogue.source(&probe.source),
    )
}
