//! Cursors: the key of the last row of a page, as a word that fits into an address.

use data_encoding::BASE64URL_NOPAD;

/// A longer word is not a cursor of ours.
const LONGEST: usize = 2_000;

/// The key as a word; the table is part of it, so that a cursor is not taken for another table's.
#[must_use]
pub fn to_word(table: &str, key: &[String]) -> String {
    let parts: Vec<&str> = std::iter::once(table)
        .chain(key.iter().map(String::as_str))
        .collect();
    // A list of texts is always JSON.
    let json = serde_json::to_vec(&parts).unwrap_or_default();
    BASE64URL_NOPAD.encode(&json)
}

/// The key in a word of this table, with this many parts; `None` when the word is not a cursor of
/// ours.
#[must_use]
pub fn from_word(table: &str, parts: usize, word: &str) -> Option<Vec<String>> {
    if word.len() > LONGEST {
        return None;
    }
    let json = BASE64URL_NOPAD.decode(word.as_bytes()).ok()?;
    let mut key: Vec<String> = serde_json::from_slice(&json).ok()?;
    if key.len() != parts + 1 || key.iter().any(|part| part.contains('\0')) {
        return None;
    }
    (key.remove(0) == table).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_of_its_table_and_nothing_else() {
        let key = ["cnki".to_owned(), "知网".to_owned()];
        let word = to_word("status", &key);
        assert_eq!(from_word("status", 2, &word).as_deref(), Some(&key[..]));
        assert_eq!(from_word("sources", 2, &word), None);
        assert_eq!(from_word("status", 3, &word), None);
        for broken in ["", "x", "W10", "e30", "WyJzdGF0dXMiLDFd", &"A".repeat(3000)] {
            assert_eq!(from_word("status", 1, broken), None, "{broken}");
        }
        let nul = to_word("status", &["a\0".to_owned()]);
        assert_eq!(from_word("status", 1, &nul), None);
    }
}
