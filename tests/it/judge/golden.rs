//! The format of golden pages (`tests/pages/*.toml`), and how one is judged.

use std::path::Path;
use std::sync::OnceLock;

use accesswatch::model::probe::Expect;
use accesswatch::model::{Level, Measurement};
use serde::Deserialize;

use super::record::{answer, answered, probe, verdict};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    page: Vec<Page>,
}

/// One golden page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The name of the page; may be left out when the signature names it.
    #[serde(default)]
    name: String,
    /// The code.
    pub want: String,
    /// The signature that must decide; empty when none must.
    #[serde(default)]
    pub signature: Option<String>,
    /// Rows whose pattern this good page contains without their meaning.
    #[serde(default)]
    pub trap: Vec<String>,
    /// Words that this good page shares with a known page of a row.
    #[serde(default)]
    pub near: Vec<String>,
    #[serde(default)]
    locus: Option<String>,
    #[serde(default = "somewhere")]
    pub url: String,
    /// The address of the answer after a redirect.
    #[serde(default)]
    pub final_url: Option<String>,
    /// The status of that redirect.
    #[serde(default = "found")]
    redirect: u16,
    #[serde(default = "fine")]
    status: u16,
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// The body's encoding.
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    pub body: String,
    /// The number of neutral visible paragraphs before `</body>`, or at the end.
    #[serde(default)]
    filler: usize,
    #[serde(default)]
    expect: Option<Expected>,
}

fn somewhere() -> String {
    "https://www.example.cn/".to_owned()
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

    /// The name of the page in the message of a failed test.
    pub fn title(&self) -> &str {
        match &self.signature {
            Some(signature) if self.name.is_empty() => signature,
            _ => &self.name,
        }
    }

    /// The answer as the prober records it.
    fn measured(&self) -> Measurement {
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
        m
    }

    /// Whether the verdict is the wanted one.
    pub fn check(&self) -> Result<(), String> {
        let m = self.measured();
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
                self.title(),
                self.want,
                self.signature,
                self.locus
            ));
        }
        Ok(())
    }
}

/// All pages of `tests/pages/*.toml`.
pub fn pages() -> &'static [Page] {
    static PAGES: OnceLock<Vec<Page>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
        let mut paths: Vec<_> = std::fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        let read = |path: &std::path::PathBuf| {
            let text = std::fs::read_to_string(path).unwrap();
            let file: File =
                toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            file.page
        };
        paths.iter().flat_map(read).collect()
    })
}
