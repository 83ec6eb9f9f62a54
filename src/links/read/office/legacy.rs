//! Files that are recognised and not read, with what to export instead.

use crate::links::read::error::ReadError;

/// What compound files begin with: Word, Excel and `PowerPoint` before 2007, Hangul, WPS.
const COMPOUND_FILE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

const SAVE_AS_DOCX: &str = "save it as .docx or .odt";
const SAVE_AS_HWPX: &str = "save it as .hwpx";
const SAVE_AS_XLSX: &str = "save it as .xlsx";
const SAVE_AS_PPTX: &str = "save it as .pptx";
const SAVE_AS_PDF: &str = "save it as PDF with text";
const EXPORT_ENDNOTE: &str = "export the library as XML or RIS in EndNote";

/// How many bytes of a compound file are searched for the names of its streams.
const SEARCHED_BYTES: usize = 16 * 1024 * 1024;

/// Why a file of a closed format is not read; `None` for all others. `extension` is that of the
/// file's name, in lower case: `EndNote` libraries and WPS files do not show by content what they
/// are.
pub fn refusal(bytes: &[u8], extension: &str) -> Option<ReadError> {
    if bytes.starts_with(&COMPOUND_FILE) {
        return Some(compound_file(bytes, extension));
    }
    if bytes.starts_with(b"HWP Document File V") {
        return Some(unsupported(".hwp", SAVE_AS_HWPX));
    }
    let is_caj = ["CAJ", "HN\0\0", "KDH ", "%CAJ"]
        .iter()
        .any(|magic| bytes.starts_with(magic.as_bytes()));
    if is_caj {
        return Some(unsupported(".caj", SAVE_AS_PDF));
    }
    match extension {
        "caj" | "kdh" | "nh" if !bytes.starts_with(b"%PDF") => {
            Some(unsupported(".caj", SAVE_AS_PDF))
        }
        "enl" => Some(unsupported(".enl", EXPORT_ENDNOTE)),
        "enlx" => Some(unsupported(".enlx", EXPORT_ENDNOTE)),
        "wps" if !bytes.starts_with(b"PK") => Some(unsupported(".wps", SAVE_AS_DOCX)),
        _ => None,
    }
}

fn unsupported(format: &'static str, advice: &'static str) -> ReadError {
    ReadError::Unsupported { format, advice }
}

/// The names of its streams tell what a compound file is. They are UTF-16.
fn compound_file(bytes: &[u8], extension: &str) -> ReadError {
    let searched = &bytes[..bytes.len().min(SEARCHED_BYTES)];
    let has_stream = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(searched, &wide).is_some()
    };
    if has_stream("EncryptedPackage") {
        ReadError::Encrypted
    } else if has_stream("HwpSummaryInformation") {
        unsupported(".hwp", SAVE_AS_HWPX)
    } else if extension == "wps" {
        unsupported(".wps", SAVE_AS_DOCX)
    } else if has_stream("WordDocument") {
        unsupported(".doc", SAVE_AS_DOCX)
    } else if has_stream("Workbook") || extension == "xls" {
        unsupported(".xls", SAVE_AS_XLSX)
    } else if has_stream("PowerPoint Document") || extension == "ppt" {
        unsupported(".ppt", SAVE_AS_PPTX)
    } else {
        unsupported("Compound", SAVE_AS_DOCX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compound(stream: &str) -> Vec<u8> {
        let mut bytes = COMPOUND_FILE.to_vec();
        bytes.resize(512, 0);
        bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    }

    #[test]
    fn closed_formats_are_named_with_advice() {
        for (bytes, extension, format) in [
            (compound("WordDocument"), "doc", ".doc"),
            (compound("WordDocument"), "wps", ".wps"),
            (compound("\u{5}HwpSummaryInformation"), "hwp", ".hwp"),
            (compound("Workbook"), "", ".xls"),
            (compound("PowerPoint Document"), "ppt", ".ppt"),
            (b"HWP Document File V3.00".to_vec(), "hwp", ".hwp"),
            (b"CAJ\0\0".to_vec(), "", ".caj"),
            (b"HN\0\0".to_vec(), "", ".caj"),
            (b"\xfe\xfe".to_vec(), "enl", ".enl"),
            (b"CHNKWKS".to_vec(), "wps", ".wps"),
        ] {
            match refusal(&bytes, extension) {
                Some(ReadError::Unsupported { format: found, .. }) => assert_eq!(found, format),
                other => panic!("{format}: {other:?}"),
            }
        }
    }

    #[test]
    fn an_encrypted_office_file_is_called_encrypted() {
        let found = refusal(&compound("EncryptedPackage"), "docx");
        assert_eq!(found, Some(ReadError::Encrypted));
    }

    #[test]
    fn what_can_be_read_is_not_refused() {
        for (bytes, extension) in [
            (&b"%PDF-1.7"[..], "caj"),
            (b"PK\x03\x04", "docx"),
            (b"PK\x03\x04", "wps"),
            (b"plain text", "txt"),
        ] {
            assert_eq!(refusal(bytes, extension), None);
        }
    }
}
