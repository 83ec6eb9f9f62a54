//! Text, switches, numbers, choices.

use toml::de::DeValue;

use super::quote;
use crate::config::doc::{Problem, problem};
use crate::config::table::{TomlValue, kind, nearest};
use crate::config::units;

/// Any text.
pub(in crate::config) fn text(value: &TomlValue<'_>) -> Result<String, Problem> {
    str_of(value).map(str::to_owned)
}

/// Borrowed text, for readers that process it further.
pub(super) fn str_of<'d>(value: &TomlValue<'d>) -> Result<&'d str, Problem> {
    value.get().as_str().ok_or_else(|| {
        let message = format!("expected text, found {}", kind(value.get()));
        problem(message, "put it in quotes")
    })
}

/// Text that is not empty.
pub(in crate::config) fn line(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = str_of(value)?.trim();
    if text.is_empty() {
        return Err(problem("this is empty", "fill it in, or leave the key out"));
    }
    Ok(text.to_owned())
}

pub(in crate::config) fn flag(value: &TomlValue<'_>) -> Result<bool, Problem> {
    value.get().as_bool().ok_or_else(|| {
        let message = format!("expected true or false, found {}", kind(value.get()));
        problem(message, "write `true` or `false`, without quotes")
    })
}

/// A whole number, 0 or more.
fn unsigned(value: &TomlValue<'_>) -> Result<u64, Problem> {
    let help = "write a whole number, 0 or more";
    match value.get() {
        DeValue::Integer(n) => u64::from_str_radix(n.as_str(), n.radix())
            .map_err(|_| problem(format!("{} is out of range", quote(n.as_str())), help)),
        other => Err(problem(
            format!("expected a whole number, found {}", kind(other)),
            help,
        )),
    }
}

/// A whole number, 1 or more.
pub(in crate::config) fn count(value: &TomlValue<'_>) -> Result<usize, Problem> {
    match usize::try_from(unsigned(value)?) {
        Ok(0) => Err(problem("0 would stop everything", "write 1 or more")),
        Ok(n) => Ok(n),
        Err(_) => Err(problem("this number is too large", "write a smaller one")),
    }
}

/// Any finite number.
pub(in crate::config) fn number(value: &TomlValue<'_>) -> Result<f64, Problem> {
    let text = match value.get() {
        DeValue::Integer(n) if n.radix() == 10 => n.as_str(),
        DeValue::Float(n) => n.as_str(),
        other => {
            let message = format!("expected a number, found {}", kind(other));
            return Err(problem(
                message,
                "write a number without quotes, such as 0.5",
            ));
        }
    };
    match text.parse::<f64>() {
        Ok(n) if n.is_finite() => Ok(n),
        _ => Err(problem(
            format!("{} is not a finite number", quote(text)),
            "write a number such as 0.5",
        )),
    }
}

/// `"30%"`, or a number from 0 to 1.
pub(in crate::config) fn share(value: &TomlValue<'_>) -> Result<f64, Problem> {
    const MEND: &str = "write a share such as \"30%\"";
    let share = match value.get().as_str() {
        Some(text) => {
            let percent = text
                .trim()
                .strip_suffix('%')
                .and_then(|n| n.trim().parse::<f64>().ok());
            percent.ok_or_else(|| problem(format!("{} is not a share", quote(text)), MEND))? / 100.0
        }
        None => number(value)?,
    };
    if (0.0..=1.0).contains(&share) {
        return Ok(share);
    }
    Err(problem("a share goes from 0% to 100%", MEND))
}

/// `"2 MiB"`, or a number of bytes.
pub(in crate::config) fn size(value: &TomlValue<'_>) -> Result<u64, Problem> {
    if value.get().is_integer() {
        return unsigned(value);
    }
    let text = str_of(value)?;
    units::size(text).ok_or_else(|| {
        problem(
            format!("{} is not a size", quote(text)),
            "write a size such as \"2 MiB\", \"500 kB\" or a number of bytes",
        )
    })
}

/// An HTTP status.
pub(in crate::config) fn status(value: &TomlValue<'_>) -> Result<u16, Problem> {
    let out = || problem("HTTP statuses go from 100 to 599", "write one such as 200");
    let status = u16::try_from(unsigned(value)?).map_err(|_| out())?;
    if (100..=599).contains(&status) {
        return Ok(status);
    }
    Err(out())
}

/// One of the given words.
pub(in crate::config) fn choice<T: Copy>(
    value: &TomlValue<'_>,
    words: &[(&str, T)],
) -> Result<T, Problem> {
    let text = str_of(value)?;
    if let Some((_, found)) = words.iter().find(|(word, _)| *word == text) {
        return Ok(*found);
    }
    let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let help = match nearest(text, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write one of {}", names.join(", ")),
    };
    Err(problem(
        format!("{} is none of {}", quote(text), names.join(", ")),
        help,
    ))
}
