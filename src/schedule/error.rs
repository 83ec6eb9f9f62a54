//! The errors of a cron expression, in words.

/// A cron expression that cannot be read. `Display` gives [`what`](Self::what) and
/// [`help`](Self::help).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}; {}", self.what(), self.help())]
pub enum CronError {
    /// Not five fields; six often include seconds.
    Fields(usize),
    /// An unknown `@nickname`, with the nearest known one.
    Nickname(String),
    /// `@reboot`, which has no time.
    Reboot,
    /// A part that is neither a number nor a name of its field.
    NotAValue { field: &'static str, part: String },
    /// A number outside the field's range.
    OutOfRange {
        field: &'static str,
        part: String,
        min: u32,
        max: u32,
    },
    /// `22-2`.
    Backwards {
        field: &'static str,
        from: u32,
        to: u32,
        min: u32,
        max: u32,
    },
    /// `5/15`: a step needs `*` or a range before it.
    StepAlone {
        field: &'static str,
        part: String,
        max: u32,
    },
    /// `*/0`, `*/x`, or a step longer than the field.
    Step {
        field: &'static str,
        part: String,
        longest: u32,
    },
    /// `1,,2`.
    EmptyPart { field: &'static str },
    /// `L`, `W`, `#`, `?`: letters of other schedulers.
    Foreign { field: &'static str, letter: char },
}

impl CronError {
    /// What is wrong, with the field.
    pub fn what(&self) -> String {
        match self {
            CronError::Fields(0) => "the cron expression is empty".to_owned(),
            CronError::Fields(n) => format!("a cron expression has five fields, this has {n}"),
            CronError::Nickname(text) => format!("`{text}` is not a cron nickname"),
            CronError::Reboot => "`@reboot` names no time".to_owned(),
            CronError::NotAValue { field, part } => format!("{field}: `{part}` is not a value"),
            CronError::OutOfRange { field, part, .. } => {
                format!("{field}: `{part}` is out of range")
            }
            CronError::Backwards {
                field, from, to, ..
            } => format!("{field}: the range `{from}-{to}` goes backwards"),
            CronError::StepAlone { field, part, .. } => {
                format!("{field}: `{part}` has a step but no range")
            }
            CronError::Step { field, part, .. } => {
                format!("{field}: `{part}` is not a step of this field")
            }
            CronError::EmptyPart { field } => format!("{field}: a part of the list is empty"),
            CronError::Foreign { field, letter } => format!("{field}: `{letter}` is not crontab"),
        }
    }

    /// How to fix it.
    pub fn help(&self) -> String {
        const FORM: &str =
            "write minute, hour, day of month, month and day of week, such as `20 9,15,21 * * *`";
        match self {
            CronError::Fields(6 | 7) => format!("leave out the seconds and the year: {FORM}"),
            CronError::Fields(_) => FORM.to_owned(),
            CronError::Nickname(_) => {
                "write @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually"
                    .to_owned()
            }
            CronError::Reboot => format!("{FORM}; the daemon checks what is due when it starts"),
            CronError::NotAValue { .. } => {
                "write a number, a name such as `mon` or `jan`, `*`, a range `a-b`, a step `*/n` or a list `a,b`"
                    .to_owned()
            }
            CronError::OutOfRange { min, max, .. } => {
                format!("values of this field go from {min} to {max}")
            }
            CronError::Backwards {
                from, to, min, max, ..
            } => format!("write the two parts one by one: `{from}-{max},{min}-{to}`"),
            CronError::StepAlone { part, max, .. } => {
                let (from, step) = part.split_once('/').unwrap_or((part, "1"));
                format!("write `{from}-{max}/{step}`")
            }
            CronError::Step { longest, .. } => {
                format!("a step goes from 1 to {longest}; list the values when it does not divide the field")
            }
            CronError::EmptyPart { .. } => "take out the comma that is too many".to_owned(),
            CronError::Foreign { .. } => {
                "only numbers, names, `*`, `-`, `,` and `/` are read".to_owned()
            }
        }
    }
}
