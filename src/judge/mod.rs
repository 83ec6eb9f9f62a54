//! L2: pure judgement: a measurement becomes a verdict, verdicts become findings, statuses, incidents.
