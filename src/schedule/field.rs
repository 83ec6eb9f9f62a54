//! One field of a cron expression: numbers, names, lists, ranges and steps become a set.

use super::error::CronError;

/// The values that a field allows.
pub(super) struct CronField {
    name: &'static str,
    min: u32,
    max: u32,
    /// Names of the values, starting at `min`.
    names: &'static [&'static str],
}

pub(super) const MINUTE: CronField = CronField::plain("minute", 0, 59);
pub(super) const HOUR: CronField = CronField::plain("hour", 0, 23);
pub(super) const DAY: CronField = CronField::plain("day of month", 1, 31);
pub(super) const MONTH: CronField = CronField {
    name: "month",
    min: 1,
    max: 12,
    names: &[
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ],
};
/// 7 also means Sunday, as in crontab(5).
pub(super) const WEEKDAY: CronField = CronField {
    name: "day of week",
    min: 0,
    max: 7,
    names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
};

/// The values of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CronSet {
    /// Bit n: value n.
    bits: u64,
    /// The field begins with `*`, so it restricts nothing in crontab(5) (`*/2` too).
    pub(super) star: bool,
}

impl CronSet {
    /// The values, ascending.
    pub(super) fn values(self) -> impl Iterator<Item = u32> {
        (0..64).filter(move |n| self.bits >> n & 1 == 1)
    }
}

impl CronField {
    const fn plain(name: &'static str, min: u32, max: u32) -> Self {
        Self {
            name,
            min,
            max,
            names: &[],
        }
    }

    /// Reads the text of this field.
    pub(super) fn parse(&self, text: &str) -> Result<CronSet, CronError> {
        let mut bits = 0;
        for part in text.split(',') {
            bits |= self.part(part)?;
        }
        if self.max == 7 && bits >> 7 & 1 == 1 {
            bits = bits & !(1 << 7) | 1; // Sunday as 7
        }
        Ok(CronSet {
            bits,
            star: text.starts_with('*'),
        })
    }

    /// Whether a set has all values of this field.
    pub(super) fn is_full(&self, set: CronSet) -> bool {
        set.values().eq(self.min..=self.last())
    }

    /// `*`, `a`, `a-b`, each but `a` with an optional `/step`.
    fn part(&self, part: &str) -> Result<u64, CronError> {
        if part.is_empty() {
            return Err(CronError::EmptyPart { field: self.name });
        }
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (part, None),
        };
        let (from, to) = if range == "*" {
            (self.min, self.last())
        } else if let Some((from, to)) = range.split_once('-') {
            self.range(from, to)?
        } else if step.is_some() {
            return Err(CronError::StepAlone {
                field: self.name,
                part: part.to_owned(),
                max: self.last(),
            });
        } else {
            let value = self.value(range)?;
            (value, value)
        };
        let step = match step {
            Some(text) => self.step(text, part)?,
            None => 1,
        };
        Ok((from..=to)
            .step_by(step)
            .fold(0, |bits, n| bits | 1_u64 << n))
    }

    fn range(&self, from: &str, to: &str) -> Result<(u32, u32), CronError> {
        let (from, mut to) = (self.value(from)?, self.value(to)?);
        if self.max == 7 && to == 0 && from > 0 {
            to = 7; // `fri-sun`
        }
        if from > to {
            return Err(CronError::Backwards {
                field: self.name,
                from,
                to,
                min: self.min,
                max: self.last(),
            });
        }
        Ok((from, to))
    }

    fn value(&self, text: &str) -> Result<u32, CronError> {
        let lower = text.to_ascii_lowercase();
        if let Some(at) = self.names.iter().position(|name| *name == lower) {
            return Ok(self.min + u32::try_from(at).unwrap_or_default());
        }
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(self.not_a_value(text));
        }
        match text.parse() {
            Ok(n) if (self.min..=self.max).contains(&n) => Ok(n),
            _ => Err(CronError::OutOfRange {
                field: self.name,
                part: text.to_owned(),
                min: self.min,
                max: self.max,
            }),
        }
    }

    fn not_a_value(&self, text: &str) -> CronError {
        let foreign = |c: char| matches!(c.to_ascii_uppercase(), 'L' | 'W' | '#' | '?');
        let digits = |c: char| c.is_ascii_digit();
        match text.chars().find(|c| foreign(*c)) {
            Some(letter) if text.chars().all(|c| foreign(c) || digits(c)) => CronError::Foreign {
                field: self.name,
                letter,
            },
            _ => CronError::NotAValue {
                field: self.name,
                part: text.to_owned(),
            },
        }
    }

    fn step(&self, text: &str, part: &str) -> Result<usize, CronError> {
        let longest = self.last() - self.min + 1;
        match text.parse::<u32>() {
            Ok(n) if (1..=longest).contains(&n) => Ok(usize::try_from(n).unwrap_or(1)),
            _ => Err(CronError::Step {
                field: self.name,
                part: part.to_owned(),
                longest,
            }),
        }
    }

    /// The largest value; Sunday counts once.
    fn last(&self) -> u32 {
        if self.max == 7 { 6 } else { self.max }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(field: &CronField, text: &str) -> Vec<u32> {
        field.parse(text).unwrap().values().collect()
    }

    #[test]
    fn lists_ranges_steps_and_names() {
        assert_eq!(values(&MINUTE, "5,50-52,*/20"), [0, 5, 20, 40, 50, 51, 52]);
        assert_eq!(values(&HOUR, "9-17/4"), [9, 13, 17]);
        assert_eq!(values(&MONTH, "Jan,dec"), [1, 12]);
        assert_eq!(values(&DAY, "31"), [31]);
    }

    #[test]
    fn sunday_is_0_and_7() {
        assert_eq!(values(&WEEKDAY, "7"), [0]);
        assert_eq!(values(&WEEKDAY, "0"), [0]);
        assert_eq!(values(&WEEKDAY, "5-7"), [0, 5, 6]);
        assert_eq!(values(&WEEKDAY, "fri-sun"), [0, 5, 6]);
        assert_eq!(values(&WEEKDAY, "*"), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(values(&WEEKDAY, "*/2"), [0, 2, 4, 6]);
    }

    #[test]
    fn only_a_leading_star_is_unrestricted() {
        assert!(HOUR.parse("*/2").unwrap().star);
        assert!(!HOUR.parse("0-23").unwrap().star);
    }
}
