//! What was typed. What it means is each command's own matter.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Watches whether restricted information sources are still reachable, how far, and from where.
#[derive(Debug, Parser)]
#[command(
    name = "accesswatch",
    version,
    about = "Watches whether information sources are still reachable, how far, from where, and says when that changes",
    after_help = "Start here:\n  accesswatch demo                 see it work, with no network\n  accesswatch init my-watch        write a workspace of your own\n  accesswatch --dir my-watch run   one pass over what is due\n\nExit status: 0 done; 1 done, and --exit-code was given and a regression is open;\n2 usage or configuration error; 3 the work could not be done, or only in part.",
    propagate_version = true
)]
pub struct Cli {
    /// The workspace [default: $`ACCESSWATCH_DIR`, else the current folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub dir: Option<PathBuf>,

    /// When to use colours (`NO_COLOR` is heeded too)
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub color: Colour,

    #[command(subcommand)]
    pub command: Command,
}

/// `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

/// `--format` of commands that print records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Json,
    Csv,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a starter workspace; never overwrites a file
    #[command(
        after_help = "Example:\n  accesswatch init my-watch && accesswatch --dir my-watch check"
    )]
    Init {
        /// Where [default: the workspace]
        dir: Option<PathBuf>,
    },
    /// Validate configuration, probes and signatures, without network
    Check,
    /// One pass over what is due: measure, judge, confirm, record, mail
    #[command(
        after_help = "Made for a cron line: a lock keeps two runs apart, and a late run says so.\n\nExamples:\n  accesswatch run                       what is due\n  accesswatch run --all --source cnki   CNKI now, due or not\n  accesswatch run --exit-code           status 1 while a regression is open"
    )]
    Run(RunArgs),
    /// Run on the schedule until told to stop
    #[command(
        after_help = "SIGTERM and Ctrl-C end at a clean point within 10 s; SIGHUP reloads the configuration\n(the old one stays when the new one is invalid)."
    )]
    Daemon,
    /// One layered measurement of any URL, explained step by step; records nothing
    #[command(after_help = "Example:\n  accesswatch probe https://oversea.cnki.net/")]
    Probe {
        url: String,
        /// From this vantage [default: the first]
        #[arg(long, value_name = "ID")]
        vantage: Option<String>,
        /// Print the measurement record instead (one JSON line)
        #[arg(long)]
        json: bool,
    },
    /// The state of each source from each vantage, worst first
    Status {
        /// Only this source
        #[arg(long, value_name = "ID")]
        source: Option<String>,
        #[arg(long, value_enum)]
        format: Option<Format>,
        /// End with status 1 while a regression is open
        #[arg(long)]
        exit_code: bool,
    },
    /// Incidents: list them, look at one, acknowledge, silence, say what you saw
    Incidents(IncidentsArgs),
    /// What is normal here, per probe and vantage
    Baseline {
        #[command(subcommand)]
        command: BaselineCommand,
    },
    /// Dated notes on a source, shown with incidents
    Note {
        #[command(subcommand)]
        command: NoteCommand,
    },
    /// Tables for reports
    #[command(
        after_help = "Examples:\n  accesswatch export uptime --since 2026-01-01 -o uptime.csv\n  accesswatch export incidents --format xlsx -o incidents.xlsx\n  accesswatch export measurements --format jsonl | jq .input"
    )]
    Export(ExportArgs),
    /// The verdict of each measurement record in a file, as JSON lines; records nothing
    Judge {
        /// JSON lines; `-` for standard input
        file: PathBuf,
    },
    /// Take measurement records made elsewhere; the same record twice counts once
    Ingest {
        /// JSON lines; `-` for standard input
        file: PathBuf,
    },
    /// Derive verdicts, statuses and incidents again from the stored measurements
    #[command(after_help = "Prints what would change; --apply writes it. Mails nothing.")]
    Rejudge {
        /// From this day on [default: everything kept]
        #[arg(long, value_name = "DATE")]
        since: Option<String>,
        /// Write what changed
        #[arg(long)]
        apply: bool,
    },
    /// The alert channel: test it, preview a mail, look at the queue
    Mail {
        #[command(subcommand)]
        command: MailCommand,
    },
    /// Look over the workspace, the vantages, the mail route and the database, each with a mend
    Doctor {
        /// Leave out what needs the network
        #[arg(long)]
        offline: bool,
    },
    /// A consistent copy of the database while it is in use
    Backup {
        /// A file that does not exist yet
        file: PathBuf,
    },
    /// Remove raw measurements and bodies of before a day (roll-ups and incidents stay)
    Purge {
        #[arg(long, value_name = "DATE")]
        before: String,
    },
    /// The whole thing with no network: stand-in sites go through a story of restrictions in fast time
    #[command(
        after_help = "Leaves a workspace with mails, incidents and tables to look at.\nExit status 1 when what was seen differs from what was played."
    )]
    Demo {
        /// Where to leave the workspace [default: --dir, else a new folder accesswatch-demo]
        dir: Option<PathBuf>,
    },
    /// Shell completions
    #[command(
        after_help = "Example:\n  accesswatch completions bash > /etc/bash_completion.d/accesswatch"
    )]
    Completions { shell: clap_complete::Shell },
    /// Man pages: the main one to standard output, or all of them into a folder
    Man {
        /// A folder to write accesswatch.1, accesswatch-run.1, … into
        #[arg(short, long, value_name = "DIR")]
        output: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub struct RunArgs {
    /// Everything, due or not
    #[arg(long)]
    pub all: bool,
    /// Only this source
    #[arg(long, value_name = "ID")]
    pub source: Option<String>,
    /// Only from this vantage
    #[arg(long, value_name = "ID")]
    pub vantage: Option<String>,
    /// Compose and send no mails; the next run without this tells what this one saw
    #[arg(long)]
    pub no_alerts: bool,
    /// Also write each measurement record to this file, one JSON line each
    #[arg(long, value_name = "FILE")]
    pub jsonl: Option<PathBuf>,
    /// End with status 1 while a regression is open
    #[arg(long)]
    pub exit_code: bool,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct IncidentsArgs {
    #[command(subcommand)]
    pub command: Option<IncidentsCommand>,
    /// Only those still open
    #[arg(long)]
    pub open: bool,
    /// Only those that were open on or after this day
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Only of this source
    #[arg(long, value_name = "ID")]
    pub source: Option<String>,
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

#[derive(Debug, Subcommand)]
pub enum IncidentsCommand {
    /// One incident whole
    Show { id: i64 },
    /// Say that someone looks after it
    Ack {
        id: i64,
        /// Who [default: $USER]
        #[arg(long)]
        by: Option<String>,
    },
    /// No mails about it until a day (its end is told all the same)
    Silence {
        id: i64,
        #[arg(long, value_name = "DATE")]
        until: String,
    },
    /// Record what a person saw in a browser
    Observe {
        id: i64,
        #[arg(long, value_enum)]
        browser: BrowserArg,
        /// The network the person was on, such as "campus wifi" or "home, Berlin"
        #[arg(long, value_name = "TEXT")]
        network: String,
    },
}

/// What the person saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BrowserArg {
    Ok,
    Refused,
    Partial,
}

#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// What is normal, per probe and vantage
    Show {
        #[arg(value_name = "SOURCE/PROBE")]
        probe: Option<String>,
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Take the present status as normal from now on
    Accept {
        #[arg(value_name = "SOURCE/PROBE")]
        probe: String,
        /// Only from this vantage [default: from all]
        #[arg(long, value_name = "ID")]
        vantage: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum NoteCommand {
    /// Add a note
    Add {
        #[arg(long, value_name = "ID")]
        source: String,
        #[arg(long, value_name = "DATE")]
        from: String,
        #[arg(long, value_name = "DATE")]
        to: Option<String>,
        #[arg(long)]
        text: String,
        /// A reference for it
        #[arg(long = "ref", value_name = "URL")]
        reference: Option<String>,
        /// Announced beforehand: incidents inside it are marked planned
        #[arg(long)]
        planned: bool,
    },
    /// All notes
    List {
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    #[arg(value_enum)]
    pub what: ExportKind,
    /// From this day or instant on (2026-01-31, or with a time and zone)
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Up to and with this day
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    #[arg(long, value_name = "ID")]
    pub source: Option<String>,
    #[arg(long, value_enum, default_value_t = ExportFormat::Csv)]
    pub format: ExportFormat,
    /// Write here [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Leave out vantage names and addresses
    #[arg(long)]
    pub anonymous: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportKind {
    Measurements,
    Incidents,
    Uptime,
    Freshness,
    /// What every column means
    Dictionary,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    Csv,
    Xlsx,
    Jsonl,
}

#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// Send a test mail to every recipient
    Test,
    /// The mail of an incident as it would be composed now
    Preview {
        incident: i64,
        /// Print the HTML part
        #[arg(long)]
        html: bool,
    },
    /// What waits, what was sent, what failed and why
    Queue {
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
}
