//! The words of mails, as one table a language; `alert` fills the gaps and puts them in order.
//!
//! A language is a constant of [`Texts`], so that a text missing in one does not compile. Gaps are
//! named, `{vantage}`, because languages order them differently.

use crate::model::event::EventKind;
use crate::model::expect::ExpectKey;
use crate::model::settings::Language;
use crate::model::state::State;
use crate::model::timeline::TimelineKind;
use crate::model::vantage::NetworkClass;
use crate::model::{Code, Finding, Level};

pub use super::mail_words::Question;
pub use super::weight::{CatalogueNote, Weight};
use super::{en, ko, zh};

/// A struct of texts, and a list of them with their keys.
macro_rules! table {
    ($(#[$doc:meta])* pub struct $name:ident {
        $($(#[$field_doc:meta])* pub $field:ident: &'static str,)*
    }) => {
        $(#[$doc])*
        pub struct $name {
            $($(#[$field_doc])* pub $field: &'static str,)*
        }

        impl $name {
            /// Every text with its key, for tests of the tables.
            #[cfg(test)]
            pub(super) fn each(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($field), self.$field)),*]
            }
        }
    };
}

/// Everything a mail says, in one language.
pub struct Texts {
    pub language: Language,
    /// For the `lang` attribute (BCP 47).
    pub tag: &'static str,
    pub marks: Marks,
    pub subject: Subjects,
    pub lead: Leads,
    pub label: Labels,
    pub heading: Headings,
    pub say: Sayings,
    pub remark: Remarks,
    pub control: Controls,
    pub answer: Answers,
    /// An event, as a line of the digest.
    pub happened: fn(EventKind) -> &'static str,
    /// What was seen, as the end of a sentence: "the connection was refused".
    pub seen: fn(Code) -> &'static str,
    /// What is seen, as a sentence without its stop, of what [`Texts::seen_of`] says in the past.
    pub tells: fn(Code, &str) -> String,
    pub finding: fn(Finding) -> &'static str,
    /// What a finding leaves open.
    pub not_shown: fn(Finding) -> &'static str,
    /// What a person should look at.
    pub look: fn(Question) -> &'static str,
    /// A level by its name in prose.
    pub level: fn(Level) -> &'static str,
    /// A kind of network by its name.
    pub network: fn(NetworkClass) -> &'static str,
    /// What readers get, in one or two words.
    pub state: fn(State) -> &'static str,
    /// How serious it is, and for whom.
    pub weight: fn(Weight) -> &'static str,
    /// What may stand in a catalogue.
    pub note: fn(CatalogueNote) -> &'static str,
    /// A kind of event that the timeline knows.
    pub known: fn(TimelineKind) -> &'static str,
    /// What a probe's file calls an expectation.
    pub expected: fn(ExpectKey) -> &'static str,
}

/// What stands between words.
#[derive(Debug, PartialEq, Eq)]
pub struct Marks {
    /// Between a label and its value.
    pub colon: &'static str,
    /// Behind a heading of the text part.
    pub heading: &'static str,
    /// Between the names of a list.
    pub list: &'static str,
    /// Between what belongs together, such as a source and its probe.
    pub clause: &'static str,
    /// Between longer items.
    pub item: &'static str,
    /// Around a remark.
    pub open: &'static str,
    pub close: &'static str,
}

impl Marks {
    /// `text (remark)`.
    #[must_use]
    pub fn remark(&self, text: &str, remark: &str) -> String {
        format!("{text}{}{remark}{}", self.open, self.close)
    }
}

table! {
/// Subjects name the state, and keep it as long as it lasts.
pub struct Subjects {
    pub one: &'static str,
    pub several: &'static str,
    pub vantage: &'static str,
    pub path: &'static str,
    pub improved: &'static str,
    pub blind: &'static str,
    pub flapping: &'static str,
    pub first_letter: &'static str,
    pub digest: &'static str,
    pub test: &'static str,
    /// State words that are no state of a source.
    pub again: &'static str,
    pub own_end: &'static str,
    pub works_again: &'static str,
    pub path_down: &'static str,
    pub going_on: &'static str,
}
}

table! {
/// First lines.
pub struct Leads {
    /// Where it is seen, behind how serious it is.
    pub scope_one: &'static str,
    pub scope_all: &'static str,
    pub scope_some: &'static str,
    /// What changed, since when and from where; and what was before.
    pub since: &'static str,
    pub since_before: &'static str,
    pub reminded: &'static str,
    pub news: &'static str,
    pub no_news: &'static str,
    pub works: &'static str,
    pub instead: &'static str,
    /// What to do where nothing else helps.
    pub look: &'static str,
    pub look_once: &'static str,
    pub ended: &'static str,
    /// It left the state that was reported, and is not what it was before.
    pub ended_otherwise: &'static str,
    pub lasted: &'static str,
    pub nothing_to_do: &'static str,
    pub watched_on: &'static str,
    pub vantage_opened: &'static str,
    pub vantage_ended: &'static str,
    pub network_opened: &'static str,
    pub network_ended: &'static str,
    pub path_opened: &'static str,
    pub path_ended: &'static str,
    /// What of our own end is seen, and since when.
    pub own_end: &'static str,
    pub own_end_lasted: &'static str,
    /// The same of the way, which nobody sees.
    pub way_since: &'static str,
    pub improved: &'static str,
    pub improved_seen: &'static str,
    pub blind: &'static str,
    pub blind_since: &'static str,
    pub flapping: &'static str,
    pub flapping_seen: &'static str,
    pub letter_all_well: &'static str,
    pub letter_some: &'static str,
    pub letter_nothing: &'static str,
    pub digest: &'static str,
    pub digest_open: &'static str,
    pub test: &'static str,
}
}

table! {
/// What stands before a colon, and at the head of columns.
pub struct Labels {
    pub url: &'static str,
    pub before: &'static str,
    pub now: &'static str,
    pub finding: &'static str,
    pub verdict: &'static str,
    pub controls: &'static str,
    pub checks: &'static str,
    pub first_bad: &'static str,
    pub last_good: &'static str,
    pub ended: &'static str,
    pub lasted: &'static str,
    pub since: &'static str,
    pub vantage: &'static str,
    pub vantages: &'static str,
    pub result: &'static str,
    pub phases: &'static str,
    pub also_affected: &'static str,
    pub not_affected: &'static str,
    pub alternatives: &'static str,
    pub vendor: &'static str,
    pub licence: &'static str,
    pub catalogue_ids: &'static str,
    pub acknowledged: &'static str,
    pub earlier: &'static str,
    pub next_look: &'static str,
    pub not_shown: &'static str,
    pub news: &'static str,
    pub probe: &'static str,
    pub level: &'static str,
    pub state: &'static str,
    /// Before a value and the limit it broke.
    pub limit: &'static str,
    /// Before what was expected on the page and is not there, in the words of the probe's file.
    pub missed: &'static str,
    /// A column of what goes back and forth: the worst it was.
    pub worst: &'static str,
}
}

table! {
/// Headings of a mail's parts.
pub struct Headings {
    pub page_says: &'static str,
    pub seen_from: &'static str,
    pub note: &'static str,
    pub notes: &'static str,
    pub observed: &'static str,
    pub story: &'static str,
    /// Where what only a technician needs begins.
    pub technician: &'static str,
    pub evidence: &'static str,
    pub evidence_past: &'static str,
    pub more_evidence: &'static str,
    pub grounds: &'static str,
    pub answer: &'static str,
    pub folded: &'static str,
    pub restricted: &'static str,
    pub well: &'static str,
    pub unobserved: &'static str,
    pub vantages: &'static str,
    pub events: &'static str,
    pub held: &'static str,
    pub open: &'static str,
    pub standing: &'static str,
}
}

table! {
/// How a reader answers: by mail to the one who looks after accesswatch, or by command.
pub struct Answers {
    pub ask: &'static str,
    pub ask_file: &'static str,
    pub click: &'static str,
    /// The same where there is nobody to write to.
    pub tell: &'static str,
    pub by_command: &'static str,
    pub works: &'static str,
    pub refused: &'static str,
    pub partial: &'static str,
    pub taken: &'static str,
    /// What such a mail asks its writer to fill in.
    pub form: &'static str,
}
}

table! {
/// Sentences and pieces of sentences.
pub struct Sayings {
    pub checks: &'static str,
    /// The same where more attempts were made than checks.
    pub checks_attempts: &'static str,
    pub controls: &'static str,
    pub unknown: &'static str,
    /// Between the last two names of a list.
    pub and: &'static str,
    /// Between sentences of one line.
    pub stop: &'static str,
    /// More kinds of record than a subject can name.
    pub kinds: &'static str,
    /// A verdict, and from where, for the technician.
    pub verdict: &'static str,
    /// A vantage's turn, as a line of the story.
    pub turned: &'static str,
    /// Behind a name: since when there.
    pub since_there: &'static str,
    /// A part of what happened: what, from when, to when.
    pub phase: &'static str,
    pub phase_now: &'static str,
    /// Beside what was last seen from a vantage that does not work now.
    pub not_checked: &'static str,
    pub back: &'static str,
    pub earlier: &'static str,
    pub earlier_none: &'static str,
    pub quoted: &'static str,
    pub stale_since: &'static str,
    pub note_day: &'static str,
    pub note_own: &'static str,
    pub note_over: &'static str,
    pub evidence: &'static str,
    pub evidence_hash: &'static str,
    pub note: &'static str,
    pub note_open: &'static str,
    pub observed: &'static str,
    pub observed_by: &'static str,
    pub observed_saw: &'static str,
    pub browser_ok: &'static str,
    pub browser_refused: &'static str,
    pub browser_partial: &'static str,
    pub duration_minutes: &'static str,
    pub duration_hours: &'static str,
    pub duration_days: &'static str,
    pub not_counted: &'static str,
    pub vantage_mend: &'static str,
    pub path_mend: &'static str,
    pub improved_note: &'static str,
    pub improved_baseline: &'static str,
    pub blind_note: &'static str,
    pub flapping_note: &'static str,
    pub flapping_count: &'static str,
    pub never_observed: &'static str,
    pub vantage_usable: &'static str,
    pub vantage_unusable: &'static str,
    pub letter_note: &'static str,
    pub more: &'static str,
    pub open_line: &'static str,
    pub held_line: &'static str,
    /// What stands and waits for a person's word.
    pub standing_line: &'static str,
    pub event_line: &'static str,
    pub event_plain: &'static str,
    pub test_note: &'static str,
    pub footer: &'static str,
    pub folder_reminder: &'static str,
    pub next_level: &'static str,
    pub unproven_level: &'static str,
    /// The same two in a cell.
    pub brief_level: &'static str,
    pub brief_unproven: &'static str,
    /// A time-out whose limit is known.
    pub not_within: &'static str,
    /// What a person saw, and what was noted, as lines of the story.
    pub looked: &'static str,
    pub noted: &'static str,
    /// A region named as the reason, and nobody served elsewhere.
    pub refused_by_region: &'static str,
}
}

table! {
/// What became of a control.
pub struct Controls {
    /// All of them were answered with an error of their servers.
    pub in_trouble: &'static str,
    pub line: &'static str,
    pub passed: &'static str,
    pub answered: &'static str,
    pub other_page: &'static str,
    pub timed_out: &'static str,
    pub reset: &'static str,
    pub closed: &'static str,
    pub refused: &'static str,
    pub unreachable: &'static str,
    pub no_name: &'static str,
    pub certificate: &'static str,
    pub out_of_date: &'static str,
    pub proxy: &'static str,
    pub other: &'static str,
}
}

table! {
/// Lines of an incident's story that are no vantage's turn.
pub struct Remarks {
    pub acknowledged: &'static str,
    pub silenced: &'static str,
    pub finding: &'static str,
    pub accepted: &'static str,
    pub folded: &'static str,
    pub path: &'static str,
}
}

/// The texts of a language.
#[must_use]
pub fn texts(language: Language) -> &'static Texts {
    match language {
        Language::En => &en::mail::TEXTS,
        Language::Ko => &ko::mail::TEXTS,
        Language::Zh => &zh::mail::TEXTS,
    }
}

/// `template` with each `{name}` replaced. Values are put in as they are and never read again, so a
/// value that looks like a gap stays as it is; an unknown gap stays visible.
///
/// `{n|mail|mails}` is the first word when the value of `n` is 1, else the second: for languages that
/// count so.
#[must_use]
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let tail = &rest[open..];
        let Some(close) = tail.find('}') else {
            out.push_str(tail);
            return out;
        };
        match gap(&tail[1..close], values) {
            Some(text) => out.push_str(text),
            None => out.push_str(&tail[..=close]),
        }
        rest = &tail[close + 1..];
    }
    out.push_str(rest);
    out
}

fn gap<'t>(gap: &'t str, values: &[(&str, &'t str)]) -> Option<&'t str> {
    let of = |name: &str| values.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
    match gap.split_once('|') {
        None => of(gap),
        Some((name, words)) => {
            let (one, many) = words.split_once('|')?;
            Some(if of(name)? == "1" { one } else { many })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_and_many() {
        let text = |n: &str| fill("{n} {n|mail waits|mails wait}", &[("n", n)]);
        assert_eq!(
            [text("0"), text("1"), text("2")],
            ["0 mails wait", "1 mail waits", "2 mails wait"]
        );
        assert_eq!(fill("{m|a|b} {n|a}", &[("n", "1")]), "{m|a|b} {n|a}");
    }

    #[test]
    fn gaps_are_filled_once() {
        assert_eq!(
            fill("{a} and {b}, {a}", &[("a", "{b}"), ("b", "x")]),
            "{b} and x, {b}"
        );
        assert_eq!(fill("{unknown} {", &[]), "{unknown} {");
    }
}
