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
    Show {
        /// The id of the source
        source: String,
    },
    /// Switch a source on again, or one probe of it
    #[command(
        after_help = "A probe that its file switches off for a reason is switched on only by its own name.\n\nExamples:\n  accesswatch source enable customs\n  accesswatch source enable sina/quote"
    )]
    Enable {
        /// The source, or one of its probes
        #[arg(value_name = "SOURCE[/PROBE]")]
        what: String,
    },
    /// Switch a source off, or one probe of it; what is recorded stays
    #[command(
        after_help = "Examples:\n  accesswatch source disable ccgp\n  accesswatch source disable cnki/journal-rss"
    )]
    Disable {
        /// The source, or one of its probes
        #[arg(value_name = "SOURCE[/PROBE]")]
        what: String,
    },
    /// One round of a source, explained step by step; records nothing
    #[command(
        after_help = "Probes that are switched off are tried too. Values that need a history are read, and not compared\nwith it.\n\nExample:\n  accesswatch source test cnki"
    )]
    Test {
        /// The source, or one of its probes
        #[arg(value_name = "SOURCE[/PROBE]")]
        what: String,
        /// From this vantage [default: the first]
        #[arg(long, value_name = "ID")]
        vantage: Option<String>,
    },
    /// Fetch a page once and propose a probe file for it, to be edited
    #[command(
        after_help = "Visits the page once, with robots.txt and the usual politeness, and records nothing. Proposes words\nof the title, the charset, selectors that look stable, counts and dates; what is not regular is\ncommented out. The printed file is valid, and `ok` on the page that it came from. When the page is a\nlog-in or a check for people, only the address is proposed.\n\nExamples:\n  accesswatch source new https://yearbooks.example.org/list\n  accesswatch source new https://yearbooks.example.org/list --id yearbooks \\\n      --out probes/own/yearbooks.toml"
    )]
    New(NewArgs),
    /// Import a list of pages: citizenlab CSV, a CSV or KBART, a bare list, OPML, bookmarks, a
    /// sitemap
    #[command(
        after_help = "Each row becomes a probe of its page, all of them in one file, probes/GROUP/ID.toml. Pages that are\nprobed already are left out; importing a newer list adds what is new. A row that is not a page is\nreported by its line; the others are imported, and the exit status is 3.\n\nA CSV has a column `url`, and optionally `name`, `level` (home, search, abstract, fulltext, data,\napi) and `notes`. Without a header, the columns are address and name.\n\nExamples:\n  accesswatch source import cn.csv --dry-run\n  accesswatch source import cn.csv --group citizenlab\n  accesswatch source import bookmarks.html --id reading-room"
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
    /// Write into this new file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The id of the new source [default: from the host]
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The file with the list
    pub file: PathBuf,
    /// The kind of list [default: recognised by its content]
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
    /// One address per line
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
