//! Documents that are not text: archives, PDF, and closed formats that are only recognised.

use super::block::RawDocument;
use super::error::{Limits, ReadError};
use super::office::archive::Archive;
use super::office::{docx, hwpx, legacy, odt, pptx, xlsx};
use super::{epub, pdf};

/// A PDF may begin with so many other bytes.
const PDF_HEAD: usize = 1024;

/// A format that is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerFormat {
    Pdf,
    Epub,
    Hwpx,
    Docx,
    Pptx,
    Xlsx,
    Odt,
}

/// Reads a document that is not text; `None` when the bytes are none of those. `name` is the file's
/// name: some closed formats do not show by content what they are.
pub fn read(bytes: &[u8], name: &str) -> Option<Result<RawDocument, ReadError>> {
    let format = match format(bytes, name)? {
        Ok(format) => format,
        Err(refusal) => return Some(Err(refusal)),
    };
    Some(match format {
        ContainerFormat::Pdf => pdf::read(bytes),
        ContainerFormat::Epub => epub::read(bytes),
        ContainerFormat::Hwpx => hwpx::read(bytes),
        ContainerFormat::Docx => docx::read(bytes),
        ContainerFormat::Pptx => pptx::read(bytes),
        ContainerFormat::Xlsx => xlsx::read(bytes),
        ContainerFormat::Odt => odt::read(bytes),
    })
}

/// The format of a document that is not text; `None` when the bytes are none of those.
pub fn format(bytes: &[u8], name: &str) -> Option<Result<ContainerFormat, ReadError>> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    if let Some(refusal) = legacy::refusal(bytes, &extension.to_ascii_lowercase()) {
        return Some(Err(refusal));
    }
    let head = &bytes[..bytes.len().min(PDF_HEAD)];
    if memchr::memmem::find(head, b"%PDF-").is_some() {
        return Some(Ok(ContainerFormat::Pdf));
    }
    bytes
        .starts_with(b"PK\x03\x04")
        .then(|| archive_format(bytes))
}

fn archive_format(bytes: &[u8]) -> Result<ContainerFormat, ReadError> {
    let mut archive = Archive::open("ZIP", bytes, Limits::DEFAULT)?;
    let kind = archive.text("mimetype")?.unwrap_or_default();
    let types = archive.text("[Content_Types].xml")?.unwrap_or_default();
    let has = |archive: &Archive<'_>, prefix: &str| !archive.names_under(prefix).is_empty();
    if kind.starts_with("application/epub+zip")
        || has(&archive, "meta-inf/container.xml") && !has(&archive, "contents/section")
    {
        Ok(ContainerFormat::Epub)
    } else if has(&archive, "contents/section") {
        Ok(ContainerFormat::Hwpx)
    } else if has(&archive, "xl/workbook.bin") {
        Err(ReadError::Unsupported {
            format: ".xlsb",
            advice: "save it as .xlsx",
        })
    } else if has(&archive, "word/document") || types.contains("wordprocessingml.document.main") {
        Ok(ContainerFormat::Docx)
    } else if has(&archive, "ppt/presentation") || types.contains("presentationml.presentation") {
        Ok(ContainerFormat::Pptx)
    } else if has(&archive, "xl/workbook") || types.contains("spreadsheetml.sheet.main") {
        Ok(ContainerFormat::Xlsx)
    } else if kind.contains("opendocument") || has(&archive, "content.xml") {
        Ok(ContainerFormat::Odt)
    } else {
        Err(ReadError::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::read::office::testing;

    #[test]
    fn archives_are_known_by_their_parts_whatever_the_name() {
        let docx = testing::archive(&[("word/document.xml", "<w:document/>")]);
        let odt = testing::archive(&[
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            ("content.xml", "<x/>"),
        ]);
        let hwpx = testing::archive(&[("Contents/section0.xml", "<x/>")]);
        let xlsx = testing::archive(&[("xl/workbook.xml", "<x/>")]);
        let pptx = testing::archive(&[("ppt/presentation.xml", "<x/>")]);
        for bytes in [docx, odt, hwpx, xlsx, pptx] {
            assert_eq!(read(&bytes, "x.pdf"), Some(Ok(RawDocument::default())));
        }
        let zip = testing::archive(&[("a.txt", "text")]);
        assert_eq!(read(&zip, "a.docx"), Some(Err(ReadError::Unknown)));
        assert!(matches!(read(b"%PDF-1.4", "x"), Some(Err(_))));
        assert!(matches!(read(b"junk\n%PDF-1.4", "x"), Some(Err(_))));
        assert_eq!(read(b"plain text", "x.docx"), None);
    }
}
