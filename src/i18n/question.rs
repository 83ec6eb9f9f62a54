//! What a person is asked to look at: it follows from what was seen.

use crate::model::Code;

/// What a person is asked to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
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

impl Question {
    /// Every question, for tests of the tables.
    pub const ALL: &'static [Question] = &[
        Question::AsBefore,
        Question::FullText,
        Question::Rows,
        Question::Item,
        Question::Check,
        Question::Entitled,
        Question::Wording,
        Question::Usual,
        Question::Answers,
        Question::Works,
    ];

    /// The name in the file of texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Question::AsBefore => "as-before",
            Question::FullText => "full-text",
            Question::Rows => "rows",
            Question::Item => "item",
            Question::Check => "check",
            Question::Entitled => "entitled",
            Question::Wording => "wording",
            Question::Usual => "usual",
            Question::Answers => "answers",
            Question::Works => "works",
        }
    }

    /// The question that a code raises.
    #[must_use]
    pub fn about(code: Code) -> Self {
        match code {
            Code::Ok => Question::AsBefore,
            Code::ContentWithdrawn | Code::ContentUnproven => Question::FullText,
            Code::ContentStale | Code::ContentShrunk | Code::ContentNulls | Code::ContentEmpty => {
                Question::Rows
            }
            Code::ContentMoved
            | Code::ContentSoft404
            | Code::ContentRedirectedHome
            | Code::ContentParked
            | Code::HttpNotFound
            | Code::HttpGone => Question::Item,
            Code::SiteChallenge | Code::SiteRateLimited | Code::SiteIpBan | Code::SiteWafBlock => {
                Question::Check
            }
            Code::SiteLogin
            | Code::SitePhone
            | Code::SitePaywall
            | Code::SiteNotEntitled
            | Code::SiteSeats
            | Code::HttpUnauthorized => Question::Entitled,
            Code::SiteGeoBlock
            | Code::SiteLegalBlock
            | Code::HttpForbidden
            | Code::ContentReplaced => Question::Wording,
            Code::ContentChanged | Code::SiteEdition => Question::Usual,
            code if code.is_outage_like() => Question::Answers,
            _ => Question::Works,
        }
    }
}
