//! Words of mails that depend on more than one key, and the questions that codes raise.

use std::time::Duration;

use super::mail::{Texts, fill};
use crate::model::failure::Failure as F;
use crate::model::ground::Ground;
use crate::model::incident::BrowserResult;
use crate::model::round::ControlResult;
use crate::model::{Code, Finding, Incident, Level};

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

impl Texts {
    /// What was seen: `content.withdrawn` names the level that is gone, a time-out its limit where that is known.
    #[must_use]
    pub fn seen_of(&self, code: Code, next: Option<Level>, limit: Option<Duration>) -> String {
        match (code, next, limit) {
            (Code::ContentWithdrawn, Some(level), _) if level != Level::Fulltext => {
                fill(self.say.next_level, &[("level", (self.level)(level))])
            }
            (Code::ContentUnproven, Some(level), _) => {
                fill(self.say.unproven_level, &[("level", (self.level)(level))])
            }
            (Code::HttpTimeout, _, Some(limit)) => {
                let seconds = limit.as_secs_f64().to_string();
                fill(self.say.not_within, &[("n", &seconds)])
            }
            _ => (self.seen)(code).to_owned(),
        }
    }

    /// What an incident's finding is called.
    #[must_use]
    pub fn finding_of(&self, incident: &Incident) -> &'static str {
        self.finding_on(incident.finding, &incident.grounds)
    }

    /// What a finding on these grounds is called: a region is compared with none where nobody is served.
    #[must_use]
    pub fn finding_on(&self, finding: Finding, grounds: &[Ground]) -> &'static str {
        let is_served = |ground: &Ground| match ground {
            Ground::Vantage { served, .. } => *served,
            Ground::Person { browser, .. } => *browser == BrowserResult::Ok,
        };
        if finding == Finding::GeoRestricted && !grounds.iter().any(is_served) {
            return self.say.refused_by_region;
        }
        (self.finding)(finding)
    }

    /// What our own end is in: controls that were answered with errors did answer.
    #[must_use]
    pub fn own_end(&self, incident: &Incident) -> &'static str {
        let controls = &incident.controls;
        if !controls.is_empty() && controls.iter().all(ControlResult::is_in_trouble) {
            return self.control.in_trouble;
        }
        (self.seen)(incident.to)
    }

    /// One control and what became of it.
    #[must_use]
    pub fn control_line(&self, control: &ControlResult) -> String {
        let status = control
            .http_status
            .map_or_else(String::new, |s| s.to_string());
        let failure = control.failure.as_ref().map_or("", F::as_str);
        let says = self.control_says(control);
        let seen = fill(says, &[("status", &status), ("failure", failure)]);
        fill(self.control.line, &[("url", &control.url), ("seen", &seen)])
    }

    fn control_says(&self, control: &ControlResult) -> &'static str {
        let words = &self.control;
        if control.passed {
            return words.passed;
        }
        let Some(failure) = &control.failure else {
            return match control.http_status {
                Some(_) => words.answered,
                None => words.closed,
            };
        };
        match failure.as_str() {
            ControlResult::REPLACED => words.other_page,
            ControlResult::OUT_OF_DATE => words.out_of_date,
            F::TIMEOUT => words.timed_out,
            F::RESET | F::ABORTED => words.reset,
            F::EOF => words.closed,
            F::REFUSED => words.refused,
            F::HOST_UNREACHABLE | F::NETWORK_UNREACHABLE => words.unreachable,
            F::TLS_UNKNOWN_AUTHORITY | F::TLS_INVALID_HOSTNAME | F::TLS_INVALID_CERTIFICATE => {
                words.certificate
            }
            text if text.starts_with("dns_") => words.no_name,
            text if text.starts_with("socks_") || text.starts_with("proxy_") => words.proxy,
            _ => words.other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mail::texts;
    use super::*;
    use crate::model::settings::Language::{En, Ko, Zh};
    use crate::model::{IncidentKind, Time};

    fn control(failure: Option<&str>, http_status: Option<u16>) -> ControlResult {
        ControlResult {
            url: "http://c/".to_owned(),
            passed: false,
            failure: failure.map(F::from),
            http_status,
            clock_offset_s: None,
        }
    }

    #[test]
    fn each_control_is_told_with_what_became_of_it() {
        for (language, control, says) in [
            (En, control(Some(F::TIMEOUT), None), "http://c/: timed out"),
            (
                En,
                control(Some(F::RESET), None),
                "http://c/: the connection was reset",
            ),
            (
                En,
                control(None, Some(503)),
                "http://c/: answered with HTTP 503",
            ),
            (
                En,
                control(Some(ControlResult::REPLACED), Some(200)),
                "http://c/: answered with another page than agreed",
            ),
            (En, control(Some("odd"), None), "http://c/: failed (odd)"),
            (Ko, control(Some(F::TIMEOUT), None), "http://c/: 시간 초과"),
            (Ko, control(None, Some(503)), "http://c/: HTTP 503 응답"),
            (Zh, control(Some(F::REFUSED), None), "http://c/：连接被拒绝"),
            (
                Zh,
                control(Some(F::DNS_NXDOMAIN), None),
                "http://c/：未能解析域名（dns_nxdomain_error）",
            ),
        ] {
            assert_eq!(texts(language).control_line(&control), says);
        }
    }

    #[test]
    fn controls_that_answer_with_errors_are_not_said_to_be_silent() {
        let start = Time::UNIX_EPOCH;
        let mut incident = Incident::new(1, IncidentKind::Vantage, start, start);
        incident.to = Code::VantageOffline;
        let silent = "its controls did not answer";
        assert_eq!(texts(En).own_end(&incident), silent);
        incident.controls = vec![control(None, Some(503)), control(None, Some(502))];
        for language in [En, Ko, Zh] {
            let words = texts(language);
            assert_eq!(words.own_end(&incident), words.control.in_trouble);
        }
        incident.controls.push(control(Some(F::TIMEOUT), None));
        assert_eq!(texts(En).own_end(&incident), silent);
    }

    #[test]
    fn a_time_out_names_its_limit_where_that_is_known() {
        let limit = Some(Duration::from_millis(1500));
        let said = |language, limit| texts(language).seen_of(Code::HttpTimeout, None, limit);
        assert_eq!(said(En, limit), "no whole answer came within 1.5 s");
        assert_eq!(said(En, None), "no whole answer came in time");
        assert_eq!(
            said(Ko, Some(Duration::from_secs(20))),
            "20초 안에 응답이 다 오지 않았음"
        );
        assert_eq!(
            said(Zh, Some(Duration::from_secs(20))),
            "20 秒内未收到完整回应"
        );
    }
}
