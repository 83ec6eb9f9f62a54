//! Detects the kind of a list by its content.

use super::format::ListFormat;
use super::{monitors, table};

/// How many characters of markup are read: the mark of the format is at the top.
const HEAD: usize = 4000;

/// The format, if the text shows one.
pub(super) fn found(text: &str) -> Option<ListFormat> {
    let text = text.trim_start();
    if text.starts_with('<') {
        let head: String = text.chars().take(HEAD).collect();
        let head = head.to_ascii_lowercase();
        return if head.contains("<opml") {
            Some(ListFormat::Opml)
        } else if head.contains("netscape-bookmark-file") || head.contains("<a ") {
            Some(ListFormat::Bookmarks)
        } else if head.contains("<urlset") || head.contains("<sitemapindex") {
            Some(ListFormat::Sitemap)
        } else {
            None
        };
    }
    if monitors::is_uptime_kuma(text) {
        return Some(ListFormat::UptimeKuma);
    }
    if monitors::is_urlwatch(text) {
        return Some(ListFormat::Urlwatch);
    }
    table::found(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_known_by_what_it_holds() {
        for (text, want) in [
            (
                "url,category_code,category_description,date_added,source,notes\nhttp://a.cn/,GOVT,Government,2014-04-15,citizenlab,\n",
                Some(ListFormat::Citizenlab),
            ),
            ("Name;URL\nA;https://a.cn/\n", Some(ListFormat::Csv)),
            ("https://a.cn/\nb.cn\n", Some(ListFormat::Urls)),
            ("# mine\n\nhttps://a.cn/?x=1,2\n", Some(ListFormat::Urls)),
            ("https://a.cn/,A\nhttps://b.cn/,B\n", Some(ListFormat::Csv)),
            (
                "<?xml version=\"1.0\"?><opml version=\"2.0\"><body/></opml>",
                Some(ListFormat::Opml),
            ),
            (
                "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>",
                Some(ListFormat::Bookmarks),
            ),
            ("<html><body>no links", None),
            ("a report about nothing", None),
            ("", None),
        ] {
            assert_eq!(found(text), want, "{text}");
        }
    }
}
