//! `/health`: whether passes are made and mails go out, and how much is stored.

use askama::Template;

use super::answer::{PageAnswer, PageError};
use super::context::PageContext;
use super::frame::{Frame, Section};
use super::times::TimeView;
use crate::i18n::pages::PageText as P;
use crate::model::time::iso;
use crate::store::space;
use crate::track::state::UnknownReason;

/// Late pages that are listed.
const MOST_LATE: usize = 50;

#[derive(Template)]
#[template(path = "pages/health.html")]
struct HealthPage {
    frame: Frame,
    rows: Vec<(&'static str, String)>,
    faults: Vec<String>,
    late: Vec<(String, String, TimeView)>,
}

/// Makes the page.
pub fn page(context: &PageContext<'_>) -> Result<PageAnswer, PageError> {
    let page = HealthPage {
        frame: Frame::in_context(context, context.say(P::NavHealth), Section::Elsewhere),
        rows: context.health_rows()?,
        faults: context.faults()?,
        late: context.late_pages(),
    };
    Ok(PageAnswer::Page(page.render()?))
}

impl PageContext<'_> {
    fn health_rows(&self) -> Result<Vec<(&'static str, String)>, PageError> {
        let stats = self.reader.stats()?;
        let files = self.reader.evidence_files()?;
        let evidence: u64 = files.values().sum();
        let none = || "–".to_owned();
        let time = |at: Option<crate::model::Time>| at.map_or_else(none, |at| self.moment(at));
        let moment = self.snapshot.as_of.map_or_else(none, |at| {
            let age = self.age(at);
            self.texts.marks.remark(&self.moment_and_beijing(at), &age)
        });
        let mails = (self.reader.unsent_mails()?, self.reader.sent_mails()?);
        Ok(vec![
            (self.say(P::HealthPass), moment),
            (self.say(P::HealthWaiting), mails.0.to_string()),
            (self.say(P::HealthNextMail), time(self.reader.next_mail()?)),
            (self.say(P::HealthSent), mails.1.to_string()),
            (
                self.say(P::HealthDatabase),
                space::shown(stats.bytes + stats.log_bytes),
            ),
            (
                self.say(P::HealthMeasurements),
                stats.measurements.to_string(),
            ),
            (self.say(P::HealthOldest), time(stats.oldest)),
            (self.say(P::HealthEvidence), space::shown(evidence)),
            (
                self.say(P::HealthProgram),
                env!("CARGO_PKG_VERSION").to_owned(),
            ),
            (self.say(P::HealthSchema), stats.schema.to_string()),
        ])
    }

    /// What is wrong, a sentence each.
    fn faults(&self) -> Result<Vec<String>, PageError> {
        let mut faults = Vec::new();
        if let Some(due) = self.overdue {
            let due = self.moment(due);
            faults.push(self.fill(P::MissedPass, &[("time", &due)]));
        }
        if let Some(since) = self.reader.mail_stuck_since()? {
            let since = self.moment(since);
            faults.push(self.fill(P::HealthStuck, &[("time", &since)]));
        }
        for vantage in self.known.tracker.vantages.values().filter(|v| !v.usable) {
            let name = self.vantage_name(&vantage.vantage);
            let since = self.since(vantage.since).text;
            let values = [("vantage", name.as_str()), ("since", since.as_str())];
            faults.push(self.fill(P::VantageDown, &values));
        }
        Ok(faults)
    }

    /// The pages whose rounds are late, with their newest check.
    fn late_pages(&self) -> Vec<(String, String, TimeView)> {
        let late = self
            .pairs
            .iter()
            .filter(|p| p.reason == Some(UnknownReason::Late));
        let lines = late.filter_map(|pair| {
            let at = pair.last_checked?;
            let source = self.catalogue().source(&pair.probe.source)?;
            let clause = self.texts.marks.clause;
            let (source, probe) = (self.source_name(source), self.probe_name(pair.probe));
            let time = TimeView {
                iso: iso(at),
                text: self.age(at),
            };
            Some((
                format!("{source}{clause}{probe}"),
                self.vantage_name(&pair.vantage),
                time,
            ))
        });
        lines.take(MOST_LATE).collect()
    }
}
