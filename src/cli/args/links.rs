//! What is asked of links that documents cite.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::OutputFormat;
use crate::links::repair::HrefTarget;
use crate::model::repair::CopyStyle;
use crate::model::settings::Language;

#[derive(Debug, Subcommand)]
pub enum LinksCommand {
    /// Check the links of files, or addresses, once (stores nothing, needs no workspace); or check
    /// kept links
    #[command(
        after_help = "Reads BibTeX, RIS, EndNote XML, CSL-JSON, Zotero RDF, CSV, Markdown, HTML, text, bookmarks,\nsitemaps, feeds, DOCX, ODT, PPTX, XLSX, HWPX, EPUB and PDF. A file that cannot be read is named with\nthe reason; the others are checked, and the exit status is 3. The worst links come first.\n\nExamples:\n  accesswatch links check references.bib\n  accesswatch links check report.md notes.txt --format csv > links.csv\n  accesswatch links check https://www.example.org/ --exit-code\n  accesswatch links check --document D3"
    )]
    Check(LinksCheckArgs),
    /// Keep the links of documents in the store; importing a document again updates it
    #[command(
        after_help = "Takes files, folders and globs, and addresses: a page, or a sitemap or feed, whose pages and PDFs\nare fetched one after the other. Links that are no longer in a document are marked as ended, not\nerased. A file that cannot be read is named with the reason; the others are imported, and the exit\nstatus is 3.\n\nExamples:\n  accesswatch links import reports/ --group reports\n  accesswatch links import 'theses/**/*.bib' --dry-run\n  accesswatch links import https://www.example.org/sitemap.xml"
    )]
    Import(LinksImportArgs),
    /// Write a document with its dead, blocked, changed and moved links repaired
    #[command(
        after_help = "Dead, blocked and changed links get a copy in an archive; moved ones get their new address. Nothing\nelse of the document changes, and a second repair adds nothing. BibTeX, RIS, CSL-JSON, Zotero RDF,\nCSV, Markdown, HTML, DOCX and ODT are written; the links of other formats are listed with the line\nto paste. Links that are not kept in the store are checked now, unless --offline is given.\n\nExamples:\n  accesswatch links repair references.bib -o repaired.bib\n  accesswatch links repair report.docx --in-place --states gone,moved"
    )]
    Repair(LinksRepairArgs),
    /// The documents with their links by state; with a filter, the links
    #[command(
        after_help = "Examples:\n  accesswatch links status\n  accesswatch links status --document D3 --state gone"
    )]
    Status(LinksStatusArgs),
    /// The copies of links: list them, look for them in archives, save links
    #[command(
        after_help = "A copy is good when its capture holds the page itself: no error page, no log-in, no challenge, and\nthe passage that is quoted from it. It is far when it is more than a year from the day of citing.\nThe archives are those of [[links.archive]] (docs/links.md).\n\nExamples:\n  accesswatch links copies --find --document D3\n  accesswatch links copies --save own,wayback\n  accesswatch links copies --format csv > copies.csv"
    )]
    Copies(LinksCopiesArgs),
    /// One link: its state, its identity, and the documents that cite it
    #[command(after_help = "Example:\n  accesswatch links show L12")]
    Show {
        /// The number of the link, or its address in any spelling
        #[arg(value_name = "LINK|URL")]
        link: String,
        /// For people (table) or programs (json, csv) [default: table]
        #[arg(long, value_enum)]
        format: Option<OutputFormat>,
    },
    /// Accept the page as it is now as the cited page; the link is then no longer `drifted`
    #[command(after_help = "Example:\n  accesswatch links accept L12")]
    Accept {
        /// The number of the link
        #[arg(value_name = "LINK")]
        link: String,
    },
    /// Note what a person saw in a browser, where the site declines programs
    #[command(
        after_help = "The observation counts for 180 days, or until a check sees anything other than that the site\ndeclines programs.\n\nExample:\n  accesswatch links observe L12 --browser ok --on 2026-05-08"
    )]
    Observe(LinksObserveArgs),
    /// Stop checking, counting and mailing a link, a host, or addresses
    #[command(
        after_help = "Examples:\n  accesswatch links ignore --host intranet.example --why 'campus only'\n  accesswatch links ignore --url 'https://www.example.org/drafts/*'\n  accesswatch links ignore L12 --undo"
    )]
    Ignore(LinksIgnoreArgs),
    /// Correct the day on which a link was cited, or give the quoted passage
    #[command(after_help = "Example:\n  accesswatch links cite C7 --date 2023-05-08")]
    Cite(LinksCiteArgs),
    /// Change what is stated of a document
    #[command(
        after_help = "Examples:\n  accesswatch links document D3 --watched\n  accesswatch links document D4 --same-as D3"
    )]
    Document(LinksDocumentArgs),
    /// Remove a document; links that nothing else cites keep their history and are not checked
    #[command(after_help = "Example:\n  accesswatch links remove D3")]
    Remove {
        /// The number of the document
        #[arg(value_name = "DOCUMENT")]
        document: String,
    },
}

#[derive(Debug, Args)]
pub struct LinksObserveArgs {
    /// The number of the link
    #[arg(value_name = "LINK")]
    pub link: String,
    /// What the browser showed: ok, gone, drifted or refused
    #[arg(long, value_name = "SAW")]
    pub browser: String,
    /// The day on which the person looked [default: today]
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
}

#[derive(Debug, Args)]
pub struct LinksIgnoreArgs {
    /// The number of a link
    #[arg(value_name = "LINK")]
    pub link: Option<String>,
    /// All links of a host
    #[arg(long, value_name = "HOST")]
    pub host: Option<String>,
    /// All links whose address matches
    #[arg(long, value_name = "GLOB")]
    pub url: Option<String>,
    /// The reason
    #[arg(long, value_name = "TEXT")]
    pub why: Option<String>,
    /// Check them again
    #[arg(long)]
    pub undo: bool,
}

#[derive(Debug, Args)]
pub struct LinksCiteArgs {
    /// The number of a citation
    #[arg(value_name = "CITATION")]
    pub citation: String,
    /// The day of citing: 2023, 2023-05 or 2023-05-08
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// The passage that is quoted
    #[arg(long, value_name = "TEXT")]
    pub quote: Option<String>,
}

#[derive(Debug, Args)]
pub struct LinksDocumentArgs {
    /// The number of a document
    #[arg(value_name = "ID")]
    pub id: String,
    #[arg(long, value_name = "TEXT")]
    /// The title of the document
    pub title: Option<String>,
    /// The date of the document: 2023, 2023-05 or 2023-05-08
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// Mail changes of its links at once
    #[arg(long, conflicts_with = "not_watched")]
    pub watched: bool,
    /// Report changes of its links only in the weekly mail
    #[arg(long)]
    pub not_watched: bool,
    /// The document whose text this one repeats in a second file: the two count once
    #[arg(long, value_name = "ID")]
    pub same_as: Option<String>,
}

#[derive(Debug, Args)]
pub struct LinksCopiesArgs {
    /// Ask the archives, and judge what they have
    #[arg(long)]
    pub find: bool,
    /// Save the links that are not saved: own (a file of this program), wayback, perma
    #[arg(long, value_name = "WHERE", value_delimiter = ',')]
    pub save: Vec<String>,
    /// Only for the links of this document
    #[arg(long, value_name = "ID")]
    pub document: Option<String>,
    /// For people (table) or programs (json, csv) [default: table]
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,
}

#[derive(Debug, Args)]
pub struct LinksImportArgs {
    /// Files, folders, globs, or addresses of pages, sitemaps and feeds
    #[arg(required = true, value_name = "PATH|URL")]
    pub what: Vec<String>,
    /// The group that the documents are listed under
    #[arg(long, value_name = "NAME")]
    pub group: Option<String>,
    /// The title [default: the document's own]
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// The document's date: 2023, 2023-05 or 2023-05-08 [default: the document's own]
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// Mail changes of its links at once
    #[arg(long)]
    pub watched: bool,
    /// Print what would change, and store nothing
    #[arg(long)]
    pub dry_run: bool,
    /// For people (table) or programs (json, csv) [default: table]
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,
}

#[derive(Debug, Args)]
pub struct LinksStatusArgs {
    /// The links of this document
    #[arg(long, value_name = "ID")]
    pub document: Option<String>,
    /// The links in this state
    #[arg(long, value_name = "STATE")]
    pub state: Option<String>,
    /// The links of this host
    #[arg(long, value_name = "HOST")]
    pub host: Option<String>,
    /// For people (table) or programs (json, csv) [default: table]
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,
}

#[derive(Debug, Args)]
pub struct LinksCheckArgs {
    /// Files whose links are checked, or addresses; without any, links of the store are checked
    #[arg(value_name = "FILE|URL")]
    pub what: Vec<String>,
    /// Check the kept links that are due (the default without arguments)
    #[arg(long, conflicts_with_all = ["what", "all"])]
    pub due: bool,
    /// Check all kept links
    #[arg(long, conflicts_with = "what")]
    pub all: bool,
    /// Check the kept links of this document
    #[arg(long, value_name = "ID", conflicts_with = "what")]
    pub document: Option<String>,
    /// Check the kept links in this state
    #[arg(long, value_name = "STATE", conflicts_with = "what")]
    pub state: Option<String>,
    /// Check the kept links of this host
    #[arg(long, value_name = "HOST", conflicts_with = "what")]
    pub host: Option<String>,
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

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("target").required(true).args(["output", "in_place"]))]
pub struct LinksRepairArgs {
    /// The document
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Write the repaired document here
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Replace the document, and keep it as FILE.bak
    #[arg(long)]
    pub in_place: bool,
    /// Overwrite OUT, or FILE.bak
    #[arg(long)]
    pub force: bool,
    /// Repair links in these states [default: gone,blocked,drifted,moved]
    #[arg(long, value_name = "STATES", value_delimiter = ',')]
    pub states: Vec<String>,
    /// Fetch nothing, and use what the store keeps
    #[arg(long)]
    pub offline: bool,
    /// How a copy is named [default: in the style of the citation]
    #[arg(long, value_enum)]
    pub style: Option<CitationStyle>,
    /// The language of what is added [default: that of the citation]
    #[arg(long, value_enum)]
    pub lang: Option<AddedLanguage>,
    /// Where a repaired link of HTML leads [default: original]
    #[arg(long, value_enum)]
    pub href: Option<HrefChoice>,
    /// Check only from this vantage
    #[arg(long, value_name = "ID")]
    pub vantage: Option<String>,
    /// For people (table) or programs (json, csv) [default: table]
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,
}

/// How a copy is named after a citation.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum CitationStyle {
    Robust,
    Gbt7714,
    Chicago,
    Plain,
}

impl From<CitationStyle> for CopyStyle {
    fn from(style: CitationStyle) -> Self {
        match style {
            CitationStyle::Robust => Self::Robust,
            CitationStyle::Gbt7714 => Self::Gbt7714,
            CitationStyle::Chicago => Self::Chicago,
            CitationStyle::Plain => Self::Plain,
        }
    }
}

/// The language of what is added to a document.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum AddedLanguage {
    En,
    Ko,
    Zh,
}

impl From<AddedLanguage> for Language {
    fn from(language: AddedLanguage) -> Self {
        match language {
            AddedLanguage::En => Self::En,
            AddedLanguage::Ko => Self::Ko,
            AddedLanguage::Zh => Self::Zh,
        }
    }
}

/// Where a repaired link of HTML leads.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum HrefChoice {
    Original,
    Copy,
}

impl From<HrefChoice> for HrefTarget {
    fn from(choice: HrefChoice) -> Self {
        match choice {
            HrefChoice::Original => Self::Original,
            HrefChoice::Copy => Self::Copy,
        }
    }
}
