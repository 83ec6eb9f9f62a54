//! The files of other monitors: urlwatch's list, Uptime Kuma's backup.

use serde::Deserialize;

use super::row::RawEntry;
use super::{ImportError, ImportList};

/// How many lines are read to recognise a file of urlwatch.
const LOOKED_AT: usize = 50;

/// A line `url: https://…` begins a job of urlwatch.
pub(super) fn is_urlwatch(text: &str) -> bool {
    let mut lines = text.lines().take(LOOKED_AT);
    lines.any(|line| {
        let value = value_of(line, "url").or_else(|| value_of(line, "navigate"));
        value.is_some_and(|v| v.starts_with("http://") || v.starts_with("https://"))
    })
}

/// urlwatch: jobs separated by `---`, each with `url` or `navigate`, and optionally `name`.
pub(super) fn urlwatch(text: &str, list: &mut ImportList) -> Result<(), ImportError> {
    let (mut line, mut url, mut name) = (0, "", "");
    let numbered = text.lines().chain(["---"]).enumerate();
    for (at, text) in numbered {
        if text.starts_with("---") {
            let entry = RawEntry {
                line,
                url,
                name,
                ..RawEntry::default()
            };
            if !url.is_empty() && !list.add(entry) {
                return Err(ImportError::TooLong);
            }
            (url, name) = ("", "");
        } else if let Some(value) = value_of(text, "url").or_else(|| value_of(text, "navigate")) {
            (line, url) = (at + 1, value);
        } else if let Some(value) = value_of(text, "name") {
            name = value;
        }
    }
    Ok(())
}

/// The value of a key at the start of a line of YAML, without its quotes.
fn value_of<'t>(line: &'t str, key: &str) -> Option<&'t str> {
    let value = line.strip_prefix(key)?.strip_prefix(':')?.trim();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = match quote {
        Some(quote) => value[1..].split(quote).next().unwrap_or_default(),
        None => value.split(" #").next().unwrap_or_default().trim(),
    };
    (!value.is_empty()).then_some(value)
}

#[derive(Deserialize)]
struct Backup {
    #[serde(rename = "monitorList")]
    monitors: Vec<Monitor>,
}

#[derive(Deserialize)]
struct Monitor {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    url: Option<String>,
}

/// A JSON object with `monitorList` near its start.
pub(super) fn is_uptime_kuma(text: &str) -> bool {
    let head: String = text.chars().take(LOOKED_AT * 200).collect();
    text.starts_with('{') && head.contains("\"monitorList\"")
}

/// Uptime Kuma: the monitors with an address; pings, ports and similar ones have none.
pub(super) fn uptime_kuma(text: &str, list: &mut ImportList) -> Result<(), ImportError> {
    let backup: Backup =
        serde_json::from_str(text).map_err(|error| ImportError::Json(error.to_string()))?;
    for (at, monitor) in backup.monitors.iter().enumerate() {
        // Uptime Kuma's value for a missing address.
        let url = monitor.url.as_deref().unwrap_or_default();
        if matches!(url, "" | "https://" | "http://") {
            continue;
        }
        let entry = RawEntry {
            line: at + 1,
            url,
            name: monitor.name.as_deref().unwrap_or_default(),
            ..RawEntry::default()
        };
        if !list.add(entry) {
            return Err(ImportError::TooLong);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{ListFormat, read};

    fn check(text: &[u8], format: ListFormat, rows: &[(usize, &str, &str)]) {
        let list = read(text, None).unwrap();
        let found: Vec<_> = list
            .rows
            .iter()
            .map(|r| (r.line, r.url.as_str(), r.name.as_str()))
            .collect();
        assert_eq!((list.format, found.as_slice()), (format, rows));
    }

    #[test]
    fn files_of_other_programs() {
        let urlwatch = "name: \"First\"\nurl: https://a.cn/\nfilter:\n  - css: x\n---\nurl: 'https://b.cn/' # x\n---\ncommand: ls\n";
        let rows = [(2, "https://a.cn/", "First"), (6, "https://b.cn/", "b.cn")];
        check(urlwatch.as_bytes(), ListFormat::Urlwatch, &rows);

        let kuma = r#"{"version":"1.23","notificationList":[],"monitorList":[{"id":1,"name":"A","url":"https://a.cn/","type":"http"},{"name":"p","url":"https://","type":"ping"},{"name":"n","url":null}]}"#;
        check(
            kuma.as_bytes(),
            ListFormat::UptimeKuma,
            &[(1, "https://a.cn/", "A")],
        );

        let sitemap = "<?xml version='1.0'?>\n<urlset xmlns='x'>\n<url><loc> https://a.cn/?a=1&amp;b=2 </loc></url><url>\n<loc><![CDATA[https://b.cn/]]></loc></url></urlset>";
        let rows = [
            (3, "https://a.cn/?a=1&b=2", "a.cn/?a=1&b=2"),
            (4, "https://b.cn/", "b.cn"),
        ];
        check(sitemap.as_bytes(), ListFormat::Sitemap, &rows);
        let index = read(
            b"<sitemapindex><sitemap><loc>https://a.cn/s.xml</loc></sitemap></sitemapindex>",
            None,
        );
        assert!(index.unwrap_err().to_string().contains("import each"));
    }

    #[test]
    fn tables_of_spreadsheets_and_catalogues() {
        let rows = [(3, "https://a.cn/", "A; b")];
        check(
            b"sep=;\nname;url\n\"A; b\";https://a.cn/\n",
            ListFormat::Csv,
            &rows,
        );
        let titled = "Databases of the library, 2026\n\nname,url\nA,https://a.cn/\n";
        check(
            titled.as_bytes(),
            ListFormat::Csv,
            &[(4, "https://a.cn/", "A")],
        );
        let kbart = "publication_title\tprint_identifier\ttitle_url\nActa\t1234\thttps://a.cn/j\n";
        check(
            kbart.as_bytes(),
            ListFormat::Csv,
            &[(2, "https://a.cn/j", "Acta")],
        );
        let blank = "url, name\nhttps://a.cn/, \"A, b\"\n";
        check(
            blank.as_bytes(),
            ListFormat::Csv,
            &[(2, "https://a.cn/", "A, b")],
        );
        let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "url,name\nhttps://a.cn/,知网\n"
                .encode_utf16()
                .flat_map(order)
                .collect()
        };
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            check(
                &wide(order),
                ListFormat::Csv,
                &[(2, "https://a.cn/", "知网")],
            );
        }
    }

    #[test]
    fn lines_that_could_be_read_in_two_ways_are_told() {
        let text = "http://host.cn/a b c\nhttps://https://b.cn/\nhttps://c.cn/x  name\nhttps://c.cn/y 知网\nhttps://d.cn/ the d\nhttps://d.cn/#a\nhttps://d.cn/#b\n";
        let list = read(text.as_bytes(), Some(ListFormat::Urls)).unwrap();
        let bad: Vec<_> = list.bad.iter().map(|b| (b.line, b.what.as_str())).collect();
        assert_eq!(bad.len(), 2, "{bad:?}");
        assert!(bad[0].0 == 1 && bad[0].1.contains("%20"), "{bad:?}");
        assert!(
            bad[1].0 == 2 && bad[1].1.contains("begins twice"),
            "{bad:?}"
        );
        let fragments: Vec<bool> = list.rows.iter().map(|r| r.fragment).collect();
        assert_eq!(fragments, [false, false, false, true, true]);
    }
}
