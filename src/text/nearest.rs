//! The most likely intended name for a mistyped one.

/// The candidate that `text` most likely means, or `None` if none is similar.
///
/// One typing error is tolerated (an extra, missing or different letter, or two neighbours
/// swapped), and two in a name with six letters or more. In a name with two letters a different
/// letter is too much: `cn` is not `en`. Beyond that a name must begin the same way, like one that
/// was cut short or spelled out. Case does not matter.
#[must_use]
pub fn nearest<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let typed = text.to_lowercase();
    let near = |candidate: &'c str| {
        let meant = candidate.to_lowercase();
        let alike = strsim::jaro_winkler(&typed, &meant);
        let rank = slips(&typed, &meant).or((alike > ALIKE).then_some(usize::MAX))?;
        // Of two equally near ones, the one with the same letters: swapped letters are more common
        // than lost ones.
        Some(((rank, letters(&typed) != letters(&meant)), alike, candidate))
    };
    candidates
        .into_iter()
        .filter_map(near)
        .min_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)))
        .map(|(_, _, candidate)| candidate)
}

fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters
}

/// The number of errors between the two names, if they are few enough.
fn slips(typed: &str, meant: &str) -> Option<usize> {
    let slips = strsim::osa_distance(typed, meant);
    let (of_typed, of_meant) = (letters(typed), letters(meant));
    let allowed = match of_typed.len() {
        0 | 1 => 0,
        2 if of_meant.len() == 2 && of_meant != of_typed => 0,
        2..6 => 1,
        _ => 2,
    };
    (slips <= allowed).then_some(slips)
}

/// Jaro-Winkler, from 0 to 1.
const ALIKE: f64 = 0.8;

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn one_slip_is_forgiven_in_any_name_and_two_in_a_long_one() {
        let keys = [
            "ds", "web", "dns", "path", "store", "alerts", "vantage", "max_age", "max_drop",
        ];
        for (typed, meant) in [
            ("wbe", Some("web")),
            ("we", Some("web")),
            ("DNS", Some("dns")),
            ("dsn", Some("dns")),
            ("sotre", Some("store")),
            ("pth", Some("path")),
            ("vnatgae", Some("vantage")),
            ("alert", Some("alerts")),
            ("max_dorp", Some("max_drop")),
            ("sd", Some("ds")),
            ("dz", None),
            ("xyz", None),
            ("bew", None),
            ("secrets", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, keys), meant, "{typed}");
        }
    }

    #[test]
    fn the_fewest_slips_win() {
        assert_eq!(nearest("thesi", ["these", "thesis"]), Some("thesis"));
        assert_eq!(nearest("min_byte", ["min_bytes", "min"]), Some("min_bytes"));
        assert_eq!(nearest("a", ["b"]), None);
    }
}
