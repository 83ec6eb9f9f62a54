//! What becomes of the labelled pages, and how good that is.

use std::fmt;

use accesswatch::config;
use accesswatch::judge::drift::{CitedContent, changed_as_much, compare};
use accesswatch::judge::{Judge, similarity};
use accesswatch::model::Catalogue;
use accesswatch::model::link::LinkObservation;
use accesswatch::model::reference::ReferenceKind;
use accesswatch::text::page_text::PageContent;
use accesswatch::track::links::observation;

use crate::labelled::{Page, record};

/// Hits, wrong alarms and misses.
#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    pub hits: u32,
    pub wrong: u32,
    pub missed: u32,
}

impl Score {
    fn add(&mut self, is: bool, found: bool) {
        match (is, found) {
            (true, true) => self.hits += 1,
            (true, false) => self.missed += 1,
            (false, true) => self.wrong += 1,
            (false, false) => {}
        }
    }

    pub fn precision(&self) -> f64 {
        f64::from(self.hits) / f64::from(self.hits + self.wrong).max(1.0)
    }

    pub fn recall(&self) -> f64 {
        f64::from(self.hits) / f64::from(self.hits + self.missed).max(1.0)
    }

    pub fn f1(&self) -> f64 {
        let twice = f64::from(2 * self.hits);
        twice / (twice + f64::from(self.wrong + self.missed)).max(1.0)
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "F1 {:.3} (precision {:.3}, recall {:.3}; {} hits, {} wrong, {} missed)",
            self.f1(),
            self.precision(),
            self.recall(),
            self.hits,
            self.wrong,
            self.missed
        )
    }
}

/// The scores of a split.
#[derive(Debug, Default)]
pub struct Measured {
    /// By signatures, words and structure.
    pub soft_404: Score,
    /// By the comparison with a made-up address alone.
    pub by_structure: Score,
    /// By signatures and words alone.
    pub by_words: Score,
    pub drift: Score,
    /// Pages with the observation of their kind, and others.
    pub observed: Score,
    /// Good pages that count as rot.
    pub false_gone: u32,
    /// What is wrong, by family and kind; only of the families that may be tuned on.
    faults: Vec<String>,
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n  soft 404       {}", self.soft_404)?;
        writeln!(f, "  by structure   {}", self.by_structure)?;
        writeln!(f, "  by words       {}", self.by_words)?;
        writeln!(f, "  drift          {}", self.drift)?;
        writeln!(
            f,
            "  observed as    {}; {} false gone",
            self.observed, self.false_gone
        )?;
        if std::env::var_os("SHOW_FAULTS").is_some() {
            writeln!(f, "  {}", self.faults.join("\n  "))?;
        }
        Ok(())
    }
}

impl Measured {
    /// Judges all pages.
    pub fn of(pages: &[Page]) -> Self {
        let signatures = config::shipped().unwrap().signatures;
        let judge = Judge::new(&Catalogue::default(), &signatures);
        let mut measured = Self::default();
        for page in pages {
            measured.judge(&judge, page);
            measured.compare(page);
        }
        measured
    }

    fn judge(&mut self, judge: &Judge, page: &Page) {
        let m = record(
            &page.url,
            page.final_url.as_deref(),
            page.status,
            &page.body,
        );
        let (own, code) = judge.link_page(ReferenceKind::Healthy, &m);
        let is_known = own.sketch.is_empty() && !judge.read(&m, None).hits.is_empty();
        let seen = observation(code, Some(page.status), is_known).unwrap();
        let by_words = seen == LinkObservation::Rot;
        let by_structure = page.sibling.as_ref().is_some_and(|sibling| {
            let made_up = page.url.replace("/t", "/xq");
            let m = record(&made_up, None, 200, sibling);
            let (nothing, _) = judge.link_page(ReferenceKind::MadeUp, &m);
            similarity::says_the_same(&own, &nothing).is_some()
        });
        let served = seen == LinkObservation::Served;
        let seen = if served && by_structure {
            LinkObservation::Rot
        } else {
            seen
        };
        let want = wanted(&page.kind);
        let is_rot = want == LinkObservation::Rot;
        if page.sibling.is_some() {
            self.by_structure.add(is_rot, by_structure);
            self.by_words.add(is_rot, by_words);
        }
        if matches!(page.kind.as_str(), "soft_404" | "alive" | "redesign") {
            self.soft_404.add(is_rot, seen == LinkObservation::Rot);
        }
        self.false_gone += u32::from(seen == LinkObservation::Rot && !is_rot);
        if seen == want {
            self.observed.hits += 1;
        } else {
            self.observed.missed += 1;
            self.fault(page, &format!("{code}, not {want:?}"));
        }
    }

    /// Compares with the page as it was cited, where that is known.
    fn compare(&mut self, page: &Page) {
        let Some(before) = &page.before else { return };
        let reference = PageContent::of_html(before);
        let second = page.second.as_ref().map(|html| PageContent::of_html(html));
        let passages: Vec<String> = page.quote.iter().cloned().collect();
        let cited = CitedContent {
            passages: &passages,
            reference: Some(&reference),
            is_living: second.is_some_and(|second| changed_as_much(&reference, &second)),
        };
        let now = PageContent::of_html(&page.body);
        let compared = compare(&now, &page.url.parse().unwrap(), &cited);
        let is_drift = page.kind.starts_with("drift");
        self.drift.add(is_drift, compared.drift.is_some());
        if is_drift != compared.drift.is_some() {
            self.fault(page, &format!("{compared:?}"));
        }
    }

    fn fault(&mut self, page: &Page, what: &str) {
        let Page {
            family, kind, url, ..
        } = page;
        if url.contains("tuning-") {
            self.faults.push(format!("{family} {kind} {url}: {what}"));
        }
    }
}

fn wanted(kind: &str) -> LinkObservation {
    match kind {
        "soft_404" | "redirected_home" | "parked" => LinkObservation::Rot,
        "captcha" => LinkObservation::Declined,
        "login" | "geo" => LinkObservation::Refused,
        "alive" | "redesign" | "living" | "drift_passage" | "drift_page" | "drift_figure" => {
            LinkObservation::Served
        }
        other => panic!("no such kind: {other}"),
    }
}
