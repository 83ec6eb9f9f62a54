//! The parts of an Office Open XML package: relationships between them, and the core properties.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::archive::Archive;
use super::xml::{Node, XmlReader};
use crate::links::read::error::ReadError;
use crate::model::citation::PartialDate;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The last word of the relationship's type, such as `hyperlink` or `footnotes`.
    pub kind: String,
    /// An address when it is external, else the name of a part.
    pub target: String,
    pub is_external: bool,
}

/// The relationships of one part, by their ids.
#[derive(Debug, Clone, Default)]
pub struct Relations {
    by_id: HashMap<String, Relation>,
    /// Ids in the order of the file.
    order: Vec<String>,
}

impl Relations {
    /// Reads the relationships of a part; the package itself has the name `""`.
    pub fn read(archive: &mut Archive<'_>, part: &str) -> Result<Self, ReadError> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let path = format!("{folder}/_rels/{name}.rels");
        let Some(xml) = archive.text(&path)? else {
            return Ok(Self::default());
        };
        let mut reader = XmlReader::new(archive.format(), &xml, archive.limits());
        let mut relations = Self::default();
        while let Some(node) = reader.read()? {
            let Node::Start(element) = node else { continue };
            if element.name() != "Relationship" {
                continue;
            }
            let (Some(id), Some(kind), Some(target)) = (
                element.attribute("Id")?,
                element.attribute("Type")?,
                element.attribute("Target")?,
            ) else {
                continue;
            };
            let is_external = element.attribute("TargetMode")?.as_deref() == Some("External");
            let target = if is_external {
                target
            } else {
                resolve(folder, &target)
            };
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            relations.order.push(id.clone());
            relations.by_id.insert(
                id,
                Relation {
                    kind,
                    target,
                    is_external,
                },
            );
        }
        Ok(relations)
    }

    /// The address that a relationship to something outside of the file names.
    pub fn external(&self, id: &str) -> Option<&str> {
        let relation = self.by_id.get(id)?;
        relation.is_external.then_some(relation.target.as_str())
    }

    /// The part that a relationship names.
    pub fn part(&self, id: &str) -> Option<&str> {
        let relation = self.by_id.get(id)?;
        (!relation.is_external).then_some(relation.target.as_str())
    }

    /// The parts of one kind, in the order of the file.
    pub fn parts_of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        self.order
            .iter()
            .filter_map(|id| self.by_id.get(id))
            .filter(move |relation| !relation.is_external && relation.kind == kind)
            .map(|relation| relation.target.as_str())
    }
}

/// The name of a part that is given relative to a folder.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut segments: Vec<&str> = folder.split('/').filter(|s| !s.is_empty()).collect();
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    segments.join("/")
}

/// An Office package that is open: its main part, its title and its date.
pub struct Package {
    pub main: String,
    pub title: Option<String>,
    pub date: Option<PartialDate>,
}

impl Package {
    /// Finds the main part; `usual` is its name in files whose relationships do not say.
    pub fn read(archive: &mut Archive<'_>, usual: &str) -> Result<Self, ReadError> {
        let relations = Relations::read(archive, "")?;
        let main = relations
            .parts_of_kind("officeDocument")
            .next()
            .unwrap_or(usual)
            .to_owned();
        let properties = relations
            .parts_of_kind("core-properties")
            .next()
            .unwrap_or("docProps/core.xml")
            .to_owned();
        let (title, date) = match archive.text(&properties)? {
            Some(xml) => title_and_date(archive, &xml, "created")?,
            None => (None, None),
        };
        Ok(Self { main, title, date })
    }
}

/// The title and the date of a part with Dublin Core metadata, where `date_element` has the date.
pub fn title_and_date(
    archive: &Archive<'_>,
    xml: &str,
    date_element: &str,
) -> Result<(Option<String>, Option<PartialDate>), ReadError> {
    let mut reader = XmlReader::new(archive.format(), xml, archive.limits());
    let (mut title, mut date) = (None, None);
    while let Some(node) = reader.read()? {
        let Node::Start(element) = node else { continue };
        let name = element.name();
        if name == "title" && title.is_none() {
            title = non_empty(&reader.text()?);
        } else if name == date_element && date.is_none() {
            date = iso_date(&reader.text()?);
        }
    }
    Ok((title, date))
}

fn non_empty(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A date of metadata (`2023-05-08T03:11:22Z`, `2023-05`, `2023`), in the precision given.
pub fn iso_date(text: &str) -> Option<PartialDate> {
    let day = text.trim().split(['T', ' ']).next()?;
    let mut numbers = day.splitn(3, '-');
    let year: i32 = numbers
        .next()
        .filter(|year| year.len() == 4)?
        .parse()
        .ok()?;
    let Some(month) = numbers.next() else {
        return Some(PartialDate::Year(year));
    };
    let month: u32 = month
        .parse()
        .ok()
        .filter(|month| (1..=12).contains(month))?;
    let Some(day) = numbers.next() else {
        return Some(PartialDate::Month(year, month));
    };
    let day = NaiveDate::from_ymd_opt(year, month, day.parse().ok()?)?;
    Some(PartialDate::Day(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::read::error::Limits;
    use crate::links::read::office::testing;

    #[test]
    fn targets_are_resolved_from_the_folder_of_their_part() {
        for (folder, target, expected) in [
            ("word", "footnotes.xml", "word/footnotes.xml"),
            (
                "ppt/slides",
                "../notesSlides/n1.xml",
                "ppt/notesSlides/n1.xml",
            ),
            ("ppt", "/ppt/slides/s1.xml", "ppt/slides/s1.xml"),
            ("", "./word/document.xml", "word/document.xml"),
            ("a", "../../../etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(resolve(folder, target), expected);
        }
    }

    #[test]
    fn dates_keep_the_precision_they_are_given_in() {
        for (text, expected) in [
            ("2023-05-08T03:11:22Z", "2023-05-08"),
            ("2023-05-08", "2023-05-08"),
            ("2023-05", "2023-05"),
            (" 2023 ", "2023"),
        ] {
            assert_eq!(iso_date(text).unwrap().to_string(), expected);
        }
        for text in ["", "23-05-08", "2023-13-01", "2023-02-30", "yesterday"] {
            assert_eq!(iso_date(text), None, "{text}");
        }
    }

    #[test]
    fn the_main_part_and_the_metadata_are_found_by_relationship() {
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let bytes = testing::archive(&[
            (
                "_rels/.rels",
                &format!(
                    "<Relationships><Relationship Id='a' Type='{kind}/officeDocument' \
                     Target='other/main.xml'/></Relationships>"
                ),
            ),
            (
                "docProps/core.xml",
                "<p><dc:title> 报告 &amp; more </dc:title>\
                 <dcterms:created>2023-05-08T00:00:00Z</dcterms:created></p>",
            ),
        ]);
        let mut archive = Archive::open("DOCX", &bytes, Limits::DEFAULT).unwrap();
        let package = Package::read(&mut archive, "word/document.xml").unwrap();
        assert_eq!(package.main, "other/main.xml");
        assert_eq!(package.title.as_deref(), Some("报告 & more"));
        assert_eq!(package.date.unwrap().to_string(), "2023-05-08");
    }
}
