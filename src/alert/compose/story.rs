//! The story of an incident: its changes, in words.

use crate::i18n::dates;
use crate::i18n::mail::{Texts, fill, texts};
use crate::model::incident::{StoryLine, StoryRemark, VantageTurn};
use crate::model::settings::Language;
use crate::model::{Code, Incident, Time, VantageId};

use super::parts;
use crate::alert::mail_body::MailBody;
use crate::alert::mail_context::MailContext;

/// The worth of a story in a mail that is too long.
const WORTH: u8 = 40;

/// The changes so far, oldest first.
pub(super) fn story(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    incident: &Incident,
    texts: &Texts,
) {
    let entries = worded(context, incident, texts);
    let lines = entries
        .iter()
        .map(|(_, when, text)| fill(texts.say.event_plain, &[("when", when), ("text", text)]));
    let lines = parts::capped(lines.collect(), texts);
    letter.list_worth(WORTH, texts.heading.story, lines);
}

/// The changes so far, oldest first, for pages.
#[must_use]
pub fn story_of(
    context: &MailContext<'_>,
    incident: &Incident,
    language: Language,
) -> Vec<(Time, String)> {
    let lines = worded(context, incident, texts(language));
    lines.into_iter().map(|(at, _, text)| (at, text)).collect()
}

/// Each change with its time, also in words.
fn worded(
    context: &MailContext<'_>,
    incident: &Incident,
    texts: &Texts,
) -> Vec<(Time, String, String)> {
    let lines = lines(incident, |_| true);
    let mut entries: Vec<(Time, String, String)> = lines
        .iter()
        .map(|line| {
            let text = line.text(context, incident, texts);
            (line.at, context.short(line.at, texts), text)
        })
        .collect();
    entries.extend(of_people(context, incident, texts));
    entries.sort_by_key(|(at, ..)| *at);
    entries
}

/// What changed after a time, newest first, each as the end of a sentence without a full stop.
pub(super) fn after(
    context: &MailContext<'_>,
    incident: &Incident,
    since: Time,
    texts: &Texts,
) -> Vec<String> {
    // The same code from one vantage after another is one item.
    let mut merged: Vec<Line<'_>> = Vec::new();
    for line in lines(incident, |at| at > since) {
        match merged
            .iter_mut()
            .find(|l| l.to.is_some() && l.to == line.to)
        {
            Some(known) => {
                known.at = line.at;
                known.vantages.retain(|v| !line.vantages.contains(v));
                known.vantages.extend(line.vantages);
            }
            None => merged.push(line),
        }
    }
    let mut changes: Vec<(Time, String)> = merged
        .iter()
        .map(|line| (line.at, line.text(context, incident, texts)))
        .collect();
    let people = of_people(context, incident, texts).into_iter();
    changes.extend(
        people
            .filter(|(at, ..)| *at > since)
            .map(|(at, _, text)| (at, text)),
    );
    changes.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let stop = |text: String| text.trim_end_matches(['.', '。']).to_owned();
    changes.into_iter().map(|(_, text)| stop(text)).collect()
}

/// The changes at the selected times. Vantages that changed alike in the same minute share a line.
fn lines(incident: &Incident, is_listed: impl Fn(Time) -> bool) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut changes: Vec<&StoryLine> = incident
        .changes
        .iter()
        .filter(|c| is_listed(c.at))
        .collect();
    changes.sort_by_key(|c| c.at);
    for change in changes {
        match (lines.last_mut(), &change.turn) {
            (Some(line), Some(turn)) if line.takes(change.at, turn) => {
                line.vantages.push(&turn.vantage);
            }
            _ => lines.push(Line::of(change)),
        }
    }
    lines
}

/// What people saw and noted during the incident.
fn of_people(
    context: &MailContext<'_>,
    incident: &Incident,
    texts: &Texts,
) -> Vec<(Time, String, String)> {
    let looked = incident.human_checks.iter().map(|check| {
        let values = [
            ("network", check.network.as_str()),
            ("answer", parts::answer(check.browser, texts)),
            ("by", check.by.as_deref().unwrap_or_default()),
        ];
        let template = match check.by {
            Some(_) => texts.say.looked_by,
            None => texts.say.looked,
        };
        let text = fill(template, &values);
        (check.at, context.short(check.at, texts), text)
    });
    let lasted =
        incident.first_bad.date_naive()..=incident.ended.unwrap_or(context.now).date_naive();
    let noted = context
        .notes
        .iter()
        .filter(|note| {
            incident.source.as_ref() == Some(&note.source) && lasted.contains(&note.from)
        })
        .map(|note| {
            let text = fill(texts.say.noted, &[("text", &note.text)]);
            let written = note.written.filter(|at| lasted.contains(&at.date_naive()));
            let day = || {
                let at = note.from.and_time(chrono::NaiveTime::MIN).and_utc();
                (at, dates::day(texts.language, note.from, false))
            };
            let (at, shown) = written.map_or_else(day, |at| (at, context.short(at, texts)));
            (at, shown, text)
        });
    looked.chain(noted).collect()
}

fn minute(at: Time) -> i64 {
    at.timestamp().div_euclid(60)
}

struct Line<'a> {
    at: Time,
    plain: &'a str,
    remark: Option<&'a StoryRemark>,
    to: Option<Code>,
    vantages: Vec<&'a VantageId>,
}

impl<'a> Line<'a> {
    fn of(change: &'a StoryLine) -> Self {
        Self {
            at: change.at,
            plain: &change.text,
            remark: change.remark.as_ref(),
            to: change.turn.as_ref().map(|t| t.to),
            vantages: change.turn.iter().map(|t| &t.vantage).collect(),
        }
    }

    fn takes(&self, at: Time, turn: &VantageTurn) -> bool {
        self.to == Some(turn.to) && minute(self.at) == minute(at)
    }

    fn text(&self, context: &MailContext<'_>, incident: &Incident, texts: &Texts) -> String {
        let Some(to) = self.to else {
            return match self.remark {
                Some(remark) => remark_text(context, incident, remark, texts),
                None => self.plain.to_owned(),
            };
        };
        let seen = context.seen_in(incident, to, texts);
        let vantages = parts::names(context, self.vantages.iter().copied(), texts);
        let values = [("seen", &*seen), ("vantages", &vantages)];
        fill(texts.say.turned, &values)
    }
}

/// The text of a change that does not belong to a vantage.
fn remark_text(
    context: &MailContext<'_>,
    incident: &Incident,
    remark: &StoryRemark,
    texts: &Texts,
) -> String {
    let say = &texts.remark;
    match remark {
        StoryRemark::Acknowledged { by } => fill(say.acknowledged, &[("by", by)]),
        StoryRemark::Silenced { until, by } => {
            let until = context.short(*until, texts);
            match by {
                Some(by) => fill(say.silenced_by, &[("until", &until), ("by", by)]),
                None => fill(say.silenced, &[("until", &until)]),
            }
        }
        StoryRemark::Withdrawn { by } => fill(say.withdrawn, &[("by", by)]),
        StoryRemark::SilenceEnded { by } => fill(say.silence_ended, &[("by", by)]),
        StoryRemark::LookedAgain { by } => fill(say.looked_again, &[("by", by)]),
        StoryRemark::Finding { finding } => {
            let says = texts.finding_on(*finding, &incident.finding_basis);
            fill(say.finding, &[("finding", says)])
        }
        StoryRemark::OwnEnd {
            in_trouble: true, ..
        } => texts.controls_in_trouble().to_owned(),
        StoryRemark::OwnEnd { silent: true, .. } => texts.agent_silent().to_owned(),
        StoryRemark::OwnEnd { code, .. } => texts.seen(*code).to_owned(),
        StoryRemark::Accepted { vantage, code } => {
            let vantage = context.vantage_name(vantage);
            let seen = context.seen_in(incident, *code, texts);
            fill(say.accepted, &[("vantage", &vantage), ("seen", &seen)])
        }
        StoryRemark::Folded { probe, code } => {
            let name = context.full_probe_name(probe, texts);
            let seen = context.seen(*code, Some(probe), texts);
            fill(say.folded, &[("probe", &name), ("seen", &seen)])
        }
        StoryRemark::PathToChina => say.path.to_owned(),
    }
}
