//! Golden pages: `tests/pages/*.toml`, judged with the shipped signatures.

use std::path::Path;

use accesswatch::judge::Judge;
use accesswatch::model::page::History;
use accesswatch::model::probe::Expect;
use accesswatch::model::signature::{Location, PatternType, SignatureRow};
use accesswatch::model::{Catalogue, Code, Level, Locus};
use serde::Deserialize;

use super::record::{answer, answered, now, probe, verdict};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    page: Vec<Page>,
}

/// One page and what it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    name: String,
    /// The code.
    want: String,
    /// The signature that must have decided; empty: none.
    #[serde(default)]
    signature: Option<String>,
    #[serde(default)]
    locus: Option<String>,
    url: String,
    /// Where the answer came from, when redirected.
    #[serde(default)]
    final_url: Option<String>,
    /// The status of that redirect.
    #[serde(default = "found")]
    redirect: u16,
    #[serde(default = "fine")]
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    /// The body's encoding.
    #[serde(default)]
    encoding: Option<String>,
    body: String,
    /// Paragraphs of neutral visible text that stand before `</body>`, or at the end.
    #[serde(default)]
    filler: usize,
    #[serde(default)]
    expect: Option<Expected>,
}

fn fine() -> u16 {
    200
}

fn found() -> u16 {
    302
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    status: Vec<u16>,
    #[serde(default)]
    final_host: Vec<String>,
    #[serde(default)]
    title: Vec<String>,
    #[serde(default)]
    title_not: Vec<String>,
    #[serde(default)]
    contains: Vec<String>,
    #[serde(default)]
    select: Vec<String>,
    #[serde(default)]
    fulltext: Vec<String>,
}

impl Page {
    fn body(&self) -> Vec<u8> {
        let paragraph = "<p>本页介绍本馆所藏学术期刊与统计年鉴的检索方法、卷期目录、作者索引以及常见问题的说明，供读者参考使用。</p>\n";
        let filler = paragraph.repeat(self.filler);
        let text = match self.body.find("</body>") {
            Some(at) => format!("{}{filler}{}", &self.body[..at], &self.body[at..]),
            None => format!("{}{filler}", self.body),
        };
        match self.encoding.as_deref() {
            None => text.into_bytes(),
            Some(label) => {
                let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
                encoding.encode(&text).0.into_owned()
            }
        }
    }

    fn check(&self) -> Result<(), String> {
        let end = self.final_url.as_deref().unwrap_or(&self.url);
        let mut headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        if !headers
            .iter()
            .any(|(n, _)| n.eq_ignore_ascii_case("content-type"))
        {
            headers.push(("Content-Type", "text/html"));
        }
        let mut m = answered(&self.url, answer(end, self.status, &headers, self.body()));
        if self.final_url.is_some() {
            m.test_keys
                .requests
                .push(answer(&self.url, self.redirect, &[("Location", end)], ""));
        }
        let probe = self.expect.as_ref().map(|e| {
            let mut expect = Expect {
                status: e.status.clone(),
                final_host: e.final_host.clone(),
                title: e.title.clone(),
                title_not: e.title_not.clone(),
                contains: e.contains.clone(),
                select: e.select.clone(),
                ..Expect::default()
            };
            if !e.fulltext.is_empty() {
                expect.level.insert(Level::Fulltext, e.fulltext.clone());
            }
            probe(&self.url, expect, Vec::new())
        });
        let got = verdict(&m, probe.as_ref());
        let wrong_signature = self
            .signature
            .as_ref()
            .is_some_and(|s| *s != got.signature.clone().unwrap_or_default());
        let wrong_locus = self
            .locus
            .as_ref()
            .is_some_and(|l| *l != got.locus.as_str());
        if got.code.as_str() != self.want || wrong_signature || wrong_locus {
            return Err(format!(
                "{}: want {} {:?} {:?}, got {got:#?}",
                self.name, self.want, self.signature, self.locus
            ));
        }
        Ok(())
    }
}

#[test]
fn golden_pages() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut count = 0;
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let file: File =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        count += file.page.len();
        faults.extend(file.page.iter().filter_map(|page| page.check().err()));
    }
    assert!(count >= 40, "only {count} pages were read");
    assert!(
        faults.is_empty(),
        "{} of {count} pages:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// A page that is known only to look like a refusal is none to rows that nobody confirmed.
#[test]
fn a_false_positive_rules_out_what_is_not_confirmed() {
    let row = |name: &str, scope: &str, pattern: &str, confirmed: bool| SignatureRow {
        name: name.to_owned(),
        scope: scope.to_owned(),
        location: Location::Body,
        pattern_type: PatternType::Contains,
        pattern: pattern.to_owned(),
        code: Code::SiteWafBlock,
        locus: Locus::Unknown,
        status: Vec::new(),
        max_bytes: None,
        unless: None,
        confirmed,
        source: String::new(),
        notes: String::new(),
    };
    let m = answered(
        "https://a.example/",
        answer("https://a.example/", 403, &[], "<b id=x7>no</b><i id=y8>"),
    );
    let signature = |rows: &[SignatureRow]| {
        let judge = Judge::new(&Catalogue::default(), rows);
        let reading = judge.read(&m, None);
        judge
            .decide(&reading, &m, None, &History::new(), now())
            .signature
    };
    let imported = row("imported", "prod", "<b id=x7>", false);
    let good = row("good", "fp", "<i id=y8>", false);
    let elsewhere = row("elsewhere", "fp", "<i id=z9>", false);
    let known = row("known", "serv", "<b id=x7>", true);
    assert_eq!(
        signature(std::slice::from_ref(&imported)).as_deref(),
        Some("imported")
    );
    assert_eq!(signature(std::slice::from_ref(&good)), None);
    assert_eq!(signature(&[imported.clone(), good.clone()]), None);
    assert_eq!(
        signature(&[imported, elsewhere]).as_deref(),
        Some("imported")
    );
    assert_eq!(signature(&[good, known]).as_deref(), Some("known"));
}
