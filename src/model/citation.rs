//! What a document cites: a link as it is written, its place, and the day on which it was cited.
//!
//! The readers of documents (`links::read`) make these. Other modules decide which citations name
//! the same link, and in which state that link is.

use std::fmt;

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::time::Time;

/// A date in the precision in which it is given: 2023, 2023-05 or 2023-05-08.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartialDate {
    Year(i32),
    /// A year and its month, from 1.
    Month(i32, u32),
    Day(NaiveDate),
}

impl PartialDate {
    /// Reads 2023, 2023-05 or 2023-05-08, if there is such a date.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(day) = text.parse::<NaiveDate>() {
            return Some(Self::Day(day));
        }
        let (year, month) = text
            .split_once('-')
            .map_or((text, None), |(y, m)| (y, Some(m)));
        let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
        let year = year.parse().ok().filter(|_| is_year)?;
        match month {
            None => Some(Self::Year(year)),
            Some(month) => {
                let month = month.parse().ok().filter(|m| (1..=12).contains(m))?;
                Some(Self::Month(year, month))
            }
        }
    }

    /// The first day that it may mean; `None` for a month that no calendar has.
    #[must_use]
    pub fn first_day(self) -> Option<NaiveDate> {
        match self {
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1),
            Self::Month(year, month) => NaiveDate::from_ymd_opt(year, month, 1),
            Self::Day(day) => Some(day),
        }
    }

    /// The day after the last one that it may mean.
    #[must_use]
    pub fn day_after(self) -> Option<NaiveDate> {
        match self {
            Self::Year(year) | Self::Month(year, 12) => {
                NaiveDate::from_ymd_opt(year.checked_add(1)?, 1, 1)
            }
            Self::Month(year, month) => NaiveDate::from_ymd_opt(year, month + 1, 1),
            Self::Day(day) => day.succ_opt(),
        }
    }

    /// The middle of the time that it may mean.
    #[must_use]
    pub fn middle(self) -> Option<Time> {
        let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        let (from, to) = (start(self.first_day()?), start(self.day_after()?));
        Some(from + (to - from) / 2)
    }

    /// How far an instant is from it; zero within it.
    #[must_use]
    pub fn distance(self, at: Time) -> Option<TimeDelta> {
        let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        let (from, to) = (start(self.first_day()?), start(self.day_after()?));
        Some(if at < from {
            from - at
        } else if at >= to {
            at - to
        } else {
            TimeDelta::zero()
        })
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => write!(f, "{}", day.format("%Y-%m-%d")),
        }
    }
}

/// Where the day of citation comes from; the column `cited_on_from` of citations.csv (records.md
/// 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum CitedOnSource {
    /// A field of a bibliography's entry.
    Field,
    /// The text next to the link.
    Text,
    /// The date of the document itself.
    Document,
    /// A person's correction.
    Person,
}

/// Where in a document a link is cited, as its reader finds it. Numbers count from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    Line(u32),
    Page(u32),
    Paragraph(u32),
    Footnote(u32),
    Endnote(u32),
    Slide(u32),
    SpeakerNotes(u32),
    Header,
    Footer,
    /// An entry of a bibliography, by its key.
    Entry(String),
    /// A cell such as `B7`, with its sheet where there are several.
    Cell {
        sheet: Option<String>,
        cell: String,
    },
    /// A part of a book or an archive, by its name.
    Part(String),
}

impl Place {
    /// Reads a place as [`Place`]'s `Display` writes it; anything else is the name of a part.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        type Numbered = (&'static str, fn(u32) -> Place);
        let numbered: [Numbered; 7] = [
            ("line ", Self::Line),
            ("page ", Self::Page),
            ("paragraph ", Self::Paragraph),
            ("footnote ", Self::Footnote),
            ("endnote ", Self::Endnote),
            ("slide ", Self::Slide),
            ("notes of slide ", Self::SpeakerNotes),
        ];
        for (start, place) in numbered {
            if let Some(number) = text.strip_prefix(start).and_then(|n| n.parse().ok()) {
                return place(number);
            }
        }
        let in_sheet = text.strip_prefix("sheet ");
        if let Some((sheet, cell)) = in_sheet.and_then(|rest| rest.rsplit_once(", cell ")) {
            return Self::Cell {
                sheet: Some(sheet.to_owned()),
                cell: cell.to_owned(),
            };
        }
        match text.split_once(' ') {
            None if text == "header" => Self::Header,
            None if text == "footer" => Self::Footer,
            Some(("entry", key)) => Self::Entry(key.to_owned()),
            Some(("cell", cell)) => Self::Cell {
                sheet: None,
                cell: cell.to_owned(),
            },
            _ => Self::Part(text.to_owned()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(n) => write!(f, "line {n}"),
            Self::Page(n) => write!(f, "page {n}"),
            Self::Paragraph(n) => write!(f, "paragraph {n}"),
            Self::Footnote(n) => write!(f, "footnote {n}"),
            Self::Endnote(n) => write!(f, "endnote {n}"),
            Self::Slide(n) => write!(f, "slide {n}"),
            Self::SpeakerNotes(n) => write!(f, "notes of slide {n}"),
            Self::Header => f.write_str("header"),
            Self::Footer => f.write_str("footer"),
            Self::Entry(key) => write!(f, "entry {key}"),
            Self::Cell {
                sheet: Some(sheet),
                cell,
            } => write!(f, "sheet {sheet}, cell {cell}"),
            Self::Cell { sheet: None, cell } => write!(f, "cell {cell}"),
            Self::Part(name) => f.write_str(name),
        }
    }
}

/// A place in a document that names a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The link as it is written, with its wrappers.
    pub url: String,
    /// Another reading of the link, where the text does not show where it ends: the check decides.
    pub alternative: Option<String>,
    pub place: Place,
    /// The title of the cited work, where the document gives one.
    pub title: Option<String>,
    /// The quoted passage, where the document or a text fragment gives one.
    pub quote: Option<String>,
    pub cited_on: Option<(PartialDate, CitedOnSource)>,
    /// How often the same link occurs at the same place.
    pub occurrences: u32,
}
