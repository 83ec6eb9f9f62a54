//! Durations (`20s`, `1h 30m`, `400d`) and sizes (`2 MiB`) as configuration spells them.

use std::time::Duration;

/// Reads a duration: numbers with `ms`, `s`, `m`, `h`, `d` or `w`. A day is 24 hours. `None` when
/// the text is not a duration, or too long.
#[must_use]
pub fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let (number, after) = number(rest)?;
        let letters = after
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(after.len());
        let unit: u64 = match &after[..letters] {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 604_800_000,
            _ => return None,
        };
        total = total.checked_add(Duration::from_millis(number.checked_mul(unit)?))?;
        rest = after[letters..].trim_start();
    }
    // A hundred years: a longer duration would overflow the calendar when it is added to a date.
    (total <= Duration::from_secs(100 * 366 * 86_400)).then_some(total)
}

/// Reads a size in bytes: a number with `B`, `kB`, `MB`, `GB` (thousands) or `KiB`, `MiB`, `GiB`.
#[must_use]
pub fn size(text: &str) -> Option<u64> {
    let (number, unit) = number(text.trim())?;
    let unit: u64 = match unit {
        "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(unit)
}

/// A leading whole number, and the rest of the text.
fn number(text: &str) -> Option<(u64, &str)> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    Some((text[..digits].parse().ok()?, text[digits..].trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let seconds = |text| duration(text).map(|d| d.as_secs());
        assert_eq!(seconds("20s"), Some(20));
        assert_eq!(seconds("10m"), Some(600));
        assert_eq!(seconds("400d"), Some(400 * 86_400));
        assert_eq!(seconds("1h 30m"), Some(5400));
        assert_eq!(seconds("0s"), Some(0));
        assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
        for bad in [
            "",
            "20",
            "s",
            "20 minutes",
            "-5s",
            "99999999999999d",
            "1.5h",
            "900000d",
        ] {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn sizes() {
        assert_eq!(size("2 MiB"), Some(2_097_152));
        assert_eq!(size("500kB"), Some(500_000));
        assert_eq!(size("10 B"), Some(10));
        for bad in ["", "2", "MiB", "2 MiBs", "99999999999 GiB", "-1 B"] {
            assert_eq!(size(bad), None, "{bad}");
        }
    }
}
