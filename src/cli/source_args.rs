//! The arguments of `source`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::args::OutputFormat;

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
        format: Option<OutputFormat>,
    },
    /// One source in full: its names, note, known past, probes
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
    /// Fetch a page once and propose a probe file for it, to be edited
    #[command(
        after_help = "One visit, with robots.txt and politeness, recorded nowhere. Proposes words of the title, the charset, selectors that look stable, counts and dates; what is not regular is commented out. What is printed loads, and is `ok` on the page it came from. Before a log-in or a check for people nothing is proposed but the address.\n\nExamples:\n  accesswatch source new https://yearbooks.example.org/list\n  accesswatch source new https://yearbooks.example.org/list --id yearbooks --out probes/own/yearbooks.toml"
    )]
    New(NewArgs),
    /// Take a list of pages: citizenlab CSV, a CSV or KBART, a bare list, OPML, bookmarks, a
    /// sitemap
    #[command(
        after_help = "Each row becomes a probe of its page, all of them in one file, probes/GROUP/ID.toml. Pages that are probed already are left out; importing a newer list adds what is new. A row that is not a page is reported by its line; the others are imported (exit status 3).\n\nA CSV has a column `url`, and if you like `name`, `level` (home, search, abstract, fulltext, data, api) and `notes`. Without a header: address, name.\n\nExamples:\n  accesswatch source import cn.csv --dry-run\n  accesswatch source import cn.csv --group citizenlab\n  accesswatch source import bookmarks.html --id reading-room"
    )]
    Import(ImportArgs),
}

#[derive(Debug, Args)]
pub struct NewArgs {
    /// The page
    pub url: String,
    /// From this vantage [default: the first]
    #[arg(long, value_name = "ID")]
    pub vantage: Option<String>,
    /// Into this new file [default: to standard output]
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The id of the new source [default: from the host]
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    pub file: PathBuf,
    /// What kind of list it is [default: found by what it holds]
    #[arg(long, value_enum)]
    pub format: Option<ListKind>,
    /// The folder below probes/, and the group that it is listed under
    #[arg(long, value_name = "NAME", default_value = "imported")]
    pub group: String,
    /// The id of the new source [default: the file's name]
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Print what would be done, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// The kinds of list that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListKind {
    /// citizenlab/test-lists
    Citizenlab,
    /// A table with a column `url`
    Csv,
    /// An address a line
    Urls,
    /// Outlines, as feed readers export them
    Opml,
    /// Bookmarks, as browsers export them
    Bookmarks,
    /// A sitemap
    Sitemap,
    /// urlwatch's urls.yaml
    Urlwatch,
    /// A backup of Uptime Kuma
    UptimeKuma,
}
