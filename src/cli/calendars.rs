//! Warnings about calendars of working and trading days that end soon.

use chrono::{Days, NaiveDate};

use crate::config::{EndingCalendar, Workspace};

/// A calendar is reported this long before its last day: the State Council publishes the calendar
/// of a year in the autumn before it.
const AHEAD: Days = Days::new(60);

/// The fault and the fix for each calendar that ends within 60 days or has ended.
pub fn ending(workspace: &Workspace, today: NaiveDate) -> Vec<(String, String)> {
    let by = today.checked_add_days(AHEAD).unwrap_or(NaiveDate::MAX);
    let ending = workspace.ending_calendars(by);
    ending.iter().map(|e| (fault(e, today), help(e))).collect()
}

fn fault(ending: &EndingCalendar, today: NaiveDate) -> String {
    const NAMED: usize = 3;
    let names: Vec<String> = ending.probes.iter().map(ToString::to_string).collect();
    let more = match names.len().checked_sub(NAMED) {
        None | Some(0) => String::new(),
        Some(n) => format!(" and {n} more"),
    };
    let names = names[..names.len().min(NAMED)].join(", ");
    let EndingCalendar { name, last, .. } = ending;
    let verb = if *last < today { "ended" } else { "ends" };
    format!(
        "the calendar `{name}` {verb} on {last}; after that every weekday counts, holidays too ({names}{more})"
    )
}

fn help(ending: &EndingCalendar) -> String {
    format!(
        "put the next year's days into probes/calendars/{}.csv, or take that file from a newer accesswatch",
        ending.name
    )
}
