//! Why a document cannot be read, and how much of one is read.

use thiserror::Error;

/// Why a document cannot be read. The reason stands beside the file's name, and the other files
/// are read all the same.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    #[error("the file is encrypted; save a copy without a password")]
    Encrypted,
    #[error("the file holds pictures of pages and no text; run a text recognition (OCR) over it")]
    Scanned,
    /// A format that is known and not read. `advice` says what to export instead.
    #[error("{format} files are not read; {advice}")]
    Unsupported {
        format: &'static str,
        advice: &'static str,
    },
    #[error("the file is not a document whose format is known")]
    Unknown,
    #[error("the file is empty")]
    Empty,
    /// The document is larger than [`Limits`] allow; `what` names the limit.
    #[error("the document is too large: {what} is over the limit of {limit}")]
    TooLarge { what: &'static str, limit: u64 },
    /// The file breaks the rules of its format, or it is cut off.
    #[error("the file is damaged: not readable as {format}: {reason}")]
    Damaged {
        format: &'static str,
        reason: String,
    },
}

impl ReadError {
    /// An error of a parser. The parser's words come from the file, so they are cut.
    pub fn damaged(format: &'static str, reason: impl std::fmt::Display) -> Self {
        let reason: String = reason
            .to_string()
            .chars()
            .filter(|c| !c.is_control())
            .take(160)
            .collect();
        Self::Damaged { format, reason }
    }
}

/// How much of one document is read. A document is hostile until it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Bytes of all parts that are unpacked from a container.
    pub unpacked_bytes: u64,
    /// Entries of a container.
    pub entries: u64,
    /// Elements inside each other.
    pub depth: u64,
    /// Bytes of one attribute, field or address.
    pub value_bytes: u64,
    /// Blocks of a document.
    pub blocks: u64,
    /// Bytes of all text of a document.
    pub text_bytes: u64,
    /// Links of a document.
    pub links: u64,
}

impl Limits {
    pub const DEFAULT: Self = Self {
        file_bytes: 64 * 1024 * 1024,
        unpacked_bytes: 128 * 1024 * 1024,
        entries: 10_000,
        depth: 256,
        value_bytes: 64 * 1024,
        blocks: 500_000,
        text_bytes: 64 * 1024 * 1024,
        links: 200_000,
    };

    /// Fails when `found` is over `limit`.
    pub fn bound(what: &'static str, found: u64, limit: u64) -> Result<(), ReadError> {
        if found > limit {
            Err(ReadError::TooLarge { what, limit })
        } else {
            Ok(())
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_named_only_when_it_is_passed() {
        assert_eq!(Limits::bound("its depth", 256, 256), Ok(()));
        let error = Limits::bound("its depth", 257, 256).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the document is too large: its depth is over the limit of 256"
        );
    }

    #[test]
    fn what_a_parser_says_of_a_hostile_file_is_cut() {
        let error = ReadError::damaged("DOCX", format!("a\u{1b}[31m{}", "x".repeat(1000)));
        assert!(error.to_string().chars().count() < 250, "{error}");
        assert!(!error.to_string().contains('\u{1b}'), "{error}");
    }
}
