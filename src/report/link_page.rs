//! The page of a cited link for a pack: where it is cited, its states over time, and both sides of
//! its last change, in one HTML file that stands for itself.

use askama::Template;
use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};

use crate::i18n::pack::PackText as P;
use crate::i18n::places::place;
use crate::i18n::report::ReportText;
use crate::i18n::verdict;
use crate::model::document::{CitationRow, LinkRow};
use crate::model::link::LinkState;
use crate::model::link_status::StoredLinkEvent;
use crate::model::settings::Language;
use crate::model::{Code, MeasurementUid, Time};
use crate::text::clean;

const STYLE: &str = include_str!("../../assets/report.css");

/// Characters of an address, a title or a passage.
const LINE: usize = 2_000;

/// An exchange of the link in a file of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkAnswer {
    pub uid: MeasurementUid,
    /// The WARC record of its last answer.
    pub record: String,
    pub at: Time,
    /// What the vantage is called.
    pub vantage: String,
    pub code: Code,
    pub status: Option<u16>,
    /// SHA-256 of the page, in hex.
    pub body_sha256: Option<String>,
}

/// The subject of the page.
#[derive(Debug, Clone, Copy)]
pub struct LinkPage<'a> {
    pub link: &'a LinkRow,
    pub citations: &'a [CitationRow],
    /// Newest first.
    pub events: &'a [StoredLinkEvent],
    /// Oldest first.
    pub answers: &'a [LinkAnswer],
    /// The newest check between the healthy answer and the one that decided that found the link
    /// well, and whose answer is not kept: the healthy answer is then not the last one.
    pub last_well: Option<Time>,
    pub language: Language,
}

impl<'a> LinkPage<'a> {
    /// The title of the page, and of the pack.
    #[must_use]
    pub fn title(&self) -> String {
        let id = format!("L{}", self.link.id);
        let url = clean::line(&self.link.url, LINE);
        P::Title.fill(self.language, &[("link", &id), ("url", &url)])
    }

    /// The state of the link now, as a sentence.
    #[must_use]
    pub fn state(&self) -> String {
        match self.link.since {
            Some(since) => {
                let state = self.state_word(self.link.state);
                let values = [("state", state), ("time", &minute(since))];
                P::StateLine.fill(self.language, &values)
            }
            None => P::StateUnchecked.text(self.language).to_owned(),
        }
    }

    /// The answer that decided the state of a link that changed: the newest one, or of a link that
    /// is well the newest that shows it worse.
    #[must_use]
    pub fn decided(&self) -> Option<&'a LinkAnswer> {
        let is_well = matches!(self.link.state, LinkState::Alive | LinkState::Unknown);
        let mut newest_first = self.answers.iter().rev();
        newest_first.find(|answer| !is_well || answer.code != Code::Ok)
    }

    /// The last healthy answer that is kept from before the one that decided.
    #[must_use]
    pub fn healthy(&self) -> Option<&'a LinkAnswer> {
        let decided = self.decided()?;
        let mut newest_first = self.answers.iter().rev();
        newest_first.find(|answer| answer.code == Code::Ok && answer.at < decided.at)
    }

    /// The page as HTML.
    pub fn render(&self) -> Result<String, askama::Error> {
        let shown = |answer: &LinkAnswer| self.shown(answer);
        let method = P::MethodLine.text(self.language).split('`').enumerate();
        LinkPageTemplate {
            language: self.language,
            tag: self.language.tag(),
            style: STYLE,
            style_hash: BASE64.encode(&Sha256::digest(STYLE)),
            title: self.title(),
            state: self.state_lines(),
            decided: self.decided().map(shown),
            healthy: self.healthy().map(shown),
            last_well: self.last_well.map(minute),
            citations: self
                .citations
                .iter()
                .map(|citation| cited(citation, self.language))
                .collect(),
            events: self.events.iter().map(|event| self.change(event)).collect(),
            answers: self.answers.iter().map(shown).collect(),
            method: method.map(|(at, part)| (part, at % 2 == 1)).collect(),
        }
        .render()
    }

    fn state_lines(&self) -> Vec<String> {
        let mut lines = vec![self.state()];
        if let Some(url) = &self.link.moved_to {
            let url = clean::line(url, LINE);
            lines.push(P::MovedLine.fill(self.language, &[("url", &url)]));
        }
        if let Some(url) = &self.link.archive_url {
            let time = self.link.archive_time.map(minute).unwrap_or_default();
            let url = clean::line(url, LINE);
            let values = [("url", url.as_str()), ("time", time.as_str())];
            lines.push(P::CopyLine.fill(self.language, &values));
        }
        lines
    }

    fn state_word(&self, state: LinkState) -> &'static str {
        ReportText::for_link_state(state).text(self.language)
    }

    /// Time, change, what decided, and how it became known.
    fn change(&self, event: &StoredLinkEvent) -> [String; 4] {
        let word = |state: Option<LinkState>| state.map(|state| self.state_word(state));
        let states = [word(event.from), word(event.to)];
        let states: Vec<&str> = states.into_iter().flatten().collect();
        let seen = event.code.map(|code| self.seen(code));
        [
            minute(event.at),
            states.join(" → "),
            seen.unwrap_or_default(),
            P::for_kind(event.kind).text(self.language).to_owned(),
        ]
    }

    fn seen(&self, code: Code) -> String {
        format!("{} ({code})", verdict::short(self.language, code))
    }

    fn shown(&self, answer: &LinkAnswer) -> ShownAnswer {
        ShownAnswer {
            time: minute(answer.at),
            vantage: clean::line(&answer.vantage, LINE),
            seen: self.seen(answer.code),
            status: answer.status,
            hash: answer.body_sha256.clone(),
            uid: clean::line(answer.uid.as_str(), LINE),
            record: answer.record.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "pack/link.html")]
struct LinkPageTemplate {
    language: Language,
    tag: &'static str,
    style: &'static str,
    style_hash: String,
    title: String,
    state: Vec<String>,
    decided: Option<ShownAnswer>,
    healthy: Option<ShownAnswer>,
    /// See [`LinkPage`].
    last_well: Option<String>,
    /// Document, place, day of citing, address as cited, passage.
    citations: Vec<[String; 5]>,
    events: Vec<[String; 4]>,
    answers: Vec<ShownAnswer>,
    /// Parts of a sentence, and whether each is a name of a file.
    method: Vec<(&'static str, bool)>,
}

impl LinkPageTemplate {
    fn say(&self, text: P) -> &'static str {
        text.text(self.language)
    }

    fn not_last(&self, last_well: &str) -> String {
        P::SideNotLast.fill(self.language, &[("time", last_well)])
    }
}

struct ShownAnswer {
    time: String,
    vantage: String,
    seen: String,
    status: Option<u16>,
    hash: Option<String>,
    uid: String,
    record: String,
}

fn cited(citation: &CitationRow, language: Language) -> [String; 5] {
    let line = |text: &str| clean::line(text, LINE);
    let title = citation.title.as_deref().map(line).unwrap_or_default();
    let place = [line(&place(language, &citation.place)), title].join(" ");
    [
        line(&citation.path),
        place.trim().to_owned(),
        citation.cited_on.clone().unwrap_or_default(),
        line(&citation.url_as_cited),
        citation.quote.as_deref().map(line).unwrap_or_default(),
    ]
}

fn minute(at: Time) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}
