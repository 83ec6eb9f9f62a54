//! Addresses that other files name.

/// The folder of every address here.
pub const FOLDER: &str = "/api/";

/// Where agents send their records.
pub const MEASUREMENTS: &str = "/api/v1/measurements";

/// Whether only agents ask there.
#[must_use]
pub fn is_of_agents(path: &str) -> bool {
    matches!(path, AGENT_WORKSPACE | AGENT_HELLO | AGENT_TASKS)
}

/// Where agents ask what to measure.
pub const AGENT_WORKSPACE: &str = "/api/v1/agent/workspace";
/// Where agents report.
pub const AGENT_HELLO: &str = "/api/v1/agent/hello";
/// Where agents ask for tasks.
pub const AGENT_TASKS: &str = "/api/v1/agent/tasks";
