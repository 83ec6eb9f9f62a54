//! Commands with their own verbs: `incidents`, `baseline`, `note`, `mail`.

use std::path::PathBuf;

use crate::model::ProbeKey;
use crate::model::settings::Language;
use clap::{Args, Subcommand, ValueEnum};

use super::{ObjectFormat, OutputFormat};

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  accesswatch incidents --open\n  accesswatch incidents show 12\n  accesswatch incidents ack 12 --by Ana\n  accesswatch incidents ack --source cnki --by Ana\n  accesswatch incidents silence 12 --until 2026-12-24\n  accesswatch incidents look 12\n  accesswatch incidents observe 12 --browser ok --network 'campus wifi'\n  accesswatch incidents observe cnki/thesis --browser refused --network home --saw '本站暂停服务' --by Ana"
)]
pub struct IncidentsArgs {
    #[command(subcommand)]
    pub command: Option<IncidentsCommand>,
    /// Only those still open
    #[arg(long)]
    pub open: bool,
    /// Only those that were open on or after this UTC day
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Only of this source
    #[arg(long, value_name = "ID")]
    pub source: Option<String>,
    /// For people (table) or programs (json, csv) [default: table]
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,
}

#[derive(Debug, Subcommand)]
pub enum IncidentsCommand {
    /// One incident in full
    Show {
        /// The number of the incident
        #[arg(value_parser = number)]
        id: i64,
        /// For people (table) or programs (json) [default: table]
        #[arg(long, value_enum)]
        format: Option<ObjectFormat>,
    },
    /// Say that someone looks after an incident
    Ack {
        /// The number of the incident
        #[arg(value_parser = number, required_unless_present = "source", conflicts_with = "source")]
        id: Option<i64>,
        /// All open incidents of this source
        #[arg(long, value_name = "ID")]
        source: Option<String>,
        /// Who looks after it [default: $USER]
        #[arg(long)]
        by: Option<String>,
    },
    /// Send no mails about an incident until a day (its end is still mailed)
    Silence {
        /// The number of the incident
        #[arg(value_parser = number)]
        id: i64,
        /// Up to and including this UTC day
        #[arg(long, value_name = "DATE")]
        until: String,
    },
    /// Measure the probe of an incident again now, from every vantage, and say what is found
    Look {
        /// The number of the incident
        #[arg(value_parser = number)]
        id: i64,
        /// Who asks [default: $USER]
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
        /// Wait this long for vantages that are measured elsewhere
        #[arg(long, value_name = "DURATION", default_value = "3m", value_parser = duration)]
        wait: std::time::Duration,
    },
    /// Record what a person saw in a browser
    Observe {
        /// The number of the incident, or the probe that the person looked at
        #[arg(value_name = "ID|SOURCE/PROBE", value_parser = about)]
        about: About,
        /// How the page came up in the browser
        #[arg(long, value_enum)]
        browser: BrowserArg,
        /// The network of the person, such as "campus wifi" or "home, Berlin"
        #[arg(long, value_name = "TEXT")]
        network: String,
        /// What the page said, word for word
        #[arg(long, value_name = "TEXT")]
        saw: Option<String>,
        /// Who looked
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

/// The number of an incident as mails write it, `#12`, or bare.
fn number(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    digits
        .parse()
        .map_err(|_| "write its number, such as 12; `accesswatch incidents` lists them".to_owned())
}

fn duration(text: &str) -> Result<std::time::Duration, String> {
    let read = crate::config::duration(text).filter(|wait| *wait <= LONGEST_WAIT);
    read.ok_or_else(|| "write a duration up to 1h, such as 30s or 5m; 0s does not wait".to_owned())
}

/// The longest wait of `incidents look`.
const LONGEST_WAIT: std::time::Duration = std::time::Duration::from_secs(3600);

/// What a person looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    Incident(i64),
    Probe(ProbeKey),
}

fn about(text: &str) -> Result<About, String> {
    match number(text) {
        Ok(id) => Ok(About::Incident(id)),
        Err(_) => text.parse().map(About::Probe).map_err(|_| {
            "write the number of an incident, such as 12, or a probe, such as cnki/thesis"
                .to_owned()
        }),
    }
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
        /// Only this probe
        #[arg(value_name = "SOURCE/PROBE")]
        probe: Option<String>,
        /// For people (table) or programs (json, csv) [default: table]
        #[arg(long, value_enum)]
        format: Option<OutputFormat>,
    },
    /// Take the present status as normal from now on
    Accept {
        /// The probe
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
        /// The source that the note is about
        #[arg(long, value_name = "ID")]
        source: String,
        /// From this day on
        #[arg(long, value_name = "DATE")]
        from: String,
        /// Up to and including this day [default: until further notice]
        #[arg(long, value_name = "DATE")]
        to: Option<String>,
        /// What the reader should know
        #[arg(long)]
        text: String,
        /// A reference for the note
        #[arg(long = "ref", value_name = "URL")]
        reference: Option<String>,
        /// Announced beforehand: incidents in these days are marked as planned
        #[arg(long)]
        planned: bool,
    },
    /// All notes
    List {
        /// For people (table) or programs (json, csv) [default: table]
        #[arg(long, value_enum)]
        format: Option<OutputFormat>,
    },
}

#[derive(Debug, Subcommand)]
pub enum EvidenceCommand {
    /// What is kept, of what, and where
    List {
        /// Only of this incident
        #[arg(long, value_name = "ID", value_parser = number)]
        incident: Option<i64>,
        /// Only of this source
        #[arg(long, value_name = "ID")]
        source: Option<String>,
        /// Only of this cited link
        #[arg(long, value_name = "ID")]
        link: Option<String>,
        /// Only from this UTC day on
        #[arg(long, value_name = "DATE")]
        since: Option<String>,
        /// For people (table) or programs (json, csv) [default: table]
        #[arg(long, value_enum)]
        format: Option<OutputFormat>,
    },
    /// One exchange in plain words
    Show {
        /// The uid of a measurement, or the id of a WARC record
        id: String,
    },
    /// One file to hand on: what is kept of an incident or a cited link, and what is needed to
    /// check it
    Pack {
        /// The number of the incident, such as 12, or the id of the link, such as L12
        #[arg(value_name = "INCIDENT|LINK")]
        id: String,
        /// Where to write it, such as report-12.wacz
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        /// The language of the pages in it: en, ko or zh [default: that of the first recipient]
        #[arg(long, value_name = "LANG")]
        lang: Option<Language>,
    },
}

#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// Send a test mail to every recipient
    Test,
    /// The mail of an incident as it would be composed now
    Preview {
        /// The number of the incident
        incident: i64,
        /// Print the HTML part
        #[arg(long)]
        html: bool,
    },
    /// Try now to send the mails that wait, due or not
    Send,
    /// The mails that wait, why, and what is done next; and the newest mails that were sent
    Queue {
        /// For people (table) or programs (json, csv) [default: table]
        #[arg(long, value_enum)]
        format: Option<OutputFormat>,
    },
}
