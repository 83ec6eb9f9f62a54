//! Bytes become a document, whatever their format.

use super::block::RawDocument;
use super::containers::{self, ContainerFormat};
use super::detect::{self, TextFormat};
use super::error::{Limits, ReadError};
use super::text_formats::{
    bibtex, csl_json, endnote_xml, feed, html, listing, markdown, plain, ris, shortcut, table,
    zotero_rdf,
};
use crate::text::charset;
use listing::Listing;
use url::Url;

/// Reads a document. `name` is the file's name or the address that it came from.
pub fn read(bytes: &[u8], name: &str) -> Result<RawDocument, ReadError> {
    let limits = Limits::DEFAULT;
    Limits::bound("the file", bytes.len() as u64, limits.file_bytes)?;
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    let document = if let Some(document) = containers::read(bytes, name) {
        document?
    } else if bytes.starts_with(b"bplist00") {
        shortcut::read_binary_webloc(bytes)?
    } else {
        detect::refuse_known(bytes, name)?;
        let (text, _) = charset::decode(bytes, None, None);
        read_text(&text, name)?
    };
    bounded(document, limits)
}

/// Reads a document that was fetched from an address.
pub fn read_fetched(bytes: &[u8], url: &Url) -> Result<RawDocument, ReadError> {
    let limits = Limits::DEFAULT;
    Limits::bound("the file", bytes.len() as u64, limits.file_bytes)?;
    let name = url.path();
    let is_text = containers::format(bytes, name).is_none() && !bytes.starts_with(b"bplist00");
    if is_text && !bytes.is_empty() {
        detect::refuse_known(bytes, name)?;
        let (text, _) = charset::decode(bytes, None, None);
        if detect::text_format(&text, name) == TextFormat::Html {
            return bounded(html::read_at(&text, url), limits);
        }
    }
    read(bytes, name)
}

/// What a sitemap or a feed lists; `None` for any other document.
pub fn listing(bytes: &[u8], name: &str) -> Result<Option<Listing>, ReadError> {
    if bytes.is_empty() || containers::format(bytes, name).is_some() {
        return Ok(None);
    }
    Limits::bound("the file", bytes.len() as u64, Limits::DEFAULT.file_bytes)?;
    let (text, _) = charset::decode(bytes, None, None);
    match detect::text_format(&text, name) {
        TextFormat::Sitemap => listing::read_sitemap(&text).map(Some),
        TextFormat::Feed => listing::read_feed(&text).map(Some),
        _ => Ok(None),
    }
}

/// A format in which documents are repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::links) enum RepairFormat {
    Bibtex,
    Ris,
    CslJson,
    ZoteroRdf,
    /// A table with its delimiter.
    Table(u8),
    Markdown,
    Html,
    Docx,
    Odt,
}

/// The format of a document, when documents of that format are repaired.
pub(in crate::links) fn repair_format(
    bytes: &[u8],
    name: &str,
) -> Result<Option<RepairFormat>, ReadError> {
    Limits::bound("the file", bytes.len() as u64, Limits::DEFAULT.file_bytes)?;
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if let Some(format) = containers::format(bytes, name) {
        return Ok(match format? {
            ContainerFormat::Docx => Some(RepairFormat::Docx),
            ContainerFormat::Odt => Some(RepairFormat::Odt),
            _ => None,
        });
    }
    if bytes.starts_with(b"bplist00") {
        return Ok(None);
    }
    detect::refuse_known(bytes, name)?;
    let (text, _) = charset::decode(bytes, None, None);
    Ok(match detect::text_format(&text, name) {
        TextFormat::Bibtex => Some(RepairFormat::Bibtex),
        TextFormat::Ris => Some(RepairFormat::Ris),
        TextFormat::CslJson => Some(RepairFormat::CslJson),
        TextFormat::ZoteroRdf => Some(RepairFormat::ZoteroRdf),
        TextFormat::Table(delimiter) => Some(RepairFormat::Table(delimiter)),
        TextFormat::Markdown => Some(RepairFormat::Markdown),
        TextFormat::Html => Some(RepairFormat::Html),
        TextFormat::EndnoteXml
        | TextFormat::Shortcut
        | TextFormat::Webloc
        | TextFormat::Sitemap
        | TextFormat::Feed
        | TextFormat::Plain => None,
    })
}

/// The document, when no more is in it than people write. Links of its text are counted by what
/// they begin with.
fn bounded(document: RawDocument, limits: Limits) -> Result<RawDocument, ReadError> {
    let parts = document.blocks.len() as u64;
    Limits::bound("the number of its parts", parts, limits.blocks)?;
    let (mut text, mut links) = (0, 0);
    for block in &document.blocks {
        text += block.text.len() as u64;
        let marks = ["://", "www.", "10."]
            .map(|mark| memchr::memmem::find_iter(block.text.as_bytes(), mark).count() as u64);
        // What is marked is mostly shown in the text too.
        links += marks.iter().sum::<u64>().max(block.links.len() as u64);
        Limits::bound("its text", text, limits.text_bytes)?;
        Limits::bound("the number of its links", links, limits.links)?;
    }
    Ok(document)
}

fn read_text(text: &str, name: &str) -> Result<RawDocument, ReadError> {
    match detect::text_format(text, name) {
        TextFormat::Bibtex => Ok(bibtex::read(text)),
        TextFormat::Ris => Ok(ris::read(text)),
        TextFormat::EndnoteXml => endnote_xml::read(text),
        TextFormat::CslJson => csl_json::read(text),
        TextFormat::ZoteroRdf => zotero_rdf::read(text),
        TextFormat::Table(delimiter) => table::read(text, delimiter),
        TextFormat::Markdown => Ok(markdown::read(text)),
        TextFormat::Html => Ok(html::read(text)),
        TextFormat::Shortcut => shortcut::read_url(text),
        TextFormat::Webloc => shortcut::read_webloc(text),
        TextFormat::Sitemap => feed::read_sitemap(text),
        TextFormat::Feed => feed::read_feed(text),
        TextFormat::Plain => Ok(plain::read(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::read::citing::citations;

    #[test]
    fn bytes_in_any_charset_are_read() {
        let text = "见 https://a.example/x，2023年5月8日访问。中文的文献引用常常使用这样的格式。";
        let (gb18030, _, _) = encoding_rs::GB18030.encode(text);
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        for bytes in [text.as_bytes(), &gb18030, &utf16] {
            let found = citations(&read(bytes, "x.txt").unwrap());
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].url, "https://a.example/x");
            assert_eq!(found[0].cited_on.unwrap().0.to_string(), "2023-05-08");
        }
    }

    #[test]
    fn more_links_than_people_write_are_refused() {
        for text in ["http://a.example/x ", "10.1234/x ", "www.a.example "] {
            let error = read(text.repeat(200_001).as_bytes(), "x.txt").unwrap_err();
            assert!(matches!(error, ReadError::TooLarge { .. }), "{error}");
        }
    }

    #[test]
    fn text_that_is_all_markup_is_read_as_plain_text() {
        let text = format!("{}\n\nhttps://a.example/x", "[".repeat(600_000));
        let found = citations(&read(text.as_bytes(), "x.md").unwrap());
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn what_is_no_document_is_refused() {
        assert_eq!(read(b"", "x"), Err(ReadError::Empty));
        assert_eq!(
            read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "x.png"),
            Err(ReadError::Unknown)
        );
        assert!(matches!(
            read(b"bplist00", "x"),
            Err(ReadError::Damaged { .. })
        ));
    }
}
