//! Documents whose citations are known: recall and precision of links, days of citing, places.
//!
//! `tests/testdata/links/make_text.py` writes them, with footnotes as they are written in English,
//! Chinese, Korean and Japanese.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use accesswatch::links::read::{citations, read};
use accesswatch::model::citation::CitedOnSource;
use serde::Deserialize;

/// A citation as the document was written from it.
#[derive(Debug, Deserialize)]
struct Known {
    url: String,
    cited_on: Option<String>,
    place: Option<String>,
}

#[derive(Debug, Default)]
struct Count {
    known: u32,
    found: u32,
    right: u32,
    days: u32,
    right_days: u32,
    places: u32,
    right_places: u32,
    /// What is wrong, for whoever reads the failure.
    faults: Vec<String>,
}

impl Count {
    fn add(&mut self, document: &Path, known: &[Known]) {
        let name = document.file_name().unwrap().to_string_lossy().into_owned();
        let raw = read(&fs::read(document).unwrap(), &name).unwrap();
        let found = citations(&raw);
        self.known += u32::try_from(known.len()).unwrap();
        self.found += u32::try_from(found.len()).unwrap();
        let mut left: HashMap<&str, Vec<&Known>> = HashMap::new();
        for known in known.iter().rev() {
            left.entry(&known.url).or_default().push(known);
        }
        for citation in &found {
            let Some(known) = left.get_mut(citation.url.as_str()).and_then(Vec::pop) else {
                self.faults.push(format!("{name}: found {}", citation.url));
                continue;
            };
            self.right += 1;
            self.days += 1;
            let day = citation
                .cited_on
                .filter(|(_, from)| *from != CitedOnSource::Document);
            let day = day.map(|(day, _)| day.to_string());
            if day == known.cited_on {
                self.right_days += 1;
            } else {
                self.faults.push(format!(
                    "{name}: {} {day:?}, not {:?}",
                    known.url, known.cited_on
                ));
            }
            if let Some(place) = &known.place {
                self.places += 1;
                if *place == citation.place.to_string() {
                    self.right_places += 1;
                } else {
                    self.faults.push(format!(
                        "{name}: {} at {}, not {place}",
                        known.url, citation.place
                    ));
                }
            }
        }
        for known in left.values().flatten() {
            self.faults.push(format!("{name}: missed {}", known.url));
        }
    }

    fn share(part: u32, whole: u32) -> f64 {
        f64::from(part) / f64::from(whole.max(1))
    }
}

#[test]
fn links_days_and_places_of_known_documents_are_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testdata/links/text");
    let mut count = Count::default();
    let mut documents = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let list = entry.unwrap().path();
        let name = list.to_string_lossy().into_owned();
        let Some(document) = name
            .strip_suffix(".json")
            .filter(|d| Path::new(d).is_file())
        else {
            continue;
        };
        let known: Vec<Known> = serde_json::from_slice(&fs::read(&list).unwrap()).unwrap();
        count.add(Path::new(document), &known);
        documents += 1;
    }
    assert!(documents >= 60, "{documents} documents");
    assert!(count.known >= 500, "{} citations", count.known);
    let recall = Count::share(count.right, count.known);
    let precision = Count::share(count.right, count.found);
    let days = Count::share(count.right_days, count.days);
    let places = Count::share(count.right_places, count.places);
    println!("{documents} documents, {} citations", count.known);
    println!("recall {recall:.4}, precision {precision:.4}, days {days:.4}, places {places:.4}");
    count.faults.sort();
    let shown = count.faults.join("\n");
    assert!(
        recall >= 0.99 && precision >= 0.99,
        "recall {recall:.4}, precision {precision:.4}\n{shown}"
    );
    assert!(days >= 0.97, "days {days:.4}\n{shown}");
    assert!(places >= 0.99, "places {places:.4}\n{shown}");
}
