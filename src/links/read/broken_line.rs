//! Addresses that a line break cuts in two.
//!
//! A break says nothing about whether the address goes on: `https://a.example/` may be whole and
//! the next line a sentence. What the two ends look like decides.

/// What an address in running text begins with.
const BEGINNINGS: [&str; 6] = ["https://", "http://", "www.", "ftp://", "doi:10.", "hdl:"];

/// Words that follow an address in citations and sentences and are not a part of one.
const FOLLOWING_WORDS: [&str; 46] = [
    "a",
    "about",
    "accessed",
    "also",
    "an",
    "and",
    "archived",
    "are",
    "as",
    "at",
    "available",
    "but",
    "by",
    "can",
    "cited",
    "date",
    "for",
    "from",
    "has",
    "have",
    "in",
    "is",
    "it",
    "last",
    "of",
    "on",
    "or",
    "retrieved",
    "see",
    "that",
    "the",
    "their",
    "then",
    "these",
    "this",
    "to",
    "viewed",
    "visited",
    "was",
    "we",
    "were",
    "when",
    "where",
    "which",
    "while",
    "with",
];

/// Ends of file names and of hosts, which show that a line begins within an address.
const ENDINGS: [&str; 26] = [
    ".htm", ".html", ".shtml", ".xhtml", ".pdf", ".php", ".asp", ".aspx", ".jsp", ".jhtml", ".doc",
    ".docx", ".xls", ".xlsx", ".xml", ".zip", ".cn", ".com", ".org", ".net", ".gov", ".edu", ".hk",
    ".tw", ".kr", ".jp",
];

/// Whether an address at the end of `before` goes on at the beginning of `after`, where a line
/// break stands between them. `is_full` says that the first line reaches the margin, so that the
/// break may be the layout's and not the author's.
pub fn continues(before: &str, after: &str, is_full: bool) -> bool {
    let Some(address) = address_at_end(before) else {
        return false;
    };
    let next = beginning(after);
    let (Some(last), Some(first)) = (address.chars().next_back(), next.chars().next()) else {
        return false;
    };
    if BEGINNINGS.iter().any(|begin| next.starts_with(begin)) {
        return false;
    }
    if BEGINNINGS
        .iter()
        .any(|begin| begin.contains(':') && begin.starts_with(address))
    {
        return first.is_ascii_alphanumeric() || first == '/';
    }
    if "/?&=#%_~".contains(first) {
        return next.len() > 1 || is_full;
    }
    if first == '.' {
        return is_ending(&next[1..]);
    }
    if !first.is_ascii_alphanumeric() && first != '-' {
        return false;
    }
    match last {
        '=' | '&' | '?' | '%' | '#' | '_' | '~' | '+' | '-' => first != '-',
        '/' => is_full && !is_date(next) && !is_following_word(next),
        '.' if is_ending(next) => true,
        '.' => is_full && first != '-' && looks_like_address(next),
        c if c.is_ascii_alphanumeric() => is_full && next.len() > 1 && looks_like_address(next),
        _ => false,
    }
}

/// The address that `text` ends with, from its beginning to the end of the text.
fn address_at_end(text: &str) -> Option<&str> {
    let word = text
        .rfind(|c: char| c.is_whitespace() || !c.is_ascii())
        .map_or(text, |at| {
            let width = text[at..].chars().next().map_or(1, char::len_utf8);
            &text[at + width..]
        });
    let begin = BEGINNINGS
        .iter()
        .filter_map(|begin| word.rfind(begin))
        .max()
        .or_else(|| {
            ["https:/", "https:", "http:/", "http:"]
                .iter()
                .find(|cut| word.ends_with(*cut))
                .map(|cut| word.len() - cut.len())
        })?;
    let address = &word[begin..];
    (!address.contains(['<', '>', '"'])).then_some(address)
}

/// The characters of an address that `text` begins with.
fn beginning(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_ascii_graphic() || matches!(c, '<' | '>' | '"'))
        .unwrap_or(text.len());
    &text[..end]
}

fn bare(word: &str) -> &str {
    word.trim_end_matches(['.', ',', ';', ':', ')', ']', '!', '?'])
}

fn is_following_word(word: &str) -> bool {
    let word = bare(word).to_ascii_lowercase();
    FOLLOWING_WORDS.contains(&word.as_str())
}

/// The end of a file name or of a host, after its point.
fn is_ending(word: &str) -> bool {
    let word = bare(word).to_ascii_lowercase();
    ENDINGS.iter().any(|ending| ending[1..] == word)
}

/// A date such as `2023-05-08`, `2023/5/8` or `2023.05.08`.
fn is_date(word: &str) -> bool {
    let numbers: Vec<&str> = bare(word).split(['-', '/', '.']).collect();
    let widths = [4..=4, 1..=2, 1..=2];
    numbers.len() == 3
        && numbers.iter().zip(widths).all(|(number, widths)| {
            widths.contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
        })
}

/// Whether a word that begins a line is rather a piece of an address than a word of a sentence.
fn looks_like_address(next: &str) -> bool {
    let word = bare(next);
    if is_date(word) || word.eq_ignore_ascii_case("and/or") {
        return false;
    }
    let lower = word.to_ascii_lowercase();
    word.contains(['/', '=', '%', '&', '_'])
        || ENDINGS.iter().any(|ending| lower.ends_with(ending))
        || is_ending(word)
        || has_letters_and_digits(word)
}

fn has_letters_and_digits(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let lower = word.bytes().filter(u8::is_ascii_lowercase).count();
    digits >= 3 && lower >= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_goes_on_where_the_next_line_looks_like_one() {
        for (before, after) in [
            (
                "see https://www.stats.gov.cn/sj/",
                "zxfb/202305/t20230508_19.html. It",
            ),
            ("https://www.stats.gov.cn/sj/zxfb", "/202305/a.html"),
            ("https://www.stats.", "gov.cn/sj/a.html (visited"),
            ("(https://a.example/long-", "title-of-a-page)"),
            ("https://a.example/a?id=", "1125&x=2"),
            ("https://a.example/a?id=1125", "&x=2"),
            ("https://", "a.example/x"),
            ("https:", "//a.example/x"),
            ("参见https://a.example/content_", "5738112.htm。"),
            ("https://a.example/content_57", "38112.htm"),
            ("https://a.example/", "reports"),
            ("https://doi.org/10.1000/", "xyz123"),
            ("https://a.example/report.", "pdf, accessed"),
            ("https://a.example/report", ".pdf), accessed"),
        ] {
            assert!(continues(before, after, true), "{before} | {after}");
        }
    }

    #[test]
    fn an_address_ends_where_a_sentence_goes_on() {
        for (before, after) in [
            ("https://a.example/", "and the rest"),
            ("https://a.example/x", "and the rest"),
            ("https://a.example/x.", "The next sentence"),
            ("https://a.example/x", "(accessed 2023)"),
            ("https://a.example/x", "2023-05-08 accessed"),
            ("https://a.example/x/", "2023/5/8."),
            ("https://a.example/x", "https://b.example/y"),
            ("https://a.example/x,", "page 7/8"),
            ("https://a.example/x", "访问日期"),
            ("https://a.example/x)", "a/b"),
            ("no address here/", "a/b"),
            ("https://a.example/x", ""),
            ("https://a.example/x", "- a list"),
            ("https://a.example/x", "Beijing"),
            ("https://a.example/", "Accessed May 8"),
        ] {
            assert!(!continues(before, after, true), "{before} | {after}");
        }
    }

    #[test]
    fn a_line_with_room_left_ends_an_address_unless_it_ends_in_the_middle() {
        assert!(!continues("https://a.example/", "reports", false));
        assert!(!continues("https://a.example/x", "y/z.html", false));
        assert!(continues("https://a.example/long-", "title", false));
        assert!(continues("https://a.example/x", "/y", false));
        assert!(continues("https://a.example/x.", "html), and", false));
    }
}
