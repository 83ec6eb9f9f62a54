//! The first three lines of a report: how serious it is and for whom; what changed, since when and
//! from where; what still works, or what to do.

use crate::i18n::dates;
use crate::i18n::mail::{Template, Texts, Weight, fill};
use crate::model::phase::Phase;
use crate::model::{Code, Fact, Incident, ProbeKey, Time, VantageId};

use super::incident_group::{IncidentGroup, IncidentStep};
use super::{catalogue, help, parts, story};
use crate::alert::mail_context::MailContext;
use crate::alert::when;

/// The most names of one list in a first line.
const MOST_NAMES: usize = 3;

/// The three lines of one group.
pub(super) fn lines(
    context: &MailContext<'_>,
    group: &IncidentGroup<'_>,
    texts: &Texts,
) -> [String; 3] {
    match group.step {
        IncidentStep::Opened | IncidentStep::Updated => [
            weight(context, group, texts),
            changed(context, group, texts),
            help_line(context, group, texts),
        ],
        IncidentStep::Reminded => [
            weight(context, group, texts),
            goes_on(context, group, texts),
            news(context, group, texts),
        ],
        IncidentStep::Ended => [
            over(context, group, texts),
            lasted(context, group.first(), texts),
            afterwards(context, group, texts),
        ],
    }
}

/// `CNKI` and `dissertations and journals`.
fn names(context: &MailContext<'_>, group: &IncidentGroup<'_>, texts: &Texts) -> [String; 2] {
    let source = group.first().source.as_ref();
    let source = source.map_or_else(String::new, |id| context.source_short(id, texts));
    [source, group.probes(context, texts)]
}

/// How serious, for whom, and seen from how many vantages.
fn weight(context: &MailContext<'_>, group: &IncidentGroup<'_>, texts: &Texts) -> String {
    let [source, probe] = names(context, group, texts);
    let [level, _] = context.levels(group.first().probe.as_ref(), texts);
    fill(
        texts.weight(Weight::of_incident(group.first())),
        &[
            ("source", &source),
            ("probe", &probe),
            ("level", level),
            ("scope", &scope(context, group.first(), texts)),
        ],
    )
}

/// `2 of 3 places we watch from`, of the vantages that watch the probe.
fn scope(context: &MailContext<'_>, incident: &Incident, texts: &Texts) -> String {
    let look = |probe: &ProbeKey| {
        let statuses = context.tracker.statuses_of(probe).map(|s| &s.vantage);
        let all: std::collections::BTreeSet<&VantageId> =
            statuses.chain(incident.vantages.keys()).collect();
        all.len()
    };
    let total = incident.probe.as_ref().map_or(0, look);
    let worse: Vec<&VantageId> = incident.worsened().map(|(id, _)| id).collect();
    let vantage = worse.first().map(|id| context.vantage_name(id));
    let template = match (worse.len(), total) {
        (1, 1) => texts.lead.scope_one,
        (n, total) if n == total => texts.lead.scope_all,
        _ => texts.lead.scope_some,
    };
    fill(
        template,
        &[
            ("n", &worse.len().to_string()),
            ("total", &total.to_string()),
            ("vantage", &vantage.unwrap_or_default()),
        ],
    )
}

/// Since when the present verdict holds, and what was seen before it.
fn changed(context: &MailContext<'_>, group: &IncidentGroup<'_>, texts: &Texts) -> String {
    let incident = group.first();
    let since = sentence(context, incident, texts.lead.since, texts);
    let before = fill(
        texts.lead.since_before,
        &[("before", &before(context, incident, texts))],
    );
    let dated = dated(incident, texts);
    let lines: Vec<String> = [since].into_iter().chain(dated).chain([before]).collect();
    lines.join(texts.say.stop)
}

/// The day that the newest entry is of, or the unchanged content: the loss is older than the day on
/// which a limit was reached.
fn dated(incident: &Incident, texts: &Texts) -> Option<String> {
    let newest = catalogue::newest(incident).map(|day| (texts.lead.since_newest, day));
    let unchanged = || {
        let day = catalogue::limits(incident, Code::ContentNulls)
            .filter_map(Fact::unchanged_since)
            .min()?;
        Some((texts.lead.since_unchanged, day))
    };
    let (template, day) = newest.or_else(unchanged)?;
    let day = dates::day(texts.language, day, true);
    Some(fill(template, &[("date", &day)]))
}

fn goes_on(context: &MailContext<'_>, group: &IncidentGroup<'_>, texts: &Texts) -> String {
    let line = sentence(context, group.first(), texts.lead.reminded, texts);
    // The mail before says what else still works.
    let works = help::still_works(context, group.first(), &group.incidents, texts);
    if works.is_empty() {
        return line;
    }
    [line, works_line(&works, texts)].join(texts.say.stop)
}

fn sentence(
    context: &MailContext<'_>,
    incident: &Incident,
    template: Template,
    texts: &Texts,
) -> String {
    let since = incident.since();
    fill(
        template,
        &[
            ("since", &context.since(since, texts)),
            ("lasted", &when::duration(since, context.now, texts)),
            ("tells", &context.tells_of(incident, texts)),
            ("vantages", &seen_from(context, incident, since, texts)),
        ],
    )
}

/// The vantages that see it. A vantage that joined on another day has that day.
fn seen_from(context: &MailContext<'_>, incident: &Incident, since: Time, texts: &Texts) -> String {
    let first_day = context.day(since, texts);
    let seen = incident
        .worsened()
        .filter(|(_, p)| p.observed.code == incident.to);
    let named: Vec<String> = seen
        .map(|(id, part)| {
            let name = context.vantage_name(id);
            let day = context.day(part.since(), texts);
            if day == first_day {
                return name;
            }
            let since = fill(texts.say.since_there, &[("since", &day)]);
            texts.marks.remark(&name, &since)
        })
        .collect();
    parts::joined(named, texts)
}

/// The phase before, with its own time, or else what is normal there.
fn before(context: &MailContext<'_>, incident: &Incident, texts: &Texts) -> String {
    let probe = incident.probe.as_ref();
    let phases = incident.phases_together();
    let now = phases.iter().rposition(|p| p.code == incident.to);
    let earlier = now.and_then(|at| phases[..at].last());
    let Some(Phase { code, from, .. }) = earlier.filter(|p| p.code != incident.to) else {
        return context.seen(incident.from, probe, texts);
    };
    let since = context.since(*from, texts);
    let since = fill(texts.say.since_there, &[("since", &since)]);
    texts
        .marks
        .remark(&context.seen_in(incident, *code, texts), &since)
}

fn works_line(works: &[String], texts: &Texts) -> String {
    let works = works.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>();
    fill(
        texts.lead.works,
        &[("works", &works.join(texts.marks.list))],
    )
}

/// What still works and what to use instead; what to do when a person must look or nothing else
/// helps.
fn help_line(context: &MailContext<'_>, group: &IncidentGroup<'_>, texts: &Texts) -> String {
    let incident = group.first();
    let mut line = Vec::new();
    // A person who has looked is not asked again.
    let seen = parts::observed(context, incident, texts).pop();
    let seen = seen.map(|seen| fill(texts.lead.observed, &[("seen", &seen)]));
    match Weight::of_incident(incident) {
        Weight::Unproven => {
            let [level, _] = context.levels(incident.probe.as_ref(), texts);
            line.push(fill(texts.lead.look_once, &[("level", level)]));
        }
        Weight::Replaced | Weight::Unseen | Weight::Declined | Weight::Unclear => {
            line.push(seen.clone().unwrap_or_else(|| texts.lead.look.to_owned()));
        }
        _ => line.extend(seen.clone()),
    }
    let works = help::still_works(context, incident, &group.incidents, texts);
    if !works.is_empty() {
        line.push(works_line(&works, texts));
    }
    let instead = help::alternatives(context, incident);
    if !instead.is_empty() {
        let instead: Vec<String> = instead.iter().take(MOST_NAMES).cloned().collect();
        let instead = instead.join(texts.marks.list);
        line.push(fill(texts.lead.instead, &[("instead", &instead)]));
    }
    if line.is_empty() {
        line.push(texts.lead.look.to_owned());
    }
    line.join(texts.say.stop)
}

/// What is new since the mail before.
fn news(context: &MailContext<'_>, group: &IncidentGroup<'_>, texts: &Texts) -> String {
    let last_mailed = group.last_mailed.unwrap_or(group.first().confirmed);
    let day = context.since(last_mailed, texts);
    let news: Vec<String> = group
        .incidents
        .iter()
        .flat_map(|i| story::after(context, i, last_mailed, texts))
        .collect();
    if news.is_empty() {
        return fill(texts.lead.no_news, &[("day", &day)]);
    }
    let news = news
        .iter()
        .take(MOST_NAMES)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(texts.marks.item);
    fill(texts.lead.news, &[("day", &day), ("news", &news)])
}

fn over(context: &MailContext<'_>, group: &IncidentGroup<'_>, texts: &Texts) -> String {
    let incident = group.first();
    let [source, probe] = names(context, group, texts);
    let template = if incident.ended_well() {
        texts.lead.ended
    } else {
        texts.lead.ended_otherwise
    };
    let seen = context.seen_in(incident, incident.ended_as(), texts);
    fill(
        template,
        &[
            ("source", &source),
            ("probe", &probe),
            ("id", &incident.id.to_string()),
            ("seen", &seen),
        ],
    )
}

/// From when to when, how long, and what it was.
fn lasted(context: &MailContext<'_>, incident: &Incident, texts: &Texts) -> String {
    let mut seen: Vec<Code> = Vec::new();
    for phase in incident.phases_together() {
        if !seen.contains(&phase.code) {
            seen.push(phase.code);
        }
    }
    let seen: Vec<String> = seen
        .iter()
        .map(|c| context.seen_in(incident, *c, texts))
        .collect();
    span(
        context,
        incident,
        texts.lead.lasted,
        &seen.join(texts.marks.item),
        texts,
    )
}

/// A text with when part of an incident began and ended, and how long it lasted.
pub(super) fn span(
    context: &MailContext<'_>,
    incident: &Incident,
    template: Template,
    seen: &str,
    texts: &Texts,
) -> String {
    let ended = incident.ended.unwrap_or(context.now);
    let [from, to] = [incident.first_bad, ended].map(|t| context.short(t, texts));
    fill(
        template,
        &[
            ("from", &from),
            ("to", &to),
            ("lasted", &when::duration(incident.first_bad, ended, texts)),
            ("seen", seen),
            (
                "vantages",
                &parts::names(context, incident.vantages.keys(), texts),
            ),
        ],
    )
}

/// What is left to do after the end.
fn afterwards(context: &MailContext<'_>, group: &IncidentGroup<'_>, texts: &Texts) -> String {
    let incident = group.first();
    let mut line = Vec::new();
    if incident.ended_well() {
        line.extend(catalogue::over(context, group, texts));
        let unproven = matches!(incident.to, Code::ContentWithdrawn | Code::ContentUnproven);
        if unproven {
            line.push(texts.say.improved_note.to_owned());
        }
    }
    if line.is_empty() {
        let rest = if incident.ended_well() {
            texts.lead.nothing_to_do
        } else {
            texts.lead.watched_on
        };
        line.push(rest.to_owned());
    }
    line.join(texts.say.stop)
}
