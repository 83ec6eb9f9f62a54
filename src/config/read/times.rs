//! Durations, cron expressions, the night, dates.

use std::time::Duration;

use super::plain::str_of;
use super::quote;
use crate::config::doc::{Problem, problem};
use crate::config::table::TomlValue;
use crate::config::units;
use crate::schedule::{Cron, remembered};

/// A duration, zero allowed.
pub(in crate::config) fn duration(value: &TomlValue<'_>) -> Result<Duration, Problem> {
    let help = "write a number with ms, s, m, h or d, such as \"20s\", \"10m\", \"6h\" or \"400d\"";
    let text = match value.get() {
        toml::de::DeValue::Integer(n) => {
            return Err(problem(format!("{} has no unit", quote(n.as_str())), help));
        }
        _ => str_of(value)?,
    };
    units::duration(text).ok_or_else(|| problem(format!("{} is not a duration", quote(text)), help))
}

/// A duration greater than zero.
pub(in crate::config) fn positive(value: &TomlValue<'_>) -> Result<Duration, Problem> {
    let duration = duration(value)?;
    if duration.is_zero() {
        return Err(problem(
            "zero leaves no time at all",
            "write a duration over zero, such as \"20s\"",
        ));
    }
    Ok(duration)
}

/// A five-field cron expression that fires some day.
pub(in crate::config) fn cron(value: &TomlValue<'_>) -> Result<Cron, Problem> {
    let text = str_of(value)?;
    let cron = remembered::cron(text).map_err(|e| problem(e.what(), e.help()))?;
    if !remembered::fires(text) {
        return Err(problem(
            format!("{} never fires", quote(text)),
            "choose a day that its months have",
        ));
    }
    Ok(cron)
}

/// `22:00-08:00` as minutes of the day; `None` for empty text.
pub(in crate::config) fn night(value: &TomlValue<'_>) -> Result<Option<(u32, u32)>, Problem> {
    let text = str_of(value)?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let minute = |t: &str| {
        let (hour, minute) = t.trim().split_once(':')?;
        let digits = |part: &str| {
            let plain = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse::<u32>().ok()).flatten()
        };
        let (hour, minute) = (digits(hour)?, digits(minute)?);
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    };
    let range = text
        .split_once('-')
        .and_then(|(from, to)| Some((minute(from)?, minute(to)?)));
    match range {
        Some((from, to)) if from != to => Ok(Some((from, to))),
        _ => Err(problem(
            format!("{} is not a night", quote(text)),
            "write two times of the day, such as \"22:00-08:00\", or \"\" for none",
        )),
    }
}

/// `2026-12-31`, as text or as a TOML date.
pub(in crate::config) fn calendar_date(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = match value.get().as_datetime() {
        Some(date) => date.to_string(),
        None => str_of(value)?.to_owned(),
    };
    match chrono::NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
        Ok(_) => Ok(text),
        Err(_) => Err(problem(
            format!("{} is not a date", quote(&text)),
            "write it as \"2026-12-31\"",
        )),
    }
}
