//! L1: cron expressions, time zones, due times.
//!
//! * [`Cron`]: one five-field crontab expression, correct across both daylight-saving changes
//! * [`calendar`]: working and trading days
//! * [`plan`]: from expressions to decisions: what is due, how late, and when to wake next
//! * [`remembered`]: expressions as they were parsed before
//!
//! Nothing here reads a clock: the time is an argument. `engine` waits and acts.

pub mod calendar;
mod cron;
mod error;
mod field;
pub mod plan;
pub mod remembered;
mod zone;

pub use cron::Cron;
pub use error::CronError;
