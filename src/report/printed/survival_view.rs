//! How long cited links last, for all documents and for each.

use super::data::ReportData;
use super::words::named;
use crate::i18n::report::ReportText as R;
use crate::report::survival::{Share, SurvivalGroup, SurvivalRow};

/// The figures of all documents, or of one.
pub struct SurvivalLine {
    pub title: String,
    pub counted: usize,
    /// The share that is not gone after one, three and five years, with its confidence interval.
    pub not_gone: Vec<String>,
    pub median: String,
}

/// One way in which links are lost.
pub struct LossLine {
    pub way: &'static str,
    /// The share after one, three and five years.
    pub lost: Vec<String>,
}

/// The section of the report on how long cited links last.
pub struct SurvivalSection {
    pub left_out: String,
    pub heads: [&'static str; 3],
    pub lines: Vec<SurvivalLine>,
    pub losses: Vec<LossLine>,
}

impl ReportData<'_> {
    /// The section on how long cited links last; `None` without a cited link.
    pub fn survival(&self) -> Option<SurvivalSection> {
        let mut rows = self
            .survival
            .rows(|by| matches!(by, SurvivalGroup::All | SurvivalGroup::Document));
        let all = rows.next()?;
        let left_out = self.words.fill(
            R::SurvivalLeftOut,
            &[
                ("counted", &all.counted.to_string()),
                ("undated", &all.undated.to_string()),
                ("already", &all.already.to_string()),
                ("unseen", &all.unseen.to_string()),
            ],
        );
        let title = self.words.say(R::AllDocuments).to_owned();
        let mut lines = vec![self.line(title, &all)];
        let counted = rows.filter(|row| row.counted > 0);
        lines.extend(counted.map(|row| self.line(self.document(&row.group), &row)));
        let loss = |text, lost: [Option<f64>; 3]| LossLine {
            way: self.words.say(text),
            lost: lost.map(|share| self.share(share)).to_vec(),
        };
        Some(SurvivalSection {
            left_out,
            heads: [R::AfterOne, R::AfterThree, R::AfterFive].map(|text| self.words.say(text)),
            lines,
            losses: vec![
                loss(R::LinkGone, all.gone),
                loss(R::LinkDrifted, all.drifted),
            ],
        })
    }

    fn line(&self, title: String, row: &SurvivalRow) -> SurvivalLine {
        let years = |years: f64| {
            let years = format!("{years:.1}");
            self.words.fill(R::Years, &[("n", &years)])
        };
        SurvivalLine {
            title,
            counted: row.counted,
            not_gone: row.not_gone.map(|share| self.banded(share)).to_vec(),
            median: row.median.map_or_else(dash, years),
        }
    }

    /// The title of the document with this id.
    fn document(&self, id: &str) -> String {
        let has_id = |d: &&crate::model::document::DocumentRow| format!("D{}", d.id) == id;
        let document = self.documents.iter().find(has_id);
        named(document.map_or(id, |d| d.title.as_deref().unwrap_or(&d.path)))
    }

    fn share(&self, share: Option<f64>) -> String {
        self.words.percent(share.map(|share| share * 100.0))
    }

    fn banded(&self, share: Option<Share>) -> String {
        let text = self.share(share.map(|share| share.share));
        match share.and_then(|share| share.band) {
            Some((low, high)) => {
                format!(
                    "{text} ({}–{})",
                    self.share(Some(low)),
                    self.share(Some(high))
                )
            }
            None => text,
        }
    }
}

fn dash() -> String {
    "–".to_owned()
}
