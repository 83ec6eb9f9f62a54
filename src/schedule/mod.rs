//! L1: cron expressions, zones, what is due.
//!
//! * [`Cron`]: one five-field crontab expression, right across both daylight-saving changes
//! * [`calendar`]: working and trading days
//! * [`plan`]: from expressions to decisions: what is due, how late, and when to wake next
//!
//! Nothing here reads a clock: the time is an argument. Waiting, and what to do then, is `engine`'s.

pub mod calendar;
mod cron;
mod error;
mod field;
pub mod plan;
mod zone;

pub use cron::Cron;
pub use error::CronError;
