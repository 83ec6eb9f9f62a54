//! The kinds of lists that can be imported.

/// The kinds of lists that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFormat {
    /// A test list of citizenlab/test-lists:
    /// `url,category_code,category_description,date_added,source,notes`.
    Citizenlab,
    /// A table with a column `url`, and optionally `name`, `level`, `notes`; without a header:
    /// address, name.
    Csv,
    /// One address per line.
    Urls,
    /// OPML 2.0, as feed readers and outliners write it.
    Opml,
    /// The Netscape bookmark file, which every browser exports.
    Bookmarks,
    /// A sitemap (sitemaps.org).
    Sitemap,
    /// urlwatch's `urls.yaml`.
    Urlwatch,
    /// A backup of Uptime Kuma (JSON).
    UptimeKuma,
}

impl ListFormat {
    /// Its common name.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            ListFormat::Citizenlab => "a citizenlab test list",
            ListFormat::Csv => "a table of addresses",
            ListFormat::Urls => "a list of addresses",
            ListFormat::Opml => "an OPML outline",
            ListFormat::Bookmarks => "browser bookmarks",
            ListFormat::Sitemap => "a sitemap",
            ListFormat::Urlwatch => "urlwatch's list",
            ListFormat::UptimeKuma => "an Uptime Kuma backup",
        }
    }
}
