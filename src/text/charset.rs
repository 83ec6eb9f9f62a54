//! The characters of a body's bytes: byte order mark, HTTP header, `<meta>`, a guess.
//!
//! The order is WHATWG's encoding sniffing algorithm; a charset that the probe states takes
//! precedence. [`super::html`] and [`super::json`] read the characters.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use crate::model::measurement::CharsetFacts;

/// How many bytes are searched for a `<meta>` (WHATWG: 1024).
const META_WINDOW: usize = 1024;

/// Decodes a body. Returns also the charset and its origin: `probe`, `bom`, `header`, `meta`,
/// `guess`. Invalid bytes become U+FFFD and set `malformed`.
#[must_use]
pub fn decode(
    bytes: &[u8],
    content_type: Option<&str>,
    forced: Option<&str>,
) -> (String, CharsetFacts) {
    let (encoding, by) = choose(bytes, content_type, forced);
    // Browsers read the label gb2312 as GBK; its superset also reads the four-byte characters that
    // pages with this label contain.
    let decoder = if encoding == GBK { GB18030 } else { encoding };
    let body = without_bom(bytes, decoder);
    let (text, malformed) = decoder.decode_without_bom_handling(body);
    let facts = CharsetFacts {
        name: encoding.name().to_ascii_lowercase(),
        by: by.to_owned(),
        malformed,
    };
    (text.into_owned(), facts)
}

/// The charset that the bytes look like when the stated one is wrong: some bytes are invalid in the
/// stated one, and nearly all are valid in the guessed one. `None` for a page in its own charset
/// with a few broken bytes.
#[must_use]
pub fn instead(bytes: &[u8], content_type: Option<&str>) -> Option<&'static str> {
    let (stated, facts) = decode(bytes, content_type, None);
    if !facts.malformed || facts.by == "guess" {
        return None;
    }
    let guessed = guess(bytes);
    // GB18030 is a superset of GBK.
    let wide = |e: &'static Encoding| if e == GBK { GB18030 } else { e };
    let name = wide(guessed).name();
    let is_other = label(&facts.name).is_some_and(|stated| wide(stated) != wide(guessed));
    let (text, _) = decode(bytes, None, Some(name));
    let unread = |text: &str| text.matches('\u{fffd}').count();
    // One broken or cut byte makes the detector doubt a whole page; valid UTF-8 is certain.
    let beyond_ascii = stated.chars().filter(|c| !c.is_ascii()).count();
    let is_plain = guessed == UTF_8 || unread(&stated) * 10 >= beyond_ascii;
    (is_other && is_plain && unread(&text) * 10 < unread(&stated)).then_some(name)
}

/// The charset in which a browser reads the bytes.
#[must_use]
pub fn browser_charset(bytes: &[u8], content_type: Option<&str>) -> &'static Encoding {
    let (encoding, _) = choose(bytes, content_type, None);
    if encoding == GBK { GB18030 } else { encoding }
}

fn choose(
    bytes: &[u8],
    content_type: Option<&str>,
    forced: Option<&str>,
) -> (&'static Encoding, &'static str) {
    if let Some(encoding) = forced.and_then(label) {
        let (stated, by) = choose(bytes, content_type, None);
        // The site was rewritten in UTF-8 and says so.
        if stated == UTF_8 && encoding != UTF_8 && by != "guess" && is_long_utf8(bytes) {
            return (stated, by);
        }
        return (encoding, "probe");
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return (encoding, "bom");
    }
    if let Some(encoding) = content_type.and_then(of_content_type) {
        return (encoding, "header");
    }
    if let Some(encoding) = of_meta(&bytes[..bytes.len().min(META_WINDOW)]) {
        return (encoding, "meta");
    }
    (guess(bytes), "guess")
}

/// Valid UTF-8 with so many characters beyond ASCII that no other charset gives it by chance.
fn is_long_utf8(bytes: &[u8]) -> bool {
    const FEWEST: usize = 32;
    let text = match std::str::from_utf8(bytes) {
        // The body ends within a character: it was cut or broke off.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()])
        }
        read => read,
    };
    text.is_ok_and(|text| text.chars().filter(|c| !c.is_ascii()).take(FEWEST).count() == FEWEST)
}

fn label(text: &str) -> Option<&'static Encoding> {
    Encoding::for_label(text.trim().as_bytes())
}

fn without_bom<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> &'a [u8] {
    match Encoding::for_bom(bytes) {
        Some((of_bom, length)) if of_bom == encoding => &bytes[length..],
        _ => bytes,
    }
}

/// The charset parameter of a content type, or of the `content` of a `<meta http-equiv>`.
fn of_content_type(text: &str) -> Option<&'static Encoding> {
    let lower = text.to_ascii_lowercase();
    let mut rest = lower.as_str();
    while let Some(at) = rest.find("charset") {
        rest = rest[at + "charset".len()..].trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            continue;
        };
        let value = value.trim_start();
        let value = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split(quote).next(),
            _ => value
                .split(|c: char| matches!(c, ';' | ',' | '"' | '\'') || c.is_ascii_whitespace())
                .next(),
        };
        return value.and_then(label);
    }
    None
}

/// The charset that the head of a page states: `<meta charset>`, `<meta http-equiv>`, or an XML
/// declaration.
fn of_meta(head: &[u8]) -> Option<&'static Encoding> {
    let text: String = head.iter().map(|&b| char::from(b)).collect();
    let found = declared(&text)?;
    // A page that states UTF-16 in ASCII bytes is not UTF-16 (WHATWG).
    Some(if found == UTF_16LE || found == UTF_16BE {
        UTF_8
    } else {
        found
    })
}

fn declared(text: &str) -> Option<&'static Encoding> {
    let lower = text.to_ascii_lowercase();
    let lower = lower.trim_start();
    if lower.starts_with("<?xml") {
        let end = lower.find("?>").unwrap_or(lower.len());
        if let Some(encoding) = quoted_after(&lower[..end], "encoding").and_then(label) {
            return Some(encoding);
        }
    }
    let mut rest = lower;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if rest.starts_with("<!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end..]);
            continue;
        }
        if let Some(meta) = rest.strip_prefix("<meta") {
            let tag = &meta[..meta.find('>').unwrap_or(meta.len())];
            if let Some(encoding) = of_content_type(tag) {
                return Some(encoding);
            }
        }
        rest = &rest[1..];
    }
    None
}

fn quoted_after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let rest = text[text.find(name)? + name.len()..].trim_start();
    let rest = rest.strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split(quote).next()
}

/// Firefox's detector, without a hint of the top-level domain: with the hint `cn` it mistakes Big5
/// for GBK.
fn guess(bytes: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::BIG5;

    const LONG: &str =
        "国家统计局今天公布的数据显示,全国居民消费价格同比上涨。中国知网学术期刊全文数据库。";

    fn gbk(text: &str) -> Vec<u8> {
        GBK.encode(text).0.into_owned()
    }

    #[track_caller]
    fn check(bytes: &[u8], header: Option<&str>, forced: Option<&str>, want: (&str, &str, &str)) {
        let (text, facts) = decode(bytes, header, forced);
        assert_eq!(
            (text.as_str(), facts.name.as_str(), facts.by.as_str()),
            want
        );
    }

    #[test]
    fn the_mark_wins_over_the_header() {
        let bytes = b"\xef\xbb\xbf\xe6\x91\x98";
        check(
            bytes,
            Some("text/html; charset=gbk"),
            None,
            ("摘", "utf-8", "bom"),
        );
    }

    #[test]
    fn the_header_wins_over_meta() {
        let bytes = gbk("<meta charset=utf-8>摘要");
        let want = ("<meta charset=utf-8>摘要", "gbk", "header");
        check(&bytes, Some("text/html;Charset=\"GB2312\""), None, want);
    }

    #[test]
    fn meta_in_both_spellings_and_xml() {
        for head in [
            "<meta charset='gb2312'>",
            "<META http-equiv=Content-Type content=\"text/html; charset=gbk\">",
            "<?xml version=\"1.0\" encoding=\"GBK\"?>",
        ] {
            let text = format!("{head}摘要");
            check(&gbk(&text), Some("text/html"), None, (&text, "gbk", "meta"));
        }
    }

    #[test]
    fn a_meta_beyond_the_window_or_in_a_comment_is_not_read() {
        let far = format!("{}<meta charset=big5>", " ".repeat(1100));
        assert_eq!(decode(far.as_bytes(), None, None).1.by, "guess");
        let comment = b"<!-- <meta charset=big5> --><meta charset=utf-8>x";
        assert_eq!(decode(comment, None, None).1.name, "utf-8");
    }

    #[test]
    fn meta_utf_16_means_utf_8() {
        let text = "<meta charset=utf-16le>摘";
        check(text.as_bytes(), None, None, (text, "utf-8", "meta"));
    }

    #[test]
    fn four_byte_characters_under_the_label_gb2312() {
        let bytes = GB18030.encode("㐀𠀀").0.into_owned();
        check(
            &bytes,
            Some("text/html; charset=gb2312"),
            None,
            ("㐀𠀀", "gbk", "header"),
        );
    }

    #[test]
    fn a_stated_charset_that_is_wrong_is_told_by_what_it_cannot_read() {
        let utf8 = Some("text/html; charset=utf-8");
        assert_eq!(instead(&gbk(LONG), utf8), Some("gb18030"));
        assert_eq!(instead(&gbk(LONG), Some("text/html; charset=gbk")), None);
        assert_eq!(instead(LONG.as_bytes(), utf8), None);
        assert_eq!(instead(&gbk(LONG), None), None, "guessed as it is");
        let gb = Some("text/html; charset=gb2312");
        assert_eq!(instead(LONG.as_bytes(), gb), Some("UTF-8"));
        let cut = &LONG.as_bytes()[..LONG.len() - 1];
        assert_eq!(instead(cut, utf8), None, "one character that was cut");
    }

    #[test]
    fn a_site_that_turned_to_utf_8_is_read_so_when_its_page_is_cut() {
        let utf8 = Some("text/html; charset=utf-8");
        for end in [LONG.len(), LONG.len() - 1, LONG.len() - 2] {
            let (text, facts) = decode(&LONG.as_bytes()[..end], utf8, Some("gbk"));
            assert_eq!(
                (facts.name.as_str(), facts.by.as_str()),
                ("utf-8", "header")
            );
            assert!(text.starts_with("国家统计局"), "{text}");
        }
        let broken = [b"\xff".as_slice(), LONG.as_bytes()].concat();
        assert_eq!(decode(&broken, utf8, Some("gbk")).1.by, "probe");
    }

    #[test]
    fn guesses_gbk_and_big5() {
        check(&gbk(LONG), None, None, (LONG, "gbk", "guess"));
        let traditional =
            "國家統計局今天公布的數據顯示,全國居民消費價格同比上漲。輔仁大學圖書館電子資源。";
        let bytes = BIG5.encode(traditional).0.into_owned();
        check(&bytes, None, None, (traditional, "big5", "guess"));
    }

    #[test]
    fn the_probe_wins_over_all_and_bad_bytes_are_told() {
        let (text, facts) = decode(
            b"\xff\xfeab",
            Some("text/html; charset=utf-16le"),
            Some("gb18030"),
        );
        assert_eq!((facts.by.as_str(), facts.malformed), ("probe", true));
        assert!(text.contains('\u{fffd}'));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_decode(bytes: Vec<u8>, header: Option<String>, forced: Option<String>) {
            let (text, facts) = decode(&bytes, header.as_deref(), forced.as_deref());
            proptest::prop_assert!(text.len() <= 3 * bytes.len() + 3);
            proptest::prop_assert!(["bom", "header", "meta", "guess", "probe"].contains(&facts.by.as_str()));
        }

        #[test]
        fn what_was_encoded_comes_back(text in "[\\u{4e00}-\\u{9fa5}a-z ]{0,60}") {
            for encoding in [UTF_8, GBK, GB18030] {
                let bytes = encoding.encode(&text).0.into_owned();
                let header = format!("text/html; charset={}", encoding.name());
                proptest::prop_assert_eq!(&decode(&bytes, Some(&header), None).0, &text);
            }
        }
    }
}
