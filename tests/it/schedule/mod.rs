//! Schedules.

mod cron;
mod oracles;
