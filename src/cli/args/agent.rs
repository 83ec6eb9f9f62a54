//! The arguments of `agent` and `fleet`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

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
    /// The address of the hub (https://), or of the broker where it is met (nats://, tls://)
    #[arg(long, value_name = "URL")]
    pub hub: url::Url,
    /// A file that holds only the token [default: `$ACCESSWATCH_AGENT_TOKEN`]
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// The file with the key of the broker's user, as `fleet init` made it
    #[arg(long, value_name = "FILE", conflicts_with = "token_file")]
    pub creds: Option<PathBuf>,
    /// A further authority for the certificate of the hub or the broker, as PEM
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
}

/// What is done at the broker.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum FleetCommand {
    /// Make the keys of the users here, and the streams and buckets at the broker
    #[command(
        after_help = "Doing it again changes nothing; a new vantage gets what it needs. The users of the broker,\nwith the permissions of each, are printed and written to fleet/fleet-users.conf, which\nnats-server includes. fleet/VANTAGE.creds goes to the agent of that vantage (docs/agents.md).\n\nExample:\n  accesswatch fleet init"
    )]
    Init,
}
