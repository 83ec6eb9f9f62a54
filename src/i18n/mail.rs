//! The words of mails, as one table a language; `alert` fills the gaps and puts them in order.
//!
//! A language is a constant of [`Texts`], so that a text missing in one does not compile. Gaps are
//! named, `{vantage}`, because languages order them differently.

use crate::model::event::EventKind;
use crate::model::settings::Language;
use crate::model::vantage::NetworkClass;
use crate::model::{Code, Finding, Level};

pub use super::mail_words::Question;
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
    /// An event, as a line of the digest.
    pub happened: fn(EventKind) -> &'static str,
    /// What was seen, as the end of a sentence: "the connection was refused".
    pub seen: fn(Code) -> &'static str,
    pub finding: fn(Finding) -> &'static str,
    /// What a finding leaves open.
    pub not_shown: fn(Finding) -> &'static str,
    /// What a person should look at.
    pub look: fn(Question) -> &'static str,
    /// A level by its name in prose.
    pub level: fn(Level) -> &'static str,
    /// A kind of network by its name.
    pub network: fn(NetworkClass) -> &'static str,
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
    /// Lines may break between any two Chinese characters.
    pub breaks_han: bool,
}

impl Marks {
    /// `text (remark)`.
    #[must_use]
    pub fn remark(&self, text: &str, remark: &str) -> String {
        format!("{text}{}{remark}{}", self.open, self.close)
    }
}

table! {
/// Subjects name no state: a thread keeps one subject for life.
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
}
}

table! {
/// First lines: what changed.
pub struct Leads {
    pub opened: &'static str,
    pub updated: &'static str,
    pub reminded: &'static str,
    pub ended: &'static str,
    /// It left the state that was reported, and is not what it was before.
    pub ended_otherwise: &'static str,
    pub vantage_opened: &'static str,
    pub vantage_ended: &'static str,
    pub network_opened: &'static str,
    pub network_ended: &'static str,
    pub path_opened: &'static str,
    pub path_ended: &'static str,
    pub own_end_updated: &'static str,
    pub improved: &'static str,
    pub blind: &'static str,
    pub flapping: &'static str,
    pub letter_all_well: &'static str,
    pub letter_some: &'static str,
    pub letter_nothing: &'static str,
    pub digest: &'static str,
    pub test: &'static str,
}
}

table! {
/// What stands before a colon, and at the head of columns.
pub struct Labels {
    pub report: &'static str,
    pub source: &'static str,
    pub level: &'static str,
    pub url: &'static str,
    pub before: &'static str,
    pub now: &'static str,
    pub finding: &'static str,
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
    pub also_affected: &'static str,
    pub not_affected: &'static str,
    pub alternatives: &'static str,
    pub vendor: &'static str,
    pub licence: &'static str,
    pub catalogue_ids: &'static str,
    pub acknowledged: &'static str,
    pub probe: &'static str,
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
    pub seen_from: &'static str,
    pub not_shown: &'static str,
    pub look: &'static str,
    pub note: &'static str,
    pub notes: &'static str,
    pub observed: &'static str,
    pub story: &'static str,
    pub evidence: &'static str,
    pub acknowledge: &'static str,
    pub folded: &'static str,
    pub restricted: &'static str,
    pub well: &'static str,
    pub unobserved: &'static str,
    pub vantages: &'static str,
    pub events: &'static str,
    pub held: &'static str,
    pub open: &'static str,
    pub what_now: &'static str,
}
}

table! {
/// Sentences and pieces of sentences.
pub struct Sayings {
    pub checks: &'static str,
    /// The same where more attempts were made than checks.
    pub checks_attempts: &'static str,
    /// Of how many checks, in a first line; and with the attempts.
    pub counted: &'static str,
    pub counted_attempts: &'static str,
    pub controls: &'static str,
    pub unknown: &'static str,
    /// Between the last two names of a list.
    pub and: &'static str,
    /// A vantage's turn, as a line of the story.
    pub turned: &'static str,
    /// Beside what was last seen from a vantage that does not work now.
    pub not_checked: &'static str,
    pub back: &'static str,
    pub open_on_site: &'static str,
    pub report_with: &'static str,
    pub acknowledge_mail: &'static str,
    pub acknowledge_command: &'static str,
    pub acknowledge_subject: &'static str,
    pub silence_command: &'static str,
    pub catalogue_note: &'static str,
    pub catalogue_note_over: &'static str,
    pub evidence: &'static str,
    pub evidence_hash: &'static str,
    pub note: &'static str,
    pub note_open: &'static str,
    pub observed: &'static str,
    pub browser_ok: &'static str,
    pub browser_refused: &'static str,
    pub browser_partial: &'static str,
    pub duration_minutes: &'static str,
    pub duration_hours: &'static str,
    pub duration_days: &'static str,
    /// The clock of the watched sites.
    pub beijing: &'static str,
    pub not_counted: &'static str,
    pub path_not_shown: &'static str,
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
    pub event_line: &'static str,
    pub event_plain: &'static str,
    pub test_note: &'static str,
    pub footer: &'static str,
    pub folder_reminder: &'static str,
    pub next_level: &'static str,
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
