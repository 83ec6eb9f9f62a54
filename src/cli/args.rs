//! The arguments; each command decides what they mean.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::source_args::SourceCommand;
use crate::model::settings::Language;
mod agent;
mod links;
mod tables;
mod verbs;

pub use agent::{AgentAction, AgentArgs, FleetCommand};
pub use links::{
    LinksCheckArgs, LinksCiteArgs, LinksCommand, LinksCopiesArgs, LinksDocumentArgs,
    LinksIgnoreArgs, LinksImportArgs, LinksObserveArgs, LinksRepairArgs, LinksStatusArgs,
};
pub use tables::{ExportArgs, ExportFormat, ExportKind, ObjectFormat, OutputFormat, ReportArgs};
pub use verbs::{
    About, BaselineCommand, BrowserArg, EvidenceCommand, IncidentsArgs, IncidentsCommand,
    MailCommand, NoteCommand,
};

/// Watches whether restricted information sources are still reachable, how far, and from where.
#[derive(Debug, Parser)]
#[command(
    name = "accesswatch",
    version,
    about = "Watches whether information sources are still reachable, how far, from where, and says when that changes",
    after_help = "Start here:\n  accesswatch demo                 see it work, with no network\n  accesswatch links check FILE     which links of a document are gone\n  accesswatch init my-watch        write a workspace of your own\n  accesswatch --dir my-watch run   one pass over what is due\n\nExit status: 0 done; 1 done, and --exit-code was given and a regression is open;\n2 usage or configuration error; 3 the work could not be done, or only in part.",
    propagate_version = true
)]
pub struct Cli {
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        help = "The workspace [default: $ACCESSWATCH_DIR, else the current folder]"
    )]
    pub dir: Option<PathBuf>,

    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t = Colour::Auto,
        value_name = "WHEN",
        help = "When to use colours (NO_COLOR is heeded too)"
    )]
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

/// Where the daemon serves its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListenAt {
    /// Where the configuration says.
    Configured,
    Address(SocketAddr),
}

impl ListenAt {
    const CONFIGURED: &'static str = "configured";

    /// The address that was typed.
    #[must_use]
    pub fn address(self) -> Option<SocketAddr> {
        match self {
            Self::Configured => None,
            Self::Address(address) => Some(address),
        }
    }
}

impl std::str::FromStr for ListenAt {
    type Err = std::net::AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            Self::CONFIGURED => Ok(Self::Configured),
            other => other.parse().map(Self::Address),
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a starter workspace; never overwrites a file
    #[command(
        after_help = "Example:\n  accesswatch init my-watch && accesswatch --dir my-watch check"
    )]
    Init {
        /// The folder to write it into [default: the workspace]
        #[arg(value_name = "DIR")]
        place: Option<PathBuf>,
    },
    /// Validate configuration, probes and signatures, without network
    #[command(
        after_help = "Every problem of every file is reported at once, as path:line:column with the line and the fix;\nthe exit status is 2 when there is a problem.\n\nExample:\n  accesswatch --dir my-watch check"
    )]
    Check,
    /// One pass over what is due: measure, judge, confirm, record, mail
    #[command(
        after_help = "Made for a cron line: a lock keeps two runs apart, and a late run says so.\n\nExamples:\n  accesswatch run                       what is due\n  accesswatch run --all --source cnki   CNKI now, due or not\n  accesswatch run --exit-code           status 1 while a regression is open"
    )]
    Run(RunArgs),
    /// Be a vantage elsewhere: measure from this computer for a hub
    #[command(
        after_help = "The hub's configuration has the vantage, with `via = \"agent\"` and its token (docs/agents.md).\nThe spool and the state are in --dir, and agent.toml there may say what is special about this place.\n\nExamples:\n  accesswatch --dir /var/lib/accesswatch agent --vantage seoul \\\n      --hub https://watch.example.org --token-file token\n  accesswatch agent check --vantage seoul --hub https://watch.example.org --token-file token"
    )]
    Agent(AgentArgs),
    /// A broker (NATS) where agents meet this hub
    #[command(
        after_help = "The configuration names the broker in [fleet] (docs/agents.md).\n\nExample:\n  accesswatch --dir /srv/watch fleet init"
    )]
    Fleet {
        #[command(subcommand)]
        command: FleetCommand,
    },
    /// Run on the schedule until a signal stops it
    #[command(
        after_help = "Example:\n  accesswatch --dir /srv/watch daemon\n\nSIGTERM and Ctrl-C end at a clean point within 10 s; SIGHUP reloads the configuration\n(the old one stays when the new one is invalid).\nWith --listen it serves the web pages too; see `accesswatch serve --help`."
    )]
    Daemon {
        /// Serve the web pages too, at this address [default: `[web] listen`]
        #[arg(long, value_name = "ADDR", num_args = 0..=1, default_missing_value = ListenAt::CONFIGURED)]
        listen: Option<ListenAt>,
    },
    /// Serve the web pages until a signal stops it; measures nothing
    #[command(
        after_help = "Examples:\n  accesswatch demo && accesswatch serve\n  accesswatch --dir /srv/watch serve --listen 127.0.0.1:9000\n\nThe address is printed once the program listens; port 0 is any free one. Listening beyond this\ncomputer takes a token (`[web] token`). docs/pages.md explains proxies, public pages and phones.\nSIGTERM and Ctrl-C stop it; SIGHUP reloads the configuration."
    )]
    Serve {
        /// Where to listen [default: `[web] listen`, else 127.0.0.1:8080]
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
    },
    /// One layered measurement of any URL, explained step by step; records nothing
    #[command(after_help = "Example:\n  accesswatch probe https://oversea.cnki.net/")]
    Probe {
        /// The address of the page
        url: String,
        /// From this vantage [default: the first]
        #[arg(long, value_name = "ID")]
        vantage: Option<String>,
        /// Print the measurement record instead (one JSON line)
        #[arg(long)]
        json: bool,
    },
    /// The state of each source from each vantage, worst first
    #[command(
        after_help = "Examples:\n  accesswatch status                                the state of everything, in words\n  accesswatch status --source cnki --format json    for programs\n  accesswatch status --exit-code                    status 1 while a regression is open"
    )]
    Status {
        /// Only this source
        #[arg(long, value_name = "ID")]
        source: Option<String>,
        /// For people (table) or programs (json, csv) [default: table]
        #[arg(long, value_enum)]
        format: Option<OutputFormat>,
        /// End with status 1 while a regression is open
        #[arg(long)]
        exit_code: bool,
    },
    /// Incidents: list them, look at one, acknowledge, silence, say what you saw
    Incidents(IncidentsArgs),
    /// What is normal here, per probe and vantage
    #[command(
        after_help = "An incident opens when a probe is worse than its baseline: the best that was confirmed so far,\nor what the probe file declares. A restriction that you accept no longer counts as one.\n\nExamples:\n  accesswatch baseline show\n  accesswatch baseline accept cnki/thesis"
    )]
    Baseline {
        #[command(subcommand)]
        command: BaselineCommand,
    },
    /// Dated notes on a source, shown with incidents
    #[command(
        after_help = "Examples:\n  accesswatch note add --source cnki --from 2026-12-01 --to 2026-12-03 --planned \\\n      --text 'Maintenance, as the vendor announced' --ref https://www.cnki.net/notice\n  accesswatch note list"
    )]
    Note {
        #[command(subcommand)]
        command: NoteCommand,
    },
    /// The catalogue: what is watched, switch it on or off, try it
    #[command(
        after_help = "Examples:\n  accesswatch source list --group law\n  accesswatch source show cnki\n  accesswatch source disable ccgp\n  accesswatch source test cnki/journal"
    )]
    Source {
        #[command(subcommand)]
        command: SourceCommand,
    },
    /// Links that documents cite: check them, keep them, list them
    #[command(
        after_help = "Examples:\n  accesswatch links check report.docx\n  accesswatch links import reports --group reports\n  accesswatch links repair references.bib -o repaired.bib\n  accesswatch links status"
    )]
    Links {
        #[command(subcommand)]
        command: LinksCommand,
    },
    /// Tables for reports
    #[command(
        after_help = "Examples:\n  accesswatch export uptime --since 2026-01-01 -o uptime.csv\n  accesswatch export incidents --format xlsx -o incidents.xlsx\n  accesswatch export measurements --format jsonl | jq .input"
    )]
    Export(ExportArgs),
    /// A printable report of a period, with its method stated
    #[command(
        after_help = "One self-contained HTML file. It states the SHA-256 of the tables behind it, and the same\nperiod of the same store gives the same bytes. Days are UTC days.\n\nExamples:\n  accesswatch report --from 2026-01-01 --to 2026-03-31 -o q1.html\n  accesswatch report --from 2026-01-01 --to 2026-03-31 --group academic \\\n      --lang ko -o q1.html --with-tables"
    )]
    Report(ReportArgs),
    /// The verdict of each measurement record in a file, as JSON lines; records nothing
    #[command(
        after_help = "Reads what `run --jsonl` and `export measurements --format jsonl` write, and OONI's\nweb_connectivity records. A line that is not a record is reported by its number;\nthe others are judged, and the exit status is 3.\n\nExample:\n  accesswatch judge run.jsonl | jq -r '[.code, .text] | @tsv'"
    )]
    Judge {
        /// JSON lines; `-` for standard input
        file: PathBuf,
        /// Also report where a record departs from the format (exit status 3)
        #[arg(long)]
        strict: bool,
        /// The language of facts and sentences: en, ko or zh
        #[arg(long, value_name = "LANG", default_value = "en")]
        lang: Language,
    },
    /// Take measurement records made elsewhere; the same record twice counts once
    #[command(
        after_help = "The records are judged, stored and tracked by their own times, in any order of lines. Mails nothing.\nA line that is not a record is reported by its number; the others are stored, and the exit status\nis 3.\n\nExamples:\n  accesswatch ingest run-of-the-branch.jsonl\n  zcat ooni.jsonl.gz | accesswatch ingest -"
    )]
    Ingest {
        /// JSON lines; `-` for standard input
        file: PathBuf,
    },
    /// Derive verdicts, statuses and incidents again from the stored measurements
    #[command(
        after_help = "Use it after a signature or an expectation has improved. Prints what would change; --apply writes\nthe changes. Mails nothing. Where a page is no longer kept, its verdict stays.\n\nExamples:\n  accesswatch rejudge --since 2026-11-01\n  accesswatch rejudge --since 2026-11-01 --apply"
    )]
    Rejudge {
        /// From this UTC day on [default: everything kept]
        #[arg(long, value_name = "DATE")]
        since: Option<String>,
        /// Write what changed
        #[arg(long)]
        apply: bool,
        /// For people (table) or programs (json, csv) [default: table]
        #[arg(long, value_enum)]
        format: Option<OutputFormat>,
    },
    /// The alert channel: test it, preview a mail, look at the queue
    #[command(
        after_help = "Examples:\n  accesswatch mail test          a mail to every recipient, now\n  accesswatch mail preview 12    the mail of incident #12, as it would be composed now\n  accesswatch mail send          tries now what waits\n  accesswatch mail queue         what waits, why, and what is done next"
    )]
    Mail {
        #[command(subcommand)]
        command: MailCommand,
    },
    /// Check the workspace, the vantages, the mail route and the database, and name a fix for each
    /// problem
    #[command(
        after_help = "Exit status 3 when something needs to be fixed.\n\nExample:\n  accesswatch doctor --offline"
    )]
    Doctor {
        /// Leave out what needs the network
        #[arg(long)]
        offline: bool,
        /// The database is lost: begin a new one, and count what is restricted today as known
        #[arg(long)]
        begin_anew: bool,
    },
    /// Exchanges kept as evidence: list them, show one, make a file to hand on
    #[command(
        after_help = "When a status changes, the answer that decided and the last healthy one before it are kept.\n\nExamples:\n  accesswatch evidence list --incident 12\n  accesswatch evidence show 01a229a9-3f37-70cd-be54-3bc675dcfec5\n  accesswatch evidence pack 12 -o report-12.wacz --lang zh"
    )]
    Evidence {
        #[command(subcommand)]
        command: EvidenceCommand,
    },
    /// Recompute the hashes of the evidence, of the workspace or of one file, and compare them
    #[command(
        after_help = "Without FILE: the day chain, the records, the WARC files and the time stamps of the workspace.\nA pack (.wacz), a WARC file (.warc.gz) or a day chain (chain.csv) needs no workspace. Records\n(.jsonl, as `export measurements --format jsonl --no-bodies` prints them) are compared with the day\nchain of the workspace.\nExit status 0: everything holds; 1: something does not hold, and is named; 3: a file cannot be read.\n\nExamples:\n  accesswatch verify\n  accesswatch verify report-12.wacz\n  accesswatch verify --leaves 2026-11-29"
    )]
    Verify {
        /// A pack, a WARC file, a day chain or records [default: the workspace]
        file: Option<PathBuf>,
        /// Print the leaf hashes of this UTC day instead, in the order of its tree
        #[arg(long, value_name = "DAY", conflicts_with = "file")]
        leaves: Option<NaiveDate>,
        /// For people (table) or programs (json) [default: table]
        #[arg(long, value_enum)]
        format: Option<ObjectFormat>,
    },
    /// A consistent copy of the database while it is in use
    #[command(
        after_help = "Never overwrites. To go back to a copy, stop accesswatch, move data/accesswatch.db and its\n-wal and -shm files away, and put the copy in its place.\n\nExample:\n  accesswatch backup backup/$(date +%F).db"
    )]
    Backup {
        /// A file that does not exist yet
        file: PathBuf,
    },
    /// Remove raw measurements: those from before a day (roll-ups and incidents stay), or those
    /// that a wrong clock dated in the future
    #[command(
        after_help = "Measurements older than `keep_measurements` are removed automatically; --before removes more.\n--after removes what was stored while this computer's clock was ahead: measurements, roll-ups and\ngaps. Statuses, incidents and gaps are then derived again from the rest. Mails nothing.\n\nExamples:\n  accesswatch backup before-purge.db && accesswatch purge --before 2026-01-01\n  accesswatch backup before-purge.db && accesswatch purge --after 2026-11-29T10:00Z"
    )]
    #[command(group = clap::ArgGroup::new("which").required(true).args(["before", "after"]))]
    Purge {
        /// Remove what was measured before this UTC day, and mails that were sent or given up
        /// before it
        #[arg(long, value_name = "DATE")]
        before: Option<String>,
        /// Remove what is dated after this UTC day, or at or after this instant
        #[arg(long, value_name = "DATE")]
        after: Option<String>,
    },
    /// A demonstration without network: stand-in sites play a story of restrictions in fast motion
    #[command(
        after_help = "Example:\n  accesswatch demo && accesswatch --dir accesswatch-demo status\n\nLeaves a workspace with mails, incidents and tables to look at.\nExit status 3 when what was seen differs from what was played."
    )]
    Demo {
        /// Where to leave the workspace [default: --dir, else a new folder accesswatch-demo]
        #[arg(value_name = "DIR")]
        place: Option<PathBuf>,
    },
    /// Shell completions
    #[command(
        after_help = "Example:\n  accesswatch completions bash > /etc/bash_completion.d/accesswatch"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Man pages: the main one to standard output, or all of them into a folder
    #[command(after_help = "Example:\n  accesswatch man -o ~/.local/share/man/man1")]
    Man {
        /// A folder to write accesswatch.1, accesswatch-run.1, … into
        #[arg(short, long, value_name = "DIR")]
        output: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // each is a flag of its own
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
    /// Compose and send no mails; the next run without this option reports what this one saw
    #[arg(long)]
    pub no_alerts: bool,
    /// Also write each measurement record to this file, one JSON line each; replaces the file
    #[arg(long, value_name = "FILE")]
    pub jsonl: Option<PathBuf>,
    /// End with status 1 while a regression is open
    #[arg(long)]
    pub exit_code: bool,
    /// This computer's clock is right: continue although its time is before the newest pass, or
    /// over a month after it
    #[arg(long)]
    pub accept_clock: bool,
    /// The database is lost: continue without it, and count what is restricted today as known
    #[arg(long)]
    pub begin_anew: bool,
}
