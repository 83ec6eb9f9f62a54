//! L2: pure judgement: a measurement becomes a verdict, verdicts become findings, statuses, incidents.

pub mod compare;
pub mod hourly;
pub mod settle;
pub mod track;
