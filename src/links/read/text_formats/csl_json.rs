//! CSL-JSON, and the JSON of Better BibTeX (Zotero).

use serde_json::{Map, Value};

use super::html;
use super::record::BibliographyRecord;
use crate::links::read::block::{Block, RawDocument};
use crate::links::read::dates::{self, from_parts};
use crate::links::read::error::ReadError;
use crate::links::read::running_text;
use crate::model::citation::PartialDate;

/// The entries, when a value is a bibliography.
pub(in crate::links::read) fn items(value: &Value) -> Option<&Vec<Value>> {
    let list = match value {
        Value::Array(list) => list,
        Value::Object(map) => map
            .get("items")
            .or_else(|| map.get("references"))?
            .as_array()?,
        _ => return None,
    };
    let known = ["type", "itemType", "URL", "url", "title", "id", "DOI"];
    let is_item = |v: &Value| {
        v.as_object()
            .is_some_and(|m| known.iter().any(|k| m.contains_key(*k)))
    };
    list.first().is_some_and(is_item).then_some(list)
}

/// Reads a bibliography.
pub fn read(text: &str) -> Result<RawDocument, ReadError> {
    Ok(RawDocument {
        blocks: records(text)?.into_iter().flatten().collect(),
        ..RawDocument::default()
    })
}

/// The block of each entry, in the order of the entries.
pub(in crate::links) fn records(text: &str) -> Result<Vec<Option<Block>>, ReadError> {
    let value: Value = serde_json::from_str(text).map_err(|why| ReadError::damaged("JSON", why))?;
    let items = items(&value)
        .ok_or_else(|| ReadError::damaged("CSL-JSON", "it holds no list of entries"))?;
    let records = items.iter().filter_map(Value::as_object).map(record);
    Ok(records
        .enumerate()
        .map(|(n, record)| record.into_block(n + 1))
        .collect())
}

fn record(item: &Map<String, Value>) -> BibliographyRecord {
    let mut record = BibliographyRecord::default();
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    for name in ["citationKey", "citation-key", "citekey"] {
        record.set_key(text(name).unwrap_or_default());
    }
    match item.get("id") {
        Some(Value::String(id)) => record.set_key(id),
        Some(Value::Number(id)) => record.set_key(&id.to_string()),
        _ => {}
    }
    record.set_title(text("title").unwrap_or_default());
    for name in ["URL", "url"] {
        record.add_url(text(name).unwrap_or_default());
    }
    record.add_doi(text("DOI").or_else(|| text("doi")).unwrap_or_default());
    for name in ["note", "annote", "extra", "abstract", "abstractNote"] {
        record.add_text(text(name).unwrap_or_default());
    }
    for note in list(item, "notes") {
        let inner = note.as_str().or_else(|| note.get("note")?.as_str());
        add_html(&mut record, inner.unwrap_or_default());
    }
    for attachment in list(item, "attachments") {
        record.add_url(
            attachment
                .get("url")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        );
    }
    record.set_accessed(item.get("accessed").and_then(date));
    record.set_accessed(text("accessDate").and_then(dates::of_field));
    record
}

fn list<'a>(item: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    item.get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A note in HTML: its links and its text.
pub(super) fn add_html(record: &mut BibliographyRecord, note: &str) {
    if !note.contains('<') {
        record.add_text(note);
        return;
    }
    for block in html::blocks(note) {
        for link in &block.links {
            if !running_text::find(&block.text[link.range.clone()])
                .iter()
                .any(|l| l.url == link.target)
            {
                record.push_link(&link.target);
            }
        }
        record.add_text(&block.text);
    }
}

/// `{"date-parts": [[2023, 5, 8]]}`, with numbers or strings; or `{"raw": …}`, or a text.
fn date(value: &Value) -> Option<PartialDate> {
    if let Some(text) = value.as_str() {
        return dates::of_field(text);
    }
    let parts = value
        .get("date-parts")
        .and_then(|p| p.get(0))
        .and_then(Value::as_array);
    if let Some(parts) = parts {
        let number = |n: usize| {
            let part = parts.get(n)?;
            part.as_i64().or_else(|| part.as_str()?.trim().parse().ok())
        };
        let small = |n: usize| number(n).and_then(|n| u32::try_from(n).ok());
        return from_parts(i32::try_from(number(0)?).ok()?, small(1), small(2));
    }
    let raw = value
        .get("raw")
        .or_else(|| value.get("literal"))?
        .as_str()?;
    dates::of_field(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited(text: &str) -> Vec<String> {
        let document = read(text).unwrap();
        crate::links::read::citing::citations(&document)
            .iter()
            .map(|c| {
                format!(
                    "{}: {} {}",
                    c.place,
                    c.url,
                    c.cited_on.map_or("-".into(), |d| d.0.to_string())
                )
            })
            .collect()
    }

    #[test]
    fn csl_items_give_links_and_days() {
        assert_eq!(
            cited(
                r#"[{"id":"a","type":"webpage","URL":"https://a.example/路","accessed":{"date-parts":[[2023,5,8]]}},
                {"id":7,"DOI":"10.1000/x","accessed":{"date-parts":[["2023","5"]]}},
                {"type":"book","URL":"https://b.example/","accessed":{"raw":"2023-05-08"},"note":"also https://c.example/x."}]"#
            ),
            [
                "entry a: https://a.example/路 2023-05-08",
                "entry 7: doi:10.1000/x 2023-05",
                "entry 3: https://b.example/ 2023-05-08",
                "entry 3: https://c.example/x 2023-05-08",
            ]
        );
    }

    #[test]
    fn better_bibtex_items_give_notes_and_attachments() {
        assert_eq!(
            cited(
                r#"{"config":{},"items":[{"itemType":"webpage","citationKey":"k","title":"T","url":"https://a.example/","accessDate":"2023-05-08T03:11:22Z",
                "notes":[{"note":"<p>see <a href=\"https://b.example/x\">this</a></p>"}],"attachments":[{"url":"https://a.example/"}]}]}"#
            ),
            [
                "entry k: https://a.example/ 2023-05-08",
                "entry k: https://b.example/x 2023-05-08"
            ]
        );
    }

    #[test]
    fn other_json_is_no_bibliography() {
        for text in ["{}", "[1,2]", "[{\"x\":1}]", "\"x\""] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
