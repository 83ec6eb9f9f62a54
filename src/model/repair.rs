//! What a repair of a document knows about a link, and what it did.

use chrono::NaiveDate;

use super::link::LinkState;

/// How a copy is named after a citation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "lowercase")]
pub enum CopyStyle {
    /// Robust Links: the copy with its address and its day.
    Robust,
    Gbt7714,
    Chicago,
    Plain,
}

/// An archive's copy of a link that may be cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitableCopy {
    pub url: String,
    /// The time of the capture as it is shown: ISO 8601 UTC, or a day.
    pub time: String,
    /// The day of the capture.
    pub day: NaiveDate,
    /// It is more than a year from the day of citing.
    pub is_far: bool,
}

/// What is known about a link when a document that cites it is repaired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairFacts {
    pub identity: String,
    pub state: LinkState,
    /// Another state that was seen and is not confirmed yet.
    pub suspected: Option<LinkState>,
    /// The address to which the page moved.
    pub moved_to: Option<String>,
    /// The copy to cite.
    pub copy: Option<CitableCopy>,
    /// The copy of our own, where no archive has one.
    pub own: Option<CitableCopy>,
    /// Why no copy is cited, when that is not simply that none is known.
    pub no_copy: Option<LeftReason>,
    /// The link as cited is itself the address of a copy.
    pub is_copy: bool,
}

/// Why a link is left as it is, or is only listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumIter)]
pub enum LeftReason {
    #[strum(to_string = "no good copy is known")]
    NoCopy,
    #[strum(to_string = "the copy that the document cites was not judged; run without --offline")]
    NotJudged,
    #[strum(to_string = "no good copy is known; an archive did not answer, so try again later")]
    NoAnswer,
    #[strum(to_string = "the only copies are our own; they have no public address")]
    OnlyOwn,
    #[strum(to_string = "a loss was seen that is not confirmed yet; it is checked again")]
    NotConfirmed,
    #[strum(to_string = "a copy is cited already")]
    HasCopy,
    #[strum(to_string = "the link is the address of a copy")]
    IsCopy,
    #[strum(to_string = "the new address is not known")]
    NoAddress,
    #[strum(to_string = "documents of this format are not changed")]
    Format,
    #[strum(to_string = "the document is digitally signed; a change breaks the signature")]
    Signed,
    #[strum(to_string = "fix it in Zotero; a refresh undoes changes in the document")]
    Zotero,
    #[strum(to_string = "fix it in EndNote; a refresh undoes changes in the document")]
    EndNote,
    #[strum(to_string = "fix it in the reference manager; a refresh undoes changes")]
    ReferenceManager,
    #[strum(to_string = "the link is in the text without a note")]
    NoNote,
    #[strum(to_string = "the address is in the text; only markup is changed")]
    InText,
    #[strum(to_string = "the place cannot be changed safely")]
    Unsafe,
    #[strum(to_string = "the charset of the document lacks a character of the change")]
    Charset,
}

/// What became of a link; the column `action`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum RepairAction {
    Changed,
    /// To be done by hand; the row has the line to paste.
    Listed,
    Left,
}

/// A link of the document that is in a state to repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairRow {
    pub place: String,
    pub url_as_cited: String,
    pub state: LinkState,
    pub action: RepairAction,
    pub new_url: Option<String>,
    pub copy: Option<CitableCopy>,
    pub paste: Option<String>,
    pub reason: Option<LeftReason>,
}
