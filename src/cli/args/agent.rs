//! The arguments of `agent`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What `agent` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AgentAction {
    /// Ask the hub once, and show what would be measured from here
    Check,
    /// Measure what is due at each time that comes on standard input, and send it
    #[value(hide = true)]
    Step,
}

/// Where an agent measures, and for whom.
#[derive(Debug, Clone, Args)]
pub struct AgentArgs {
    /// Without it, the agent runs until it is stopped
    #[arg(value_enum)]
    pub action: Option<AgentAction>,
    /// The id of the vantage at the hub
    #[arg(long, value_name = "ID")]
    pub vantage: String,
    /// The address of the hub
    #[arg(long, value_name = "URL")]
    pub hub: url::Url,
    /// A file that holds only the token [default: `$ACCESSWATCH_AGENT_TOKEN`]
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// A further authority for the certificate of the hub, as PEM
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
}
