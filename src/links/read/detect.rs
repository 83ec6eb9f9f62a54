//! Which format a document has, by its content; the name only decides between text formats that
//! look alike.

use super::error::ReadError;
use super::text_formats::{csl_json, table};

/// A format that is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFormat {
    Bibtex,
    Ris,
    EndnoteXml,
    CslJson,
    ZoteroRdf,
    /// A table with its delimiter.
    Table(u8),
    Markdown,
    Html,
    Shortcut,
    Webloc,
    Sitemap,
    Feed,
    Plain,
}

/// Characters of the head in which marks of a format stand.
const HEAD: usize = 4096;

/// The format of a text. `name` is the file's name or the address.
#[must_use]
pub fn text_format(text: &str, name: &str) -> TextFormat {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let extension = extension(name);
    if start.starts_with('<')
        && let Some(format) = markup(start)
    {
        return format;
    }
    if start.starts_with(['{', '['])
        && extension != "md"
        && serde_json::from_str(text).is_ok_and(|value| csl_json::items(&value).is_some())
    {
        return TextFormat::CslJson;
    }
    if begins_line(start, "[internetshortcut]") {
        return TextFormat::Shortcut;
    }
    if start.starts_with("TY  -") || first_lines(start).any(|l| l.starts_with("TY  - ")) {
        return TextFormat::Ris;
    }
    if is_bibtex(start) && !matches!(extension.as_str(), "md" | "markdown" | "txt" | "csv") {
        return TextFormat::Bibtex;
    }
    match extension.as_str() {
        "md" | "markdown" | "mdx" | "qmd" | "rmd" | "mkd" => return TextFormat::Markdown,
        "tsv" | "tab" => return TextFormat::Table(b'\t'),
        "csv" => return TextFormat::Table(table::delimiter(text).unwrap_or(b',')),
        "html" | "htm" | "xhtml" => return TextFormat::Html,
        _ => {}
    }
    if is_bibtex(start) {
        return TextFormat::Bibtex;
    }
    if let Some(delimiter) = table::delimiter(text) {
        return TextFormat::Table(delimiter);
    }
    if is_markdown(text) {
        return TextFormat::Markdown;
    }
    TextFormat::Plain
}

fn extension(name: &str) -> String {
    let name = name.split(['?', '#']).next().unwrap_or_default();
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.rsplit_once('.')
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default()
}

fn head(text: &str) -> String {
    text.chars()
        .take(HEAD)
        .collect::<String>()
        .to_ascii_lowercase()
}

fn first_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take(50)
}

fn begins_line(text: &str, with: &str) -> bool {
    first_lines(text).any(|line| line.trim().to_ascii_lowercase().starts_with(with))
}

fn markup(start: &str) -> Option<TextFormat> {
    let head = head(start);
    let has = |mark: &str| head.contains(mark);
    if has("<urlset") || has("<sitemapindex") {
        return Some(TextFormat::Sitemap);
    }
    if has("<rdf:rdf") && (has("zotero") || has("purl.org/net/biblio") || has("bib:")) {
        return Some(TextFormat::ZoteroRdf);
    }
    if has("<rss") || has("<feed") || has("<rdf:rdf") {
        return Some(TextFormat::Feed);
    }
    if has("<records>") && has("<record>") {
        return Some(TextFormat::EndnoteXml);
    }
    if has("<plist") {
        return Some(TextFormat::Webloc);
    }
    let html = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "netscape-bookmark-file",
        "<p",
        "<div",
        "<a ",
        "<ul",
        "<ol",
        "<table",
        "<h1",
        "<h2",
        "<h3",
        "<dl",
        "<span",
        "<meta",
        "<article",
        "<section",
    ];
    html.iter()
        .any(|mark| has(mark))
        .then_some(TextFormat::Html)
}

/// `@article{key,` at the start of a line.
fn is_bibtex(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_start).take(2000);
    lines.any(|line| {
        let Some(rest) = line.strip_prefix('@') else {
            return false;
        };
        let name = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let opens = rest[name..].trim_start();
        name > 2 && opens.starts_with(['{', '(']) && !rest[..name].eq_ignore_ascii_case("comment")
    })
}

/// Marks of Markdown that plain text does not have by chance.
fn is_markdown(text: &str) -> bool {
    let inline = text.contains("](http") || text.contains("](<http");
    let definition = || {
        text.lines().any(|line| {
            let line = line.trim_start();
            line.starts_with('[')
                && line.split_once("]: ").is_some_and(|(_, rest)| {
                    rest.starts_with("http") || rest.starts_with("<http") || line.starts_with("[^")
                })
        })
    };
    let front_matter = || text.starts_with("---\n") && text[4..].contains("\n---");
    inline || definition() || front_matter()
}

/// Bytes that are not text and no container that is read: refused with what helps.
pub fn refuse_known(bytes: &[u8], name: &str) -> Result<(), ReadError> {
    let zeros = bytes.iter().take(HEAD).filter(|b| **b == 0).count();
    let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if zeros > 0 && !wide {
        tracing::debug!(name, "a document with zero bytes is no text");
        return Err(ReadError::Unknown);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_known_by_its_content() {
        for (text, name, want) in [
            ("% Zotero\n@article{a,\n url={u}}", "x", TextFormat::Bibtex),
            ("@misc(a, url={u})", "refs.bib", TextFormat::Bibtex),
            ("\u{feff}TY  - JOUR\nER  - ", "x.txt", TextFormat::Ris),
            (
                "<?xml version=\"1.0\"?><xml><records><record>",
                "x.xml",
                TextFormat::EndnoteXml,
            ),
            (
                "[{\"id\":1,\"type\":\"book\"}]",
                "x.json",
                TextFormat::CslJson,
            ),
            (
                "{\"items\":[{\"itemType\":\"book\"}]}",
                "x",
                TextFormat::CslJson,
            ),
            (
                "<rdf:RDF xmlns:z=\"http://www.zotero.org/namespaces/export#\">",
                "x.rdf",
                TextFormat::ZoteroRdf,
            ),
            (
                "title,url\na,https://a.example/",
                "x",
                TextFormat::Table(b','),
            ),
            ("a\tb", "x.tsv", TextFormat::Table(b'\t')),
            (
                "a;url\nx;https://a.example",
                "x.csv",
                TextFormat::Table(b';'),
            ),
            ("See [x](https://a.example/).", "x", TextFormat::Markdown),
            ("[1]: https://a.example/", "x", TextFormat::Markdown),
            ("text", "x.md", TextFormat::Markdown),
            ("<!DOCTYPE html><p>x", "x", TextFormat::Html),
            ("<!DOCTYPE NETSCAPE-Bookmark-file-1>", "x", TextFormat::Html),
            ("[InternetShortcut]\r\nURL=x", "x.url", TextFormat::Shortcut),
            (
                "<?xml version=\"1.0\"?><plist version=\"1.0\">",
                "x",
                TextFormat::Webloc,
            ),
            ("<?xml?><urlset xmlns=\"x\">", "x", TextFormat::Sitemap),
            ("<rss version=\"2.0\">", "x", TextFormat::Feed),
            (
                "<feed xmlns=\"http://www.w3.org/2005/Atom\">",
                "x",
                TextFormat::Feed,
            ),
            ("[1] A note. https://a.example/", "x.txt", TextFormat::Plain),
            ("me@x.org wrote", "x", TextFormat::Plain),
            ("{not json", "x", TextFormat::Plain),
            ("", "x", TextFormat::Plain),
        ] {
            assert_eq!(text_format(text, name), want, "{text}");
        }
    }
}
