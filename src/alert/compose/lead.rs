//! The first three lines of what is told of a probe: how serious it is and for whom; what changed, since when and from
//! where; what still works, or what to do.

use crate::i18n::mail::{Template, Texts, Weight, fill};
use crate::model::phase::Phase;
use crate::model::{Code, Incident, ProbeKey, Time, VantageId};

use super::incident::{Group, Step};
use super::{catalogue, help, parts, story};
use crate::alert::when;
use crate::alert::world::World;

/// Names of one list in a first line.
const MOST_NAMES: usize = 3;

/// The three lines of one group.
pub(super) fn lines(world: &World<'_>, group: &Group<'_>, texts: &Texts) -> [String; 3] {
    match group.step {
        Step::Opened | Step::Updated => [
            weight(world, group, texts),
            changed(world, group, texts),
            help_line(world, group, texts),
        ],
        Step::Reminded => [
            weight(world, group, texts),
            goes_on(world, group, texts),
            news(world, group, texts),
        ],
        Step::Ended => [
            over(world, group, texts),
            lasted(world, group.first(), texts),
            afterwards(world, group, texts),
        ],
    }
}

/// `CNKI` and `dissertations and journals`.
fn names(world: &World<'_>, group: &Group<'_>, texts: &Texts) -> [String; 2] {
    let source = group.first().source.as_ref();
    let source = source.map_or_else(String::new, |id| world.source_short(id, texts));
    [source, group.probes(world, texts)]
}

/// How serious, for whom, and seen from how many places.
fn weight(world: &World<'_>, group: &Group<'_>, texts: &Texts) -> String {
    let [source, probe] = names(world, group, texts);
    let [level, _] = world.levels(group.first().probe.as_ref(), texts);
    fill(
        texts.weight(Weight::of(group.first())),
        &[
            ("source", &source),
            ("probe", &probe),
            ("level", level),
            ("scope", &scope(world, group.first(), texts)),
        ],
    )
}

/// `2 of 3 places we watch from`: of those that look at the probe.
fn scope(world: &World<'_>, incident: &Incident, texts: &Texts) -> String {
    let look = |probe: &ProbeKey| {
        let statuses = world.book.statuses_of(probe).map(|s| &s.vantage);
        let all: std::collections::BTreeSet<&VantageId> =
            statuses.chain(incident.vantages.keys()).collect();
        all.len()
    };
    let total = incident.probe.as_ref().map_or(0, look);
    let worse: Vec<&VantageId> = incident.worse().map(|(id, _)| id).collect();
    let vantage = worse.first().map(|id| world.vantage_name(id));
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

/// Since when what is seen now is seen, and what was before it.
fn changed(world: &World<'_>, group: &Group<'_>, texts: &Texts) -> String {
    let incident = group.first();
    let since = sentence(world, incident, texts.lead.since, texts);
    let before = fill(
        texts.lead.since_before,
        &[("before", &before(world, incident, texts))],
    );
    [since, before].join(texts.say.stop)
}

fn goes_on(world: &World<'_>, group: &Group<'_>, texts: &Texts) -> String {
    let line = sentence(world, group.first(), texts.lead.reminded, texts);
    // What else still works is in the letter before.
    let works = help::still_works(world, group.first(), &group.incidents, texts);
    if works.is_empty() {
        return line;
    }
    [line, works_line(&works, texts)].join(texts.say.stop)
}

fn sentence(world: &World<'_>, incident: &Incident, template: Template, texts: &Texts) -> String {
    let since = incident.since();
    fill(
        template,
        &[
            ("since", &world.since(since, texts)),
            ("lasted", &when::duration(since, world.now, texts)),
            (
                "tells",
                &world.tells(incident.to, incident.probe.as_ref(), texts),
            ),
            ("vantages", &seen_from(world, incident, since, texts)),
        ],
    )
}

/// The vantages that see it; one that has joined on another day, with that day.
fn seen_from(world: &World<'_>, incident: &Incident, since: Time, texts: &Texts) -> String {
    let first_day = world.day(since, texts);
    let seen = incident
        .worse()
        .filter(|(_, p)| p.observed.code == incident.to);
    let named: Vec<String> = seen
        .map(|(id, part)| {
            let name = world.vantage_name(id);
            let day = world.day(part.since(), texts);
            if day == first_day {
                return name;
            }
            let since = fill(texts.say.since_there, &[("since", &day)]);
            texts.marks.remark(&name, &since)
        })
        .collect();
    parts::joined(named, texts)
}

/// The phase before, with its own time; else what is normal there.
fn before(world: &World<'_>, incident: &Incident, texts: &Texts) -> String {
    let probe = incident.probe.as_ref();
    let phases = incident.phases_together();
    let now = phases.iter().rposition(|p| p.code == incident.to);
    let earlier = now.and_then(|at| phases[..at].last());
    let Some(Phase { code, from, .. }) = earlier.filter(|p| p.code != incident.to) else {
        return world.seen(incident.from, probe, texts);
    };
    let since = world.since(*from, texts);
    let since = fill(texts.say.since_there, &[("since", &since)]);
    texts.marks.remark(&world.seen(*code, probe, texts), &since)
}

fn works_line(works: &[String], texts: &Texts) -> String {
    let works = works.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>();
    fill(
        texts.lead.works,
        &[("works", &works.join(texts.marks.list))],
    )
}

/// What still works and what serves instead; what to do where a person must look, or nothing else helps.
fn help_line(world: &World<'_>, group: &Group<'_>, texts: &Texts) -> String {
    let incident = group.first();
    let mut line = Vec::new();
    // Who has looked is not asked to look.
    let seen = parts::observed(world, incident, texts).pop();
    let seen = seen.map(|seen| fill(texts.lead.observed, &[("seen", &seen)]));
    match Weight::of(incident) {
        Weight::Unproven => {
            let [level, _] = world.levels(incident.probe.as_ref(), texts);
            line.push(fill(texts.lead.look_once, &[("level", level)]));
        }
        Weight::Replaced | Weight::Declined | Weight::Unclear => {
            line.push(seen.clone().unwrap_or_else(|| texts.lead.look.to_owned()));
        }
        _ => line.extend(seen.clone()),
    }
    let works = help::still_works(world, incident, &group.incidents, texts);
    if !works.is_empty() {
        line.push(works_line(&works, texts));
    }
    let instead = help::alternatives(world, incident);
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

/// What is new since the letter before.
fn news(world: &World<'_>, group: &Group<'_>, texts: &Texts) -> String {
    let told = group.told.unwrap_or(group.first().confirmed);
    let day = world.since(told, texts);
    let news: Vec<String> = group
        .incidents
        .iter()
        .flat_map(|i| story::after(world, i, told, texts))
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

fn over(world: &World<'_>, group: &Group<'_>, texts: &Texts) -> String {
    let incident = group.first();
    let [source, probe] = names(world, group, texts);
    let template = if incident.ended_well() {
        texts.lead.ended
    } else {
        texts.lead.ended_otherwise
    };
    let seen = world.seen(incident.ended_as(), incident.probe.as_ref(), texts);
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
fn lasted(world: &World<'_>, incident: &Incident, texts: &Texts) -> String {
    let probe = incident.probe.as_ref();
    let mut seen: Vec<Code> = Vec::new();
    for phase in incident.phases_together() {
        if !seen.contains(&phase.code) {
            seen.push(phase.code);
        }
    }
    let seen: Vec<String> = seen.iter().map(|c| world.seen(*c, probe, texts)).collect();
    span(
        world,
        incident,
        texts.lead.lasted,
        &seen.join(texts.marks.item),
        texts,
    )
}

/// A template with when something of an incident began, ended, and how long it lasted.
pub(super) fn span(
    world: &World<'_>,
    incident: &Incident,
    template: Template,
    seen: &str,
    texts: &Texts,
) -> String {
    let ended = incident.ended.unwrap_or(world.now);
    let [from, to] = [incident.first_bad, ended].map(|t| world.short(t, texts));
    fill(
        template,
        &[
            ("from", &from),
            ("to", &to),
            ("lasted", &when::duration(incident.first_bad, ended, texts)),
            ("seen", seen),
            (
                "vantages",
                &parts::names(world, incident.vantages.keys(), texts),
            ),
        ],
    )
}

/// What is left to do when it is over.
fn afterwards(world: &World<'_>, group: &Group<'_>, texts: &Texts) -> String {
    let incident = group.first();
    let mut line = Vec::new();
    if incident.ended_well() {
        line.extend(catalogue::over(world, group, texts));
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
