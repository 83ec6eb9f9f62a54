//! What a person is asked to check, depending on what was seen.

use crate::model::Code;

/// What a person is asked to check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReaderQuestion {
    AsBefore,
    FullText,
    Rows,
    Item,
    Check,
    Entitled,
    Wording,
    Usual,
    Answers,
    Works,
}

impl ReaderQuestion {
    /// Every question, for tests of the tables.
    pub const ALL: &'static [ReaderQuestion] = &[
        ReaderQuestion::AsBefore,
        ReaderQuestion::FullText,
        ReaderQuestion::Rows,
        ReaderQuestion::Item,
        ReaderQuestion::Check,
        ReaderQuestion::Entitled,
        ReaderQuestion::Wording,
        ReaderQuestion::Usual,
        ReaderQuestion::Answers,
        ReaderQuestion::Works,
    ];

    /// The name in the file of texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ReaderQuestion::AsBefore => "as-before",
            ReaderQuestion::FullText => "full-text",
            ReaderQuestion::Rows => "rows",
            ReaderQuestion::Item => "item",
            ReaderQuestion::Check => "check",
            ReaderQuestion::Entitled => "entitled",
            ReaderQuestion::Wording => "wording",
            ReaderQuestion::Usual => "usual",
            ReaderQuestion::Answers => "answers",
            ReaderQuestion::Works => "works",
        }
    }

    /// The question that a code raises.
    #[must_use]
    pub fn about(code: Code) -> Self {
        match code {
            Code::Ok => ReaderQuestion::AsBefore,
            Code::ContentWithdrawn | Code::ContentUnproven => ReaderQuestion::FullText,
            Code::ContentStale | Code::ContentShrunk | Code::ContentNulls | Code::ContentEmpty => {
                ReaderQuestion::Rows
            }
            Code::ContentMoved
            | Code::ContentSoft404
            | Code::ContentRedirectedHome
            | Code::ContentParked
            | Code::HttpNotFound
            | Code::HttpGone => ReaderQuestion::Item,
            Code::SiteChallenge | Code::SiteRateLimited | Code::SiteIpBan | Code::SiteWafBlock => {
                ReaderQuestion::Check
            }
            Code::SiteLogin
            | Code::SitePhone
            | Code::SitePaywall
            | Code::SiteNotEntitled
            | Code::SiteSeats
            | Code::HttpUnauthorized => ReaderQuestion::Entitled,
            Code::SiteGeoBlock
            | Code::SiteLegalBlock
            | Code::HttpForbidden
            | Code::ContentReplaced => ReaderQuestion::Wording,
            Code::ContentChanged | Code::SiteEdition => ReaderQuestion::Usual,
            code if code.is_outage_like() => ReaderQuestion::Answers,
            _ => ReaderQuestion::Works,
        }
    }
}
