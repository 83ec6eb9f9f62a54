//! Working and trading days: which days count in the age of a date.
//!
//! A calendar is data (`probes/calendars/*.csv`, read by `config`) and is passed to pure code as a
//! value. Every calendar starts from Monday to Friday; its rows close days and open weekends, and
//! it may open only when certain other calendars are open too. An estimated day can close and never
//! open, so that a guess raises no alarm too early.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A day on which a calendar differs from Monday to Friday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayException {
    pub open: bool,
    /// Derived from rules instead of an announcement.
    pub estimated: bool,
}

/// The days of one calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    pub name: String,
    /// The days that its rows are written for.
    pub covers: RangeInclusive<NaiveDate>,
    pub exceptions: BTreeMap<NaiveDate, DayException>,
    /// It is open only when all of these are open.
    pub open_with: Vec<Arc<Calendar>>,
}

/// All calendars, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendars(BTreeMap<String, Arc<Calendar>>);

/// The number of days between two dates, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CountedDays {
    /// Open days.
    pub open: i64,
    /// Weekdays that were closed.
    pub closed: i64,
    /// Of those, the ones that are estimated.
    pub estimated: i64,
    /// Weekdays that the calendar does not cover; they are counted as open.
    pub uncovered: i64,
}

/// How many days are counted one by one; earlier ones are counted by the week.
const MOST: i64 = 4000;

impl Calendar {
    /// Whether the day is open, and whether that is an estimate.
    fn day(&self, date: NaiveDate) -> DayException {
        let own = self.exceptions.get(&date).copied().unwrap_or(DayException {
            open: is_weekday(date),
            estimated: false,
        });
        let mut day = own;
        for other in &self.open_with {
            let theirs = other.day(date);
            if !theirs.open {
                // Closed for certain as soon as one of them is closed for certain.
                day.estimated = theirs.estimated && (day.open || day.estimated);
                day.open = false;
            }
        }
        day
    }

    /// The holidays from a day on, each from its first closed day to its last: days in a row of
    /// which at least one is a closed weekday, and whether one of them is an estimate.
    #[must_use]
    pub fn holidays(&self, from: NaiveDate, days: u64) -> Vec<(NaiveDate, NaiveDate, bool)> {
        let until = from.checked_add_days(Days::new(days)).unwrap_or(from);
        let covered = self.begins()..=self.ends();
        let mut all: Vec<(NaiveDate, NaiveDate, bool)> = Vec::new();
        let mut run: Option<(NaiveDate, NaiveDate, bool, bool)> = None;
        for date in from.iter_days().take_while(|d| *d <= until) {
            let day = self.day(date);
            if day.open || !covered.contains(&date) {
                all.extend(run.take().filter(|r| r.3).map(|(a, b, e, _)| (a, b, e)));
                continue;
            }
            let began = run.unwrap_or((date, date, false, false));
            let (estimated, weekday) = (day.estimated && is_weekday(date), is_weekday(date));
            run = Some((began.0, date, began.2 || estimated, began.3 || weekday));
        }
        all.extend(run.filter(|r| r.3).map(|(a, b, e, _)| (a, b, e)));
        all
    }

    /// The last day that this calendar and all its `open_with` calendars cover.
    #[must_use]
    pub fn ends(&self) -> NaiveDate {
        let others = self.open_with.iter().map(|c| c.ends());
        others.fold(*self.covers.end(), NaiveDate::min)
    }

    /// The first day that this calendar and all its `open_with` calendars cover.
    #[must_use]
    pub fn begins(&self) -> NaiveDate {
        let others = self.open_with.iter().map(|c| c.begins());
        others.fold(*self.covers.start(), NaiveDate::max)
    }

    /// The first day that is estimated.
    #[must_use]
    pub fn estimated_from(&self) -> Option<NaiveDate> {
        let own = self.exceptions.iter().find(|(_, day)| day.estimated);
        let others = self.open_with.iter().filter_map(|c| c.estimated_from());
        own.map(|(date, _)| *date).into_iter().chain(others).min()
    }

    /// Counts the days after `from`, up to and including `to`.
    #[must_use]
    pub fn count(&self, from: NaiveDate, to: NaiveDate) -> CountedDays {
        let mut counted = CountedDays::default();
        let mut from = from;
        if let Some(near) = to.checked_sub_days(Days::new(MOST.unsigned_abs()))
            && from < near
        {
            counted.open = weekdays(from, near);
            counted.uncovered = counted.open;
            from = near;
        }
        let covered = self.begins()..=self.ends();
        for date in from.iter_days().skip(1).take_while(|d| *d <= to) {
            if !covered.contains(&date) {
                let weekday = i64::from(is_weekday(date));
                counted.open += weekday;
                counted.uncovered += weekday;
                continue;
            }
            let day = self.day(date);
            counted.open += i64::from(day.open);
            if !day.open && is_weekday(date) {
                counted.closed += 1;
                counted.estimated += i64::from(day.estimated);
            }
        }
        counted
    }
}

impl Calendars {
    /// Stores a calendar under its name, replacing an earlier one with that name.
    pub fn insert(&mut self, calendar: Calendar) -> Arc<Calendar> {
        let kept = Arc::new(calendar);
        self.0.insert(kept.name.clone(), Arc::clone(&kept));
        kept
    }

    /// The calendar of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Calendar>> {
        self.0.get(name)
    }

    /// The names of all calendars, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Whether it is Monday to Friday.
fn is_weekday(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The days from Monday to Friday after `from`, up to and including `to`.
#[must_use]
pub fn weekdays(from: NaiveDate, to: NaiveDate) -> i64 {
    let days = (to - from).num_days().max(0);
    let (weeks, rest) = (days / 7, days % 7);
    let extra = from
        .iter_days()
        .skip(1)
        .take(usize::try_from(rest).unwrap_or(0))
        .filter(|d| is_weekday(*d))
        .count();
    weeks * 5 + i64::try_from(extra).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar(name: &str, rows: &[(&str, bool, bool)], with: &[&Arc<Calendar>]) -> Arc<Calendar> {
        let exception = |(date, open, estimated): &(&str, bool, bool)| {
            let (open, estimated) = (*open, *estimated);
            (day(date), DayException { open, estimated })
        };
        Arc::new(Calendar {
            name: name.to_owned(),
            covers: day("2026-01-01")..=day("2026-12-31"),
            exceptions: rows.iter().map(exception).collect(),
            open_with: with.iter().map(|c| Arc::clone(c)).collect(),
        })
    }

    #[test]
    fn weekdays_without_any_calendar() {
        let friday = day("2026-11-20");
        for (to, want) in [
            ("2026-11-19", 0),
            ("2026-11-20", 0),
            ("2026-11-22", 0),
            ("2026-11-23", 1),
            ("2026-11-27", 5),
            ("2026-12-04", 10),
        ] {
            assert_eq!(weekdays(friday, day(to)), want, "{to}");
        }
    }

    #[test]
    fn holidays_fall_away_and_working_weekends_count() {
        // Thursday and Friday off, Saturday worked.
        let rows = [
            ("2026-11-19", false, false),
            ("2026-11-20", false, false),
            ("2026-11-21", true, false),
        ];
        let c = calendar("c", &rows, &[]);
        let counted = c.count(day("2026-11-18"), day("2026-11-23"));
        assert_eq!((counted.open, counted.closed), (2, 2));
        assert_eq!((counted.estimated, counted.uncovered), (0, 0));
    }

    #[test]
    fn open_only_where_all_are() {
        let mainland = calendar(
            "m",
            &[("2026-11-21", true, false), ("2026-11-24", false, false)],
            &[],
        );
        let hongkong = calendar(
            "h",
            &[("2026-11-24", false, true), ("2026-11-25", false, true)],
            &[],
        );
        let both = calendar("b", &[], &[&mainland, &hongkong]);
        // A working Saturday of one calendar opens nothing, because the other and this one are
        // closed.
        let counted = both.count(day("2026-11-20"), day("2026-11-26"));
        assert_eq!((counted.open, counted.closed), (2, 2));
        assert_eq!(counted.estimated, 1, "the 24th is certain, the 25th is not");
        assert_eq!(both.estimated_from(), Some(day("2026-11-24")));
    }

    #[test]
    fn beyond_its_end_weekdays_count_and_are_told_apart() {
        let c = calendar("c", &[("2026-12-31", false, false)], &[]);
        let counted = c.count(day("2026-12-30"), day("2027-01-04"));
        assert_eq!((counted.open, counted.uncovered, counted.closed), (2, 2, 1));
    }

    #[test]
    fn the_shortest_of_those_it_opens_with_is_its_own_end() {
        let mut short = Calendar::clone(&calendar("s", &[], &[]));
        short.covers = day("2026-02-01")..=day("2026-06-30");
        let c = calendar("c", &[], &[&Arc::new(short)]);
        assert_eq!(
            (c.begins(), c.ends()),
            (day("2026-02-01"), day("2026-06-30"))
        );
    }

    #[test]
    fn a_hostile_date_costs_no_more_than_a_far_one() {
        let c = calendar("c", &[], &[]);
        let counted = c.count(NaiveDate::MIN, day("2026-11-25"));
        assert!(counted.open > 60_000_000, "{counted:?}");
        assert_eq!(
            c.count(day("2026-11-25"), NaiveDate::MIN),
            CountedDays::default()
        );
    }

    #[test]
    fn an_estimate_only_makes_fewer_days() {
        let sure = calendar("s", &[], &[]);
        let guessed = calendar("g", &[("2026-03-04", false, true)], &[]);
        for n in 0..30 {
            let to = day("2026-03-01") + Days::new(n);
            let from = day("2026-02-25");
            assert!(guessed.count(from, to).open <= sure.count(from, to).open);
        }
    }
}
