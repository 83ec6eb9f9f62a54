//! Instructions of Word's fields, such as `HYPERLINK "https://a.example/" \l "part"`.

/// The address of a `HYPERLINK` instruction; `None` for other fields and links within the document.
pub fn hyperlink(instruction: &str) -> Option<String> {
    let mut words = words(instruction).into_iter();
    if !words.next()?.text.eq_ignore_ascii_case("HYPERLINK") {
        return None;
    }
    let (mut address, mut fragment) = (None, None);
    while let Some(word) = words.next() {
        if word.is_quoted || !word.text.starts_with('\\') {
            address.get_or_insert(word.text);
            continue;
        }
        // Switches with a value: a place in the target, a screen tip, a target frame.
        match word.text.to_ascii_lowercase().as_str() {
            "\\l" => fragment = words.next().map(|word| word.text),
            "\\o" | "\\t" => {
                words.next();
            }
            _ => {}
        }
    }
    let address = address.filter(|address| !address.trim().is_empty())?;
    Some(with_fragment(address.trim(), fragment.as_deref()))
}

/// Whether an instruction is, or may become, a link's.
pub fn hyperlink_begins(instruction: &str) -> bool {
    let word = instruction.split_whitespace().next();
    word.is_none_or(|word| word.eq_ignore_ascii_case("HYPERLINK"))
}

/// An address with the place in it that the document names apart.
pub fn with_fragment(address: &str, fragment: Option<&str>) -> String {
    match fragment {
        Some(fragment) if !fragment.is_empty() && !address.contains('#') => {
            format!("{address}#{fragment}")
        }
        _ => address.to_owned(),
    }
}

struct Word {
    text: String,
    is_quoted: bool,
}

/// The words of an instruction. In quotes, a backslash makes a quote or a backslash literal.
fn words(instruction: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut chars = instruction.chars().peekable();
    while let Some(&c) = chars.peek() {
        if c.is_whitespace() {
            chars.next();
        } else if is_quote(c) {
            chars.next();
            let mut text = String::new();
            while let Some(c) = chars.next() {
                match c {
                    '\\' if chars.peek().is_some_and(|&c| c == '\\' || is_quote(c)) => {
                        text.extend(chars.next());
                    }
                    c if is_quote(c) => break,
                    c => text.push(c),
                }
            }
            words.push(Word {
                text,
                is_quoted: true,
            });
        } else {
            let mut text = String::new();
            while let Some(&c) = chars.peek() {
                if c.is_whitespace() || is_quote(c) {
                    break;
                }
                text.push(c);
                chars.next();
            }
            words.push(Word {
                text,
                is_quoted: false,
            });
        }
    }
    words
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyperlinks_are_read_with_their_switches() {
        for (instruction, expected) in [
            (
                r#" HYPERLINK "https://a.example/x" "#,
                "https://a.example/x",
            ),
            (r"hyperlink https://a.example/x \h", "https://a.example/x"),
            (
                r#"HYPERLINK "https://a.example/x" \o "a tip" \t "_blank""#,
                "https://a.example/x",
            ),
            (
                r#"HYPERLINK \o "tip" "https://a.example/x""#,
                "https://a.example/x",
            ),
            (
                r#"HYPERLINK "https://a.example/x" \l "part 2""#,
                "https://a.example/x#part 2",
            ),
            (
                r#"HYPERLINK "https://a.example/#y" \l "z""#,
                "https://a.example/#y",
            ),
            (
                r#"HYPERLINK "file:\\\\server\\share\\a.doc""#,
                r"file:\\server\share\a.doc",
            ),
            (
                r#"HYPERLINK "https://a.example/\"q\"""#,
                r#"https://a.example/"q""#,
            ),
            (
                "HYPERLINK \u{201c}https://a.example/统计\u{201d}",
                "https://a.example/统计",
            ),
        ] {
            assert_eq!(
                hyperlink(instruction).as_deref(),
                Some(expected),
                "{instruction}"
            );
        }
    }

    #[test]
    fn other_fields_and_inner_links_are_no_addresses() {
        for instruction in [
            "",
            " PAGE ",
            r#"HYPERLINK \l "_Toc1""#,
            r#"HYPERLINK """#,
            "HYPERLINK",
            r#"INCLUDEPICTURE "https://a.example/x.png""#,
            r#"ADDIN ZOTERO_ITEM CSL_CITATION {"url":"https://a.example/x"}"#,
        ] {
            assert_eq!(hyperlink(instruction), None, "{instruction}");
        }
    }
}
