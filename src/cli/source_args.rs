//! `source`: what was typed.

use clap::Subcommand;

use super::args::Format;

/// Works on the catalogue of sources.
#[derive(Debug, Subcommand)]
pub enum SourceCommand {
    /// Every source, with its group and how many of its probes are on
    List {
        /// Only this group
        #[arg(long, value_name = "GROUP")]
        group: Option<String>,
        /// For people (table) or programs (json, csv) [default: table]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// One source whole: its names, note, known past, probes
    Show { source: String },
    /// Switch a source on again, or one probe of it
    #[command(
        after_help = "A probe that its file keeps off for a reason goes on only by its own name.\n\nExamples:\n  accesswatch source enable customs\n  accesswatch source enable sina/quote"
    )]
    Enable {
        #[arg(value_name = "SOURCE[/PROBE]")]
        what: String,
    },
    /// Switch a source off, or one probe of it; what is recorded stays
    #[command(
        after_help = "Examples:\n  accesswatch source disable ccgp\n  accesswatch source disable cnki/journal-rss"
    )]
    Disable {
        #[arg(value_name = "SOURCE[/PROBE]")]
        what: String,
    },
    /// One round of a source, explained step by step; records nothing
    #[command(
        after_help = "Probes that are off are tried too. Values that are compared with their past are only read.\n\nExample:\n  accesswatch source test cnki"
    )]
    Test {
        #[arg(value_name = "SOURCE[/PROBE]")]
        what: String,
        /// From this vantage [default: the first]
        #[arg(long, value_name = "ID")]
        vantage: Option<String>,
    },
}
