//! Everything that the sections of a report are made of.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::figures::ReportFigures;
use super::period::ReportPeriod;
use super::request::ReportRequest;
use super::states::ReportStates;
use super::tables::TableSums;
use super::words::ReportWords;
use crate::model::MeasurementUid;
use crate::model::document::DocumentRow;
use crate::model::note::Note;
use crate::report::survival::SurvivalFigures;
use crate::store::FreshnessRow;

/// Everything that a report is made of.
pub struct ReportData<'a> {
    pub request: &'a ReportRequest<'a>,
    pub period: &'a ReportPeriod,
    pub words: ReportWords<'a>,
    pub figures: &'a ReportFigures,
    pub states: &'a ReportStates<'a>,
    pub first_check: Option<NaiveDate>,
    pub freshness: Vec<FreshnessRow>,
    /// The documents that are kept, with their links by state.
    pub documents: Vec<DocumentRow>,
    /// How long their links last.
    pub survival: SurvivalFigures,
    pub evidence: BTreeMap<MeasurementUid, String>,
    pub notes: &'a [Note],
    pub sums: TableSums,
}
