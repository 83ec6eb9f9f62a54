//! Text, switches, numbers, choices.

use toml::de::DeValue;

use super::quote;
use crate::config::doc::{Wrong, wrong};
use crate::config::table::{Value, kind, nearest};
use crate::config::units;

/// Any text.
pub(in crate::config) fn text(value: &Value<'_>) -> Result<String, Wrong> {
    str_of(value).map(str::to_owned)
}

/// Borrowed text, for readers that go on from there.
pub(super) fn str_of<'d>(value: &Value<'d>) -> Result<&'d str, Wrong> {
    value.get().as_str().ok_or_else(|| {
        let message = format!("expected text, found {}", kind(value.get()));
        wrong(message, "put it in quotes")
    })
}

/// Text that is not empty.
pub(in crate::config) fn line(value: &Value<'_>) -> Result<String, Wrong> {
    let text = str_of(value)?.trim();
    if text.is_empty() {
        return Err(wrong("this is empty", "fill it in, or leave the key out"));
    }
    Ok(text.to_owned())
}

pub(in crate::config) fn flag(value: &Value<'_>) -> Result<bool, Wrong> {
    value.get().as_bool().ok_or_else(|| {
        let message = format!("expected true or false, found {}", kind(value.get()));
        wrong(message, "write `true` or `false`, without quotes")
    })
}

/// A whole number, 0 or more.
fn unsigned(value: &Value<'_>) -> Result<u64, Wrong> {
    let mend = "write a whole number, 0 or more";
    match value.get() {
        DeValue::Integer(n) => u64::from_str_radix(n.as_str(), n.radix())
            .map_err(|_| wrong(format!("{} is out of range", quote(n.as_str())), mend)),
        other => Err(wrong(
            format!("expected a whole number, found {}", kind(other)),
            mend,
        )),
    }
}

/// A whole number, 1 or more.
pub(in crate::config) fn count(value: &Value<'_>) -> Result<usize, Wrong> {
    match usize::try_from(unsigned(value)?) {
        Ok(0) => Err(wrong("0 would stop everything", "write 1 or more")),
        Ok(n) => Ok(n),
        Err(_) => Err(wrong("this number is too large", "write a smaller one")),
    }
}

/// Any finite number.
pub(in crate::config) fn number(value: &Value<'_>) -> Result<f64, Wrong> {
    let text = match value.get() {
        DeValue::Integer(n) if n.radix() == 10 => n.as_str(),
        DeValue::Float(n) => n.as_str(),
        other => {
            let message = format!("expected a number, found {}", kind(other));
            return Err(wrong(message, "write a number without quotes, such as 0.5"));
        }
    };
    match text.parse::<f64>() {
        Ok(n) if n.is_finite() => Ok(n),
        _ => Err(wrong(
            format!("{} is not a finite number", quote(text)),
            "write a number such as 0.5",
        )),
    }
}

/// `"30%"`, or a number from 0 to 1.
pub(in crate::config) fn share(value: &Value<'_>) -> Result<f64, Wrong> {
    const MEND: &str = "write a share such as \"30%\"";
    let share = match value.get().as_str() {
        Some(text) => {
            let percent = text
                .trim()
                .strip_suffix('%')
                .and_then(|n| n.trim().parse::<f64>().ok());
            percent.ok_or_else(|| wrong(format!("{} is not a share", quote(text)), MEND))? / 100.0
        }
        None => number(value)?,
    };
    if (0.0..=1.0).contains(&share) {
        return Ok(share);
    }
    Err(wrong("a share goes from 0% to 100%", MEND))
}

/// `"2 MiB"`, or a number of bytes.
pub(in crate::config) fn size(value: &Value<'_>) -> Result<u64, Wrong> {
    if value.get().is_integer() {
        return unsigned(value);
    }
    let text = str_of(value)?;
    units::size(text).ok_or_else(|| {
        wrong(
            format!("{} is not a size", quote(text)),
            "write a size such as \"2 MiB\", \"500 kB\" or a number of bytes",
        )
    })
}

/// An HTTP status.
pub(in crate::config) fn status(value: &Value<'_>) -> Result<u16, Wrong> {
    let out = || wrong("HTTP statuses go from 100 to 599", "write one such as 200");
    let status = u16::try_from(unsigned(value)?).map_err(|_| out())?;
    if (100..=599).contains(&status) {
        return Ok(status);
    }
    Err(out())
}

/// One of a few words.
pub(in crate::config) fn choice<T: Copy>(
    value: &Value<'_>,
    words: &[(&str, T)],
) -> Result<T, Wrong> {
    let text = str_of(value)?;
    if let Some((_, found)) = words.iter().find(|(word, _)| *word == text) {
        return Ok(*found);
    }
    let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let mend = match nearest(text, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write one of {}", names.join(", ")),
    };
    Err(wrong(
        format!("{} is none of {}", quote(text), names.join(", ")),
        mend,
    ))
}
