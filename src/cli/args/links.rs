//! What is asked of links that documents cite.

use clap::{Args, Subcommand};

use super::OutputFormat;

#[derive(Debug, Subcommand)]
pub enum LinksCommand {
    /// Check the links of files, or addresses, once; keeps nothing and needs no workspace
    #[command(
        after_help = "Reads BibTeX, RIS, EndNote XML, CSL-JSON, Zotero RDF, CSV, Markdown, HTML, text, bookmarks,\nsitemaps and feeds. A file that cannot be read is named with the reason, and the others are checked\n(exit status 3). The worst links come first.\n\nExamples:\n  accesswatch links check references.bib\n  accesswatch links check report.md notes.txt --format csv > links.csv\n  accesswatch links check https://www.example.org/ --exit-code"
    )]
    Check(LinksCheckArgs),
}

#[derive(Debug, Args)]
pub struct LinksCheckArgs {
    /// Files whose links are checked, or addresses
    #[arg(required = true, value_name = "FILE|URL")]
    pub what: Vec<String>,
    /// Only from this vantage
    #[arg(long, value_name = "ID")]
    pub vantage: Option<String>,
    /// For people (table) or programs (json, csv) [default: table]
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,
    /// End with status 1 when a link looks gone or blocked
    #[arg(long)]
    pub exit_code: bool,
}
