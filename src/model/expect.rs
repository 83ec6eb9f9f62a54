//! An expectation in a probe's file: its key and its value.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::probe::Level;

/// A key of `[probe.expect]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExpectKey {
    Select,
    /// The link that leads to another level.
    Level(Level),
    Status,
    FinalHost,
    Title,
    TitleNot,
    Contains,
    NotContains,
    Type,
    MinBytes,
    MaxBytes,
    /// A key that this version does not know: the whole text is the value.
    Unknown,
}

impl ExpectKey {
    const PLAIN: [(Self, &'static str); 10] = [
        (Self::Select, "select"),
        (Self::Status, "status"),
        (Self::FinalHost, "final_host"),
        (Self::Title, "title"),
        (Self::TitleNot, "title_not"),
        (Self::Contains, "contains"),
        (Self::NotContains, "not_contains"),
        (Self::Type, "type"),
        (Self::MinBytes, "min_bytes"),
        (Self::MaxBytes, "max_bytes"),
    ];

    /// Every key that is known, for tests of the tables.
    pub const ALL: &'static [Self] = &[
        Self::Select,
        Self::Level(Level::Fulltext),
        Self::Status,
        Self::FinalHost,
        Self::Title,
        Self::TitleNot,
        Self::Contains,
        Self::NotContains,
        Self::Type,
        Self::MinBytes,
        Self::MaxBytes,
    ];

    fn parse(text: &str) -> Option<Self> {
        if let Some(level) = text.strip_prefix("level ") {
            return level.parse().ok().map(Self::Level);
        }
        let known = Self::PLAIN.iter().find(|(_, name)| *name == text);
        known.map(|(key, _)| *key)
    }

    /// Whether something must be absent.
    #[must_use]
    pub fn is_absence(self) -> bool {
        matches!(self, Self::TitleNot | Self::NotContains)
    }
}

impl fmt::Display for ExpectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Level(level) = self {
            return write!(f, "level {level}");
        }
        let known = Self::PLAIN.iter().find(|(key, _)| key == self);
        f.write_str(known.map_or("", |(_, name)| name))
    }
}

/// One expectation. Records spell it as the file does: `contains: 摘要`, `level fulltext: #pdfDown`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Expectation {
    pub key: ExpectKey,
    pub value: String,
}

impl Expectation {
    /// An expectation of a key.
    #[must_use]
    pub fn new(key: ExpectKey, value: impl Into<String>) -> Self {
        Self {
            key,
            value: value.into(),
        }
    }

    /// Reads an expectation as records spell it; never fails.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let known = text
            .split_once(": ")
            .and_then(|(key, value)| Some((ExpectKey::parse(key)?, value)));
        match known {
            Some((key, value)) => Self::new(key, value),
            None => Self::new(ExpectKey::Unknown, text),
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key {
            ExpectKey::Unknown => f.write_str(&self.value),
            key => write!(f, "{key}: {}", self.value),
        }
    }
}

impl Serialize for Expectation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Expectation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::parse(&String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_read_as_it_was_written() {
        for text in [
            "select: h1",
            "level fulltext: #pdfDown | #cajDown",
            "status: 200, 304",
            "title_not: 404: not found",
            "contains: 摘要: 作者",
            "min_bytes: 20",
            "colour: red",
            "level attic: #x",
            "",
        ] {
            assert_eq!(Expectation::parse(text).to_string(), text);
        }
        let level = Expectation::parse("level data: td");
        assert_eq!(level.key, ExpectKey::Level(Level::Data));
        assert_eq!(level.value, "td");
        assert_eq!(Expectation::parse("colour: red").key, ExpectKey::Unknown);
    }
}
