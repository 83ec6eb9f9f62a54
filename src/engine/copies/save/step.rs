//! What an archive answers to one step of a job, and what became of all.

use crate::model::Time;
use crate::model::save_job::SaveCounts;
use crate::model::vantage::Secret;
use crate::net::ServiceAnswer;
use crate::text::secrets::Redactor;

/// What an archive answers to one step of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// It works on the job with this id.
    Accepted(String),
    /// It has not ended: ask again at this time. The reason, where the answer could not be read.
    Pending(Time, Option<String>),
    /// It saved the page.
    Saved(Capture),
    /// It will not save the page.
    Failed(String),
    /// The job was not taken, and may be sent again from this time on.
    PutOff(Time, String),
    /// The job was not taken, and nothing may be sent before this time.
    Quiet(Time, String),
    /// The archive asks for quiet: the job was not taken, and nothing is asked before this time.
    Rest(Time, String),
    /// Whether the job was taken is not known.
    Unknown(String),
    /// Nothing is known; the job says when it is asked for again.
    Wait,
    /// The key is refused.
    Refused(String),
}

/// A page that an archive saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Capture {
    pub(super) url: url::Url,
    pub(super) time: Time,
}

/// Why an answer cannot be used: it is not the JSON that the interface promises. It is quoted
/// without the key, which archives may repeat.
pub(super) fn unreadable(answer: &ServiceAnswer, key: &Secret) -> String {
    let parts = key.0.split(':').filter(|part| part.len() > 3);
    let redactor = Redactor::new(parts.chain([key.0.as_str()]));
    let text = redactor.line(&answer.text(), 120);
    let text = if text.is_empty() { "nothing" } else { &text };
    format!(
        "the answer cannot be read (status {}): {text}",
        answer.status
    )
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SaveReport {
    pub counts: SaveCounts,
    /// What a person should know: a key that is refused, a quota that is used up.
    pub notes: Vec<String>,
}

impl SaveReport {
    /// Adds what was done elsewhere.
    pub(in crate::engine::copies) fn add(&mut self, other: Self) {
        self.counts.saved += other.counts.saved;
        self.counts.failed += other.counts.failed;
        self.counts.open += other.counts.open;
        other.notes.into_iter().for_each(|note| self.note(note));
    }

    pub(in crate::engine::copies) fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}
