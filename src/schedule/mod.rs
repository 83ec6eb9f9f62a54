//! L1: cron expressions, zones, what is due.
