//! Whether two addresses of one site lead to the same place.

/// A shorter part of an address is not a token.
const SHORTEST_TOKEN: usize = 8;

/// Whether two addresses lead to the same place: they are equal, or differ only in tokens, which
/// sites generate for each answer.
#[must_use]
pub fn leads_where(known: &str, now: &str) -> bool {
    if known == now {
        return true;
    }
    let is_script = |way: &str| way.contains(['(', ';']);
    if is_script(known) || is_script(now) {
        return false;
    }
    let parts = |way: &str| -> Vec<String> {
        let parts = way.split(['/', '?', '&', '#']);
        parts.map(str::to_owned).collect()
    };
    let (known, now) = (parts(known), parts(now));
    let same = |(known, now): (&String, &String)| known == now || is_same_token(known, now);
    let stands = known.iter().zip(&now).any(|(a, b)| a == b && !a.is_empty());
    known.len() == now.len() && stands && known.iter().zip(&now).all(same)
}

/// Whether two parts of an address are tokens of the same name and the same length.
fn is_same_token(known: &str, now: &str) -> bool {
    let split = |part: &'_ str| {
        let (name, value) = part.rsplit_once('=').unwrap_or(("", part));
        (name.to_owned(), value.to_owned())
    };
    let ((known_name, known), (name, now)) = (split(known), split(now));
    // Ids of records begin alike, tokens do not.
    let begins_alike = known.bytes().zip(now.bytes()).take(3).all(|(a, b)| a == b);
    let are_tokens = known.len() == now.len() && is_token(&known) && is_token(&now);
    known_name == name && are_tokens && !begins_alike
}

/// Letters and figures in no order: a token, not a word and not a number.
fn is_token(part: &str) -> bool {
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '%');
    part.len() >= SHORTEST_TOKEN
        && part.chars().all(is_of_token)
        && part.contains(|c: char| c.is_ascii_digit())
        && part.contains(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_do_not_count_in_an_address() {
        for (known, now) in [
            ("/get?id=7&tok=bdbf7784", "/get?id=7&tok=7f78ff26"),
            ("/get?key=0a1b2c3d4e5f", "/get?key=9f8e7d6c5b4a"),
            ("/d/0a1b2c3d4e/7.pdf", "/d/aa11bb22cc/7.pdf"),
            ("/7.pdf", "/7.pdf"),
        ] {
            assert!(leads_where(known, now), "{known} {now}");
        }
        for (known, now) in [
            ("/get?id=7&tok=bdbf7784", "/get?id=8&tok=7f78ff26"),
            ("/get?id=7&tok=bdbf7784", "/apply?id=7&tok=7f78ff26"),
            ("/get?id=12345678", "/get?id=87654321"),
            ("/get?id=7", "/get?id=7&buy=1"),
            ("/get?id=ABCD202401", "/get?id=ABCD202402"),
            ("get('0a1b2c3d')", "get('9f8e7d6c')"),
        ] {
            assert!(!leads_where(known, now), "{known} {now}");
        }
    }
}
