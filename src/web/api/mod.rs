//! `/api/v1/`: the tables of `export` as JSON and CSV, and what people do, for programs.
//!
//! A table is read in pages ([`list`]) or streamed whole ([`csv`]); its columns are those of
//! [`crate::report`], so no address, no dictionary and no description can differ from the rows.
//! Whatever cannot be answered is a [`problem`] of RFC 9457.

mod acts;
mod agent;
mod agent_tasks;
mod answer;
mod cited;
mod csv;
mod cursor;
mod filters;
mod list;
mod measurements;
mod openapi;
mod paths;
mod problem;
mod query;
mod routes;
mod rows;
mod single;
mod table;

pub use paths::{AGENT_HELLO, AGENT_TASKS, AGENT_WORKSPACE, FOLDER, MEASUREMENTS, is_of_agents};
pub use problem::{ApiProblem, as_problem};
pub use routes::routes;
