//! Reminders of open incidents: with `repeat = "24h"` on days 1, 3, 7, 14 and then weekly. Nobody
//! reads a mail that comes daily.

use std::time::Duration;

use chrono::TimeDelta;

use crate::model::incident::MailState;
use crate::model::mail::NewMail;
use crate::model::{Incident, Time};

use super::compose::remind_mails;
use super::mail_context::MailContext;

/// The reminders after the opening, as multiples of `repeat`.
const STEPS: [i32; 4] = [1, 3, 7, 14];

/// When the reminder after `last` (the newest mail of the incident) is due: the first step that is
/// at least half of `repeat` later, so that no reminder comes just after a mail about a change.
/// `None` when `repeat` is zero.
#[must_use]
pub fn next(confirmed: Time, last: Time, repeat: Duration) -> Option<Time> {
    let repeat = TimeDelta::from_std(repeat)
        .ok()
        .filter(|r| *r > TimeDelta::zero())?;
    for step in STEPS {
        let at = confirmed.checked_add_signed(repeat.checked_mul(step)?)?;
        if at - last >= repeat / 2 {
            return Some(at);
        }
    }
    last.checked_add_signed(repeat.checked_mul(7)?)
}

/// Reminders of the open incidents that were mailed, are neither acknowledged nor silenced, and are
/// due. `last_mailed` returns when the newest mail of an incident was composed.
#[must_use]
pub fn due(context: &MailContext<'_>, last_mailed: impl Fn(i64) -> Option<Time>) -> Vec<NewMail> {
    let repeat = context.settings.alerts.repeat;
    let is_due = |i: &Incident| {
        i.is_open()
            && i.mail == MailState::Mailed
            && i.acknowledged_by.is_none()
            && last_mailed(i.id)
                .and_then(|last| next(i.confirmed, last, repeat))
                .is_some_and(|at| at <= context.now)
    };
    let incidents: Vec<&Incident> = context.incidents().filter(|i| is_due(i)).collect();
    remind_mails(context, &incidents, last_mailed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reminders_thin_out() {
        let start: Time = "2026-01-01T00:00:00Z".parse().unwrap();
        let day = Duration::from_secs(24 * 60 * 60);
        let mut last = start;
        let mut days = Vec::new();
        for _ in 0..6 {
            last = next(start, last, day).unwrap();
            days.push((last - start).num_days());
        }
        assert_eq!(days, [1, 3, 7, 14, 21, 28]);
        assert_eq!(next(start, start, Duration::ZERO), None);
    }

    #[test]
    fn no_reminder_on_the_heels_of_an_update() {
        let start: Time = "2026-01-01T00:00:00Z".parse().unwrap();
        let updated = start + TimeDelta::hours(18);
        let day = Duration::from_secs(24 * 60 * 60);
        assert_eq!(next(start, updated, day), Some(start + TimeDelta::days(3)));
    }
}
