//! The printable report: what a period was like, in one HTML file that stands for itself.
//!
//! [`print()`] reads the daily figures once, writes the tables of the period through a hash (and
//! into files on request), and fills `templates/report/report.html`. The same request over the same
//! store gives the same bytes: nothing in it depends on the clock.

mod data;
mod figures;
mod incident_view;
mod links_view;
mod period;
mod print;
mod request;
mod sections;
mod states;
mod summary;
mod survival_view;
mod tables;
mod vantage_view;
mod words;

pub use print::print;
pub use request::{PrintedReport, ReportError, ReportRequest, ReportScope};
