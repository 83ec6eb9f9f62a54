//! Planned events: notes on what was announced, and holidays of the calendars that probes use.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::context::PageContext;
use crate::i18n::pages::PageText as P;
use crate::model::SourceId;
use crate::text::clean;

/// The number of days whose holidays are shown.
const AHEAD: u64 = 60;

impl PageContext<'_> {
    /// Notes on announced events that are not over, and the next holidays.
    pub fn planned(&self) -> Vec<String> {
        let today = self.now.date_naive();
        let notes = self.snapshot.notes.iter().filter(|note| {
            note.planned && note.to.is_none_or(|to| to >= today) && !self.is_public_view()
        });
        let notes = notes.map(|note| {
            let source = self.catalogue().source(&note.source).map_or_else(
                || clean::line(note.source.as_str(), 80),
                |source| self.source_name(source),
            );
            let from = self.day(note.from);
            let to = self.day(note.to.unwrap_or(note.from));
            let text = clean::line(&note.text, 300);
            let values = [
                ("source", source.as_str()),
                ("from", from.as_str()),
                ("to", to.as_str()),
                ("text", text.as_str()),
            ];
            self.fill(P::PlannedLine, &values)
        });
        notes.chain(self.holidays(today)).collect()
    }

    /// The days of planned events among the `count` days from `first` on, event by event; nothing
    /// for visitors, whom notes are not shown.
    pub fn planned_days(
        &self,
        source: &SourceId,
        first: NaiveDate,
        count: usize,
    ) -> Vec<(NaiveDate, NaiveDate)> {
        let Some(last) = first.checked_add_days(Days::new(count.saturating_sub(1) as u64)) else {
            return Vec::new();
        };
        let notes = self.snapshot.notes.iter();
        let own = notes.filter(|n| n.planned && n.source == *source && !self.is_public_view());
        own.map(|note| (note.from.max(first), note.to.unwrap_or(last).min(last)))
            .filter(|(from, to)| from <= to)
            .collect()
    }

    /// The holidays of the calendars that values are counted by.
    fn holidays(&self, today: NaiveDate) -> Vec<String> {
        let probes = self.catalogue().enabled();
        let names: BTreeSet<&str> = probes
            .flat_map(|probe| &probe.values)
            .filter_map(|value| value.calendar.as_deref())
            .collect();
        let calendars = &self.config.workspace.calendars;
        let known = names.into_iter().filter_map(|name| calendars.get(name));
        let lines = known.flat_map(|calendar| {
            let holidays = calendar.holidays(today, AHEAD);
            holidays.into_iter().map(move |(from, to, estimated)| {
                let (from, to) = (self.day(from), self.day(to));
                let name = clean::line(&calendar.name, 40);
                let values = [
                    ("calendar", name.as_str()),
                    ("from", from.as_str()),
                    ("to", to.as_str()),
                ];
                let line = self.fill(P::HolidayLine, &values);
                if estimated {
                    let remark = self.say(P::HolidayEstimated);
                    return self.texts.marks.remark(&line, remark);
                }
                line
            })
        });
        lines.collect()
    }
}
