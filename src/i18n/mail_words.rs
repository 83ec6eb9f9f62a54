//! Words of mails that depend on several keys, and the questions that codes raise.

use std::time::Duration;

use super::mail::{Template, Texts, fill};
use super::messages::{WORDS, key};
use crate::model::failure::Failure as F;
use crate::model::finding_basis::FindingBasis;
use crate::model::incident::BrowserResult;
use crate::model::round::ControlResult;
use crate::model::rule::Saying;
use crate::model::{Code, Finding, Incident, Level};

/// The attribute with a clause in the present tense.
const NOW: &str = ".now";

/// `vantage.offline` when every control answered with a server error.
const IN_TROUBLE: &str = "seen-controls-in-trouble";
const SILENT: &str = "seen-agent-silent";

impl Texts {
    /// What was seen: `content.withdrawn` names the level that is gone, a time-out names its limit
    /// if known.
    #[must_use]
    pub fn seen_of(&self, code: Code, next: Option<Level>, limit: Option<Duration>) -> String {
        self.clause((code, Saying::OfCode), next, limit, "")
    }

    /// What was seen, with its own sentence: a way to the next level may stand and no longer lead
    /// there.
    #[must_use]
    pub fn seen_as(
        &self,
        seen: (Code, Saying),
        next: Option<Level>,
        limit: Option<Duration>,
    ) -> String {
        self.clause(seen, next, limit, "")
    }

    /// The same in the present tense, as a sentence without its full stop.
    #[must_use]
    pub fn seen_as_now(
        &self,
        seen: (Code, Saying),
        next: Option<Level>,
        limit: Option<Duration>,
    ) -> String {
        self.clause(seen, next, limit, NOW)
    }

    /// The same in the present tense, as a sentence without its full stop.
    #[must_use]
    pub fn seen_now(&self, code: Code, next: Option<Level>, limit: Option<Duration>) -> String {
        self.clause((code, Saying::OfCode), next, limit, NOW)
    }

    fn clause(
        &self,
        (code, saying): (Code, Saying),
        next: Option<Level>,
        limit: Option<Duration>,
        tense: &str,
    ) -> String {
        let clause = |id: &str| WORDS.template(self.language, &format!("{id}{tense}"));
        if let Saying::LinkDiverted(own) = saying {
            let level = self.next_level(next.unwrap_or(own));
            return fill(clause("seen-way-barred"), &[("level", level)]);
        }
        if let Some(id) = of_part(saying) {
            return fill(clause(id), &[]);
        }
        let next = next.or(match saying {
            Saying::NotShown(level) => Some(level),
            _ => None,
        });
        match (code, next, limit) {
            (Code::ContentWithdrawn, Some(level), _) if level != Level::Fulltext => {
                let level = self.next_level(level);
                fill(clause("seen-next-level"), &[("level", level)])
            }
            (Code::ContentUnproven, Some(level), _) => {
                let level = self.next_level(level);
                fill(clause("seen-unproven-level"), &[("level", level)])
            }
            (Code::HttpTimeout, _, Some(limit)) => {
                let seconds = limit.as_secs_f64().to_string();
                fill(clause("seen-not-within"), &[("n", &seconds)])
            }
            _ => fill(clause(&key("seen", code.as_str())), &[]),
        }
    }

    /// The name of an incident's finding.
    #[must_use]
    pub fn finding_of(&self, incident: &Incident) -> &'static str {
        self.finding_on(incident.finding, &incident.finding_basis)
    }

    /// The name of a finding with this basis: no other region is mentioned when nobody is served.
    #[must_use]
    pub fn finding_on(&self, finding: Finding, grounds: &[FindingBasis]) -> &'static str {
        let is_served = |ground: &FindingBasis| match ground {
            FindingBasis::Vantage { served, .. } => *served,
            FindingBasis::Person { browser, .. } => *browser == BrowserResult::Ok,
        };
        if finding == Finding::GeoRestricted && !grounds.iter().any(is_served) {
            return WORDS.text(self.language, "finding-refused-by-region");
        }
        self.finding(finding)
    }

    /// The state of our own end: controls with server errors did answer.
    #[must_use]
    pub fn own_end(&self, incident: &Incident) -> &'static str {
        WORDS.text(self.language, &own_end(incident))
    }

    /// The same in the present tense, as a sentence without its full stop.
    #[must_use]
    pub fn own_end_now(&self, incident: &Incident) -> String {
        let id = own_end(incident);
        fill(WORDS.template(self.language, &format!("{id}{NOW}")), &[])
    }

    /// The state of our own end when every control answered with a server error.
    #[must_use]
    pub fn controls_in_trouble(&self) -> &'static str {
        WORDS.text(self.language, IN_TROUBLE)
    }

    /// The state of our own end when the agent of the vantage did not report.
    #[must_use]
    pub fn agent_silent(&self) -> &'static str {
        WORDS.text(self.language, SILENT)
    }

    /// One control and its result.
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

    fn control_says(&self, control: &ControlResult) -> Template {
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
            ControlResult::MOVED => words.moved,
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

/// The key of a sentence about a part of a page.
fn of_part(saying: Saying) -> Option<&'static str> {
    Some(match saying {
        Saying::OtherText => "seen-other-text",
        Saying::OtherRows => "seen-other-rows",
        Saying::FewerColumns => "seen-fewer-columns",
        Saying::SmallerFile => "seen-smaller-file",
        Saying::OlderEdition => "seen-older-edition",
        Saying::FewerLinks => "seen-fewer-links",
        Saying::NoText => "seen-no-text",
        Saying::FilledByScript => "seen-filled-by-script",
        _ => return None,
    })
}

/// The key for the state of an incident of our own end.
fn own_end(incident: &Incident) -> String {
    let controls = &incident.controls;
    if !controls.is_empty() && controls.iter().all(ControlResult::is_in_trouble) {
        return IN_TROUBLE.to_owned();
    }
    if incident.is_of_silence() {
        return SILENT.to_owned();
    }
    key("seen", incident.to.as_str())
}

/// Every key of `words.ftl`.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    use crate::model::expect::ExpectKey;
    use crate::model::state::State;
    use crate::model::vantage::NetworkClass;

    let codes = Code::ALL.iter().map(|code| key("seen", code.as_str()));
    let others =
        ["next-level", "unproven-level", "way-barred", "not-within"].map(|name| key("seen", name));
    let parts = Saying::ALL.iter().filter_map(|saying| of_part(*saying));
    let seen = codes
        .chain(others)
        .chain(parts.map(str::to_owned))
        .chain([IN_TROUBLE, SILENT].map(str::to_owned));
    let findings = Finding::ALL.iter().flat_map(|finding| {
        let id = key("finding", finding.as_str());
        [format!("{id}.open"), id]
    });
    let states = State::ALL.iter().map(|s| key("state", s.as_str()));
    let levels = Level::ALL.iter().map(|l| key("level", l.as_str()));
    let levels = levels.chain(["files", "page"].map(|name| key("level", name)));
    let networks = NetworkClass::ALL.iter();
    let networks = networks.map(|n| key("network", n.as_str()));
    let expected = ExpectKey::ALL.iter().filter(|e| **e != ExpectKey::MaxBytes);
    let expected = expected.map(|e| key("expected", super::facts::name_of(*e)));
    let controls = super::mail::Controls::keys().into_iter();
    seen.flat_map(|id| [format!("{id}{NOW}"), id])
        .chain(findings)
        .chain(["finding-refused-by-region".to_owned()])
        .chain(states)
        .chain(levels)
        .chain(networks)
        .chain(expected)
        .chain(controls.map(|(_, key)| key))
        .collect()
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
            assert_eq!(words.own_end(&incident), words.controls_in_trouble());
        }
        incident.controls.push(control(Some(F::TIMEOUT), None));
        assert_eq!(texts(En).own_end(&incident), silent);
    }

    #[test]
    fn what_is_seen_now_is_a_sentence_in_the_present() {
        let now = |language, code, next| texts(language).seen_now(code, next, None);
        let shrunk = Code::ContentShrunk;
        assert_eq!(now(En, shrunk, None), "far less is listed than usual");
        assert_eq!(now(Ko, shrunk, None), "목록이 평소보다 크게 줄었습니다");
        assert_eq!(now(Zh, shrunk, None), "列出的内容远少于平时");
        let gone = (Code::ContentWithdrawn, Some(Level::Abstract));
        assert_eq!(
            now(Ko, gone.0, gone.1),
            "초록 이용으로 이어지는 링크나 버튼이 보이지 않습니다"
        );
        let text = texts(En).seen_now(Code::HttpTimeout, None, Some(Duration::from_secs(20)));
        assert_eq!(text, "no whole answer comes within 20 s");
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
